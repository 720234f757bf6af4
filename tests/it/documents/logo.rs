//! The logo of a provider, as an eye would see it on the page.

use std::io::Write as _;

use maitrise::documents::{Kind, render};

use super::subject;
use super::tools::Kept;

/// A PNG of one colour (ISO/IEC 15948).
fn png(width: u32, height: u32, colour: [u8; 3]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8], data: &[u8]| {
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(data);
        file.extend(u32::try_from(data.len()).expect("short").to_be_bytes());
        file.extend(kind);
        file.extend(data);
        file.extend(sum.sum().to_be_bytes());
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let row = [&[0][..], &colour.repeat(width as usize)].concat();
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&row.repeat(height as usize)).expect("packed");
    chunk(b"IHDR", &head);
    chunk(b"IDAT", &packed.finish().expect("packed"));
    chunk(b"IEND", b"");
    file
}

#[test]
fn the_logo_is_drawn_at_the_head_of_the_page_in_its_proportions() {
    let red = |[r, g, b]: [u8; 3]| r > 200 && g < 60 && b < 60;
    for kind in Kind::ALL {
        let mut with = subject();
        with.provider.logo = Some(png(120, 40, [230, 10, 10]));
        let (width, pixels) = Kept::new(&render(kind, &with, None).expect("a document")).colours();
        let marked = pixels.iter().enumerate().filter(|(_, pixel)| red(**pixel));
        let places: Vec<(usize, usize)> = marked.map(|(at, _)| (at % width, at / width)).collect();
        let reach = |of: fn(&(usize, usize)) -> usize| {
            let (least, most) = (places.iter().map(of).min(), places.iter().map(of).max());
            most.expect("it is drawn") - least.expect("it is drawn") + 1
        };
        let (across, down) = (reach(|place| place.0), reach(|place| place.1));
        assert!(places.len() * 10 > across * down * 9, "one piece: {} pixels", places.len());
        assert!(across.abs_diff(3 * down) <= 3, "{across} by {down}");
        assert!(places.iter().all(|(_, y)| *y < 170), "at the head of the page");
    }
}
