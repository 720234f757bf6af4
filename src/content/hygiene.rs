//! The bytes before their meaning: UTF-8, LF line ends, no byte-order mark, no control character.
//! One module must have one spelling, or its digest would depend on somebody's editor.

use std::borrow::Cow;

use super::finding::Sheet;

/// The text of a file, cleaned so that reading can go on after an offence was noted; `None` when
/// it is not UTF-8. Line numbers of the cleaned text are those of the file.
pub(super) fn text_of<'b>(bytes: &'b [u8], sheet: &mut Sheet) -> Option<Cow<'b, str>> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = line_at(bytes, error.valid_up_to());
            sheet.add(
                line,
                "le fichier n’est pas en UTF-8",
                "enregistrez-le avec l’encodage UTF-8",
            );
            return None;
        }
    };
    let rest = text.strip_prefix('\u{feff}');
    if rest.is_some() {
        sheet.add(
            1,
            "le fichier commence par une marque d’ordre des octets (BOM)",
            "enregistrez-le en « UTF-8 sans BOM »",
        );
    }
    let text = rest.unwrap_or(text);
    let ends = "fins de ligne Windows (CR LF) :";
    let remedy = "enregistrez le fichier avec des fins de ligne LF";
    note_first(text, |c| c == '\r', ends, remedy, sheet);
    let remedy = "supprimez ce caractère invisible";
    note_first(text, is_unwanted, "caractère de contrôle", remedy, sheet);
    let dropped = |c| c == '\r' || is_unwanted(c);
    if text.contains(dropped) {
        return Some(text.replace(dropped, "").into());
    }
    Some(text.into())
}

/// Notes the first character that is refused: one finding a file, however many there are.
fn note_first(
    text: &str,
    refused: impl Fn(char) -> bool,
    what: &str,
    remedy: &str,
    sheet: &mut Sheet,
) {
    if let Some((at, found)) = text.char_indices().find(|&(_, c)| refused(c)) {
        let what = format!("{what} U+{:04X}", u32::from(found));
        sheet.add(line_at(text.as_bytes(), at), what, remedy);
    }
}

fn is_unwanted(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t' | '\r')
}

/// The line, counted from 1, of a byte offset.
pub(super) fn line_at(bytes: &[u8], offset: usize) -> u32 {
    let before = &bytes[..offset.min(bytes.len())];
    let feeds = before.iter().filter(|&&byte| byte == b'\n').count();
    u32::try_from(feeds).unwrap_or(u32::MAX - 1) + 1
}
