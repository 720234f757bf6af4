//! Blanks: what `content new` leaves for the author to write. A module is not finished before the
//! last of them is gone.

use super::finding::{Finding, Sheet};
use super::hygiene::line_at;
use super::tree::Tree;

/// How a blank begins; it ends at the next `]`.
pub const BLANK: &str = "[À COMPLÉTER";

/// Longest part of a blank that is quoted, in characters.
const SHOWN: usize = 80;

/// Notes every blank of every text.
pub(super) fn refuse_blanks(tree: &Tree, findings: &mut Vec<Finding>) {
    for (path, bytes) in tree.iter() {
        let mut sheet = Sheet::new(path);
        note_blanks(bytes, &mut sheet);
        findings.extend(sheet.into_findings());
    }
}

/// Notes every blank of one text; bytes that are no text have none.
pub(super) fn note_blanks(bytes: &[u8], sheet: &mut Sheet) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (mut line, mut seen) = (1, 0);
    for (at, _) in text.match_indices(BLANK) {
        line += line_at(&bytes[seen..], at - seen) - 1;
        seen = at;
        let after = &text[at + BLANK.len()..];
        let hint = after.split([']', '\n']).next().unwrap_or_default();
        let hint: String = hint.trim_matches([' ', ':', '\u{a0}']).chars().take(SHOWN).collect();
        let what = if hint.is_empty() { hint } else { format!(" : {hint}") };
        sheet.add(
            line,
            format!("reste à compléter{what}"),
            "écrivez le texte à la place du passage entre crochets",
        );
    }
}
