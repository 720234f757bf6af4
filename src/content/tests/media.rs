//! What media are, from their first bytes.

use super::super::{Media, MediaKind, MediaReader, blob_digest, media_kind_of_path, sniff};

/// The first bytes of each kind.
fn heads() -> Vec<(MediaKind, Vec<u8>)> {
    let webm = [
        b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08".as_slice(),
        b"\x42\x82\x84webm",
        &[0; 300],
    ]
    .concat();
    vec![
        (MediaKind::Png, b"\x89PNG\r\n\x1a\n".to_vec()),
        (MediaKind::Jpeg, b"\xff\xd8\xff\xe0".to_vec()),
        (MediaKind::Webp, b"RIFF\x10\0\0\0WEBPVP8 ".to_vec()),
        (MediaKind::Mp3, b"ID3\x04\0".to_vec()),
        (MediaKind::Mp3, b"\xff\xfb\x90\x00".to_vec()),
        (MediaKind::Ogg, b"OggS\0\x02".to_vec()),
        (MediaKind::Mp4, b"\0\0\0\x20ftypisom\0\0\x02\0".to_vec()),
        (MediaKind::Mp4, b"\0\0\0\x20ftypM4V \0\0\x02\0".to_vec()),
        (MediaKind::Webm, webm),
        (MediaKind::Pdf, b"%PDF-1.7\n".to_vec()),
    ]
}

#[test]
fn every_kind_is_known_by_its_first_bytes_and_by_its_name() {
    for (kind, head) in heads() {
        assert_eq!(sniff(&head), Some(kind), "{kind}");
        assert_eq!(media_kind_of_path(&format!("media/a.{kind}")), Some(kind));
    }
    let seen: std::collections::BTreeSet<String> =
        heads().into_iter().map(|(kind, _)| kind.to_string()).collect();
    assert_eq!(seen.len(), 8, "a kind without an example");
}

#[test]
fn what_a_browser_could_run_or_nobody_accepts_is_of_no_kind() {
    for bytes in [
        b"".as_slice(),
        b"<svg xmlns",
        b"<!DOCTYPE html>",
        b"GIF89a",
        b"MZ\x90\0",
        b"PK\x03\x04",
        b"\x7fELF",
        b"\x89PN",
        b"RIFF\x10\0\0\0WAVE",
        b"\0\0\0\x20ftypqt  ",
    ] {
        assert_eq!(sniff(bytes), None, "{bytes:?}");
    }
}

#[test]
fn a_page_that_begins_like_an_image_is_an_image_and_served_as_one() {
    let both = [b"\x89PNG\r\n\x1a\n".as_slice(), b"<script>alert(1)</script>"].concat();
    assert_eq!(sniff(&both).map(MediaKind::media_type), Some("image/png"));
}

#[test]
fn what_goes_by_in_pieces_is_what_it_would_be_whole() {
    for (kind, head) in heads() {
        let bytes = [head.as_slice(), &[7; 2_000]].concat();
        for size in [1, 7, 511, 512, 513, 5_000] {
            let mut reader = MediaReader::default();
            bytes.chunks(size).for_each(|piece| reader.update(piece));
            let whole = Media::of(&bytes);
            assert_eq!(reader.kind(), Some(Some(kind)), "{kind} by {size}");
            assert_eq!(reader.finish(), whole);
            assert_eq!((whole.digest, whole.bytes), (blob_digest(&bytes), bytes.len() as u64));
        }
    }
}
