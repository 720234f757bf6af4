//! Dates and grades in the words of the reader.

use chrono::{Datelike as _, NaiveDate};

use super::manifest::Grade;

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

/// A date as it is written in a text: `1er août 2026`.
pub(super) fn date(date: NaiveDate) -> String {
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{day} {} {}", MONTHS[date.month0() as usize], date.year())
}

/// What a grade means.
pub(super) fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::V => "lu dans une source datée",
        Grade::S => "sources secondaires concordantes",
        Grade::M => "cité de mémoire, à relire",
    }
}
