//! The credential in what somebody hands over: the text itself, its envelope in JSON, or what is attached
//! to a PDF that this program drew. A PDF that another program has rewritten may hide it from us.

use std::io::Read as _;

use flate2::read::ZlibDecoder;
use serde_json::Value;

/// The largest credential that is inflated, in bytes.
const LARGEST: u64 = 1 << 20;

/// The compact form in a file; none when there is none.
pub fn credential_in(file: &[u8]) -> Option<String> {
    if file.starts_with(b"%PDF-") {
        return attached(file);
    }
    let text = std::str::from_utf8(file).ok()?.trim();
    if text.starts_with('{') {
        let envelope: Value = serde_json::from_str(text).ok()?;
        return envelope["id"].as_str()?.split_once(',').map(|(_, jwt)| jwt.to_owned());
    }
    is_compact(text).then(|| text.to_owned())
}

/// The first embedded file of a PDF that is a compact form.
fn attached(pdf: &[u8]) -> Option<String> {
    let mut from = 0;
    while let Some(at) = find(&pdf[from..], b"stream").map(|at| from + at) {
        from = at + b"stream".len();
        let head = pdf[..at]
            .windows(4)
            .rposition(|part| part == b" obj")
            .map_or(&pdf[..0], |o| &pdf[o..at]);
        let body = match pdf.get(from..) {
            Some([b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..]) => rest,
            _ => continue,
        };
        if let Some(text) = embedded(&String::from_utf8_lossy(head), body) {
            return Some(text);
        }
    }
    None
}

/// The text of a stream, if its dictionary says that it is an embedded file and it is a compact form.
fn embedded(dictionary: &str, body: &[u8]) -> Option<String> {
    let marked = dictionary.match_indices("/EmbeddedFile").any(|(at, word)| {
        !dictionary[at + word.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
    });
    if !marked {
        return None;
    }
    let length = dictionary.split("/Length ").nth(1)?;
    let length: String = length.chars().take_while(char::is_ascii_digit).collect();
    let data = body.get(..length.parse().ok()?)?;
    let mut text = String::new();
    if dictionary.contains("/FlateDecode") {
        ZlibDecoder::new(data).take(LARGEST).read_to_string(&mut text).ok()?;
    } else {
        text.push_str(std::str::from_utf8(data).ok()?);
    }
    is_compact(&text).then_some(text)
}

fn is_compact(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.split('.').count() == 3 && text.chars().all(plain)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|part| part == what)
}
