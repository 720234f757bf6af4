//! The pictures of a document: the provider's logo, the QR code.

use fast_qr::ECL;
use fast_qr::qr::QRBuilder;
use krilla::geom::{Path, PathBuilder, Rect};
use krilla::image::Image;

/// Most points of a logo: a file of 200 KB may unfold to much more than a letterhead needs.
const MOST_PIXELS: u64 = 4_000_000;
/// Up to this many bytes, a QR code bears a coffee stain and still fits.
const SHORT: usize = 120;

/// A logo read from its bytes; `None` when it is no image that can be drawn.
pub fn logo(bytes: &[u8]) -> Option<Image> {
    let data = || bytes.to_vec().into();
    let image = match bytes {
        [0x89, b'P', b'N', b'G', ..] => Image::from_png(data(), false),
        [0xff, 0xd8, ..] => Image::from_jpeg(data(), false),
        [b'R', b'I', b'F', b'F', ..] => Image::from_webp(data(), false),
        _ => return None,
    };
    let image = image.ok()?;
    let (width, height) = image.size();
    let pixels = u64::from(width) * u64::from(height);
    (1..=MOST_PIXELS).contains(&pixels).then_some(image)
}

/// The size of a logo that fits in a box, its proportions kept.
#[expect(clippy::cast_precision_loss, reason = "at most four million points")]
pub fn fit(image: &Image, (width, height): (f32, f32)) -> (f32, f32) {
    let (w, h) = image.size();
    let (w, h) = (w as f32, h as f32);
    let scale = (width / w).min(height / h);
    (w * scale, h * scale)
}

/// A QR code (ISO/IEC 18004) as a path: its dark modules, row by row. `None` when it holds too much.
pub fn qr(text: &str, (left, top, side): (f32, f32, f32)) -> Option<Path> {
    let level = if text.len() <= SHORT { ECL::M } else { ECL::L };
    let code = QRBuilder::new(text).ecl(level).build().ok()?;
    #[expect(clippy::cast_precision_loss, reason = "at most 177 modules")]
    let module = side / code.size as f32;
    let mut path = PathBuilder::new();
    for row in 0..code.size {
        let mut column = 0;
        while column < code.size {
            let dark = (column..code.size).take_while(|at| code[row][*at].value()).count();
            if let Some(run) = run(left, top, module, (row, column, dark)) {
                path.push_rect(run);
            }
            column += dark.max(1);
        }
    }
    path.finish()
}

#[expect(clippy::cast_precision_loss, reason = "at most 177 modules")]
fn run(
    left: f32,
    top: f32,
    module: f32,
    (row, column, dark): (usize, usize, usize),
) -> Option<Rect> {
    let (x, y) = (left + column as f32 * module, top + row as f32 * module);
    if dark == 0 { None } else { Rect::from_xywh(x, y, dark as f32 * module, module) }
}
