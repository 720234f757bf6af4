//! What the calendar asks: a module to review, texts to read again. None of it was wrong when it was
//! written; each is told from the day after its date.

use chrono::NaiveDate;

use super::finding::Sheet;
use super::manifest_file::ManifestReading;
use super::reference::Reference;

/// Notes what a manifest has due on that day.
pub(super) fn note_dues(reading: &ManifestReading, today: NaiveDate, sheet: &mut Sheet) {
    if let Some((review_by, line)) = reading.review_by
        && today > review_by
    {
        sheet.add_due(
            line,
            format!("la relecture du module était due le {review_by}"),
            "relisez les sources, puis avancez « verified_on » et « review_by »",
        );
    }
    for (reference, line) in &reading.references {
        note_check_due(reference, *line, today, sheet);
        note_end(reference, *line, today, sheet);
    }
}

/// Notes a text that was to be read again by that day.
pub(super) fn note_check_due(
    reference: &Reference,
    line: u32,
    today: NaiveDate,
    sheet: &mut Sheet,
) {
    let id = &reference.id;
    if let Some(check_by) = reference.check_by.filter(|&date| today > date) {
        sheet.add_due(
            line,
            format!("le texte « {id} » devait être relu le {check_by} au plus tard"),
            "relisez-le, puis avancez « verified_on » et « check_by »",
        );
    }
}

/// Notes a text that is cited and is the law no more on that day.
fn note_end(reference: &Reference, line: u32, today: NaiveDate, sheet: &mut Sheet) {
    let id = &reference.id;
    if let Some(end) = reference.in_force_to.filter(|&date| today > date) {
        sheet.add_due(
            line,
            format!("le texte « {id} » n’est plus en vigueur depuis le {end}"),
            "citez le texte en vigueur, et revoyez ce qui s’appuie sur l’ancien",
        );
    }
    if let Some(by) = &reference.superseded_by {
        sheet.add_due(
            line,
            format!("texte remplacé : « {id} » l’est par « {by} »"),
            "citez le texte qui le remplace, et revoyez ce qui s’appuie sur l’ancien",
        );
    }
}
