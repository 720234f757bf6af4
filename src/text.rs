//! Normalising text, so that what people type is found and compared as they mean it.

use chrono::{Datelike as _, NaiveDate};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// Folds case, accents and spacing: « Évry-Courcouronnes » and `evry courcouronnes` become one.
/// Ligatures are opened (`œ` → `oe`), apostrophes and hyphens become spaces.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            c if c.is_alphanumeric() => {
                if gap && !out.is_empty() {
                    out.push(' ');
                }
                out.push(c);
                gap = false;
                continue;
            }
            _ => {
                gap = true;
                continue;
            }
        }
        gap = false;
    }
    out
}

/// A sign-in name or address as it is compared: trimmed, composed (NFC), lower case.
pub fn sign_in_name(text: &str) -> String {
    text.trim().nfc().flat_map(char::to_lowercase).collect()
}

/// Whether a text holds no control character but line feeds and tabs: what a name, title or
/// comment may be made of.
pub fn is_printable(text: &str) -> bool {
    text.chars().all(|c| !c.is_control() || c == '\n' || c == '\t')
}

/// A date as one says it: « dimanche 29 novembre 2026 », « mardi 1er décembre 2026 ».
pub fn french_date(date: NaiveDate) -> String {
    let day_name = DAYS[date.weekday().num_days_from_monday() as usize];
    let ordinal = if date.day() == 1 { "er" } else { "" };
    format!("{day_name} {}{ordinal} {} {}", date.day(), MONTHS[date.month0() as usize], date.year())
}

/// Lower-case hexadecimal of some bytes.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// A cell that no spreadsheet takes for a formula (OWASP, CSV injection): an apostrophe before what
/// would begin one, even behind what some of them pass over.
pub fn defused(cell: &str) -> String {
    let seen = cell.trim_start_matches(is_passed_over);
    let begins = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    if seen.starts_with(begins) || cell.starts_with(['\t', '\r', '\n']) {
        return format!("'{cell}");
    }
    cell.to_owned()
}

/// What [`defused`] made a cell of.
pub fn undefused(cell: &str) -> &str {
    let plain = cell.strip_prefix('\'').filter(|plain| defused(plain) == cell);
    plain.unwrap_or(cell)
}

/// What is blank, or shows nothing: controls, soft hyphen, joiners, marks of direction and of order.
fn is_passed_over(c: char) -> bool {
    let shows_nothing = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}');
    c.is_whitespace() || c.is_control() || shows_nothing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_apostrophes_and_ligatures_fold_away() {
        assert_eq!(folded("Évry-Courcouronnes"), "evry courcouronnes");
        assert_eq!(folded("L'Abergement-Clémenciat"), folded("l’abergement clemenciat"));
        assert_eq!(folded("Cœuvres"), "coeuvres");
        assert_eq!(folded("  Élu·e  "), "elu e");
    }

    #[test]
    fn a_sign_in_name_is_compared_without_case_or_surrounding_space() {
        assert_eq!(sign_in_name("  Élodie@Mairie.example "), "élodie@mairie.example");
        assert_eq!(sign_in_name("E\u{301}lodie"), sign_in_name("Élodie"));
    }

    #[test]
    fn no_cell_begins_a_formula_even_behind_what_is_not_seen() {
        for cell in [
            "=1+1",
            "+1",
            "-1",
            "@A1",
            "\t=1",
            "\n",
            " =1+1",
            "\u{a0}\u{a0}+1",
            "\u{0}-1",
            "\u{feff}@A1",
            "\u{200b}=1",
            "\u{ff1d}1",
            "  \r\n =cmd|' /C calc'!A0",
        ] {
            assert_eq!(defused(cell), format!("'{cell}"), "{cell:?}");
            assert_eq!(undefused(&defused(cell)), cell);
        }
        for cell in ["", " ", "E1", "Élus = agents", "1-2", "« =1 »", "  un titre", "'Okina"] {
            assert_eq!((defused(cell).as_str(), undefused(cell)), (cell, cell));
        }
    }
}
