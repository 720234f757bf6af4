//! What changed inside a text: paragraph by paragraph, so that one word does not drown in a page, and
//! each changed paragraph by words.

use similar::{ChangeTag, DiffTag, TextDiff};

use super::diff::Difference;

/// Most paragraphs, and most characters of one, that are compared with each other: comparing costs
/// their product when nothing is alike. Beyond, the old text is shown whole, then the new one.
const MOST_PARAGRAPHS: usize = 2_000;
const LONGEST_PARAGRAPH: usize = 20_000;

/// A paragraph that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passage {
    /// It is there no more.
    Gone(String),
    /// It is new.
    Come(String),
    /// Some of its words changed.
    Changed(Vec<Piece>),
}

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As before.
    Same(String),
    /// There no more.
    Gone(String),
    /// New.
    Come(String),
}

/// The passages of a place that differ, in the order of reading.
#[must_use]
pub fn passages(difference: &Difference) -> Vec<Passage> {
    match (&difference.before, &difference.after) {
        (None, Some(after)) => vec![Passage::Come(after.clone())],
        (Some(before), None) => vec![Passage::Gone(before.clone())],
        (Some(before), Some(after)) => changed(before, after),
        (None, None) => Vec::new(),
    }
}

fn changed(before: &str, after: &str) -> Vec<Passage> {
    let whole =
        |gone: &str, come: &str| [Passage::Gone(gone.to_owned()), Passage::Come(come.to_owned())];
    let (old, new) = (paragraphs(before), paragraphs(after));
    if old.len().max(new.len()) > MOST_PARAGRAPHS {
        return whole(before, after).into();
    }
    let mut told = Vec::new();
    for op in TextDiff::from_slices(&old, &new).ops() {
        let (gone, come) = (&old[op.old_range()], &new[op.new_range()]);
        if matches!(op.tag(), DiffTag::Equal) {
            continue;
        }
        let pairs = gone.len().min(come.len());
        for (gone, come) in gone.iter().zip(come) {
            if gone.len().max(come.len()) > LONGEST_PARAGRAPH {
                told.extend(whole(gone, come));
            } else {
                told.push(Passage::Changed(by_word(gone, come)));
            }
        }
        told.extend(gone[pairs..].iter().map(|text| Passage::Gone((*text).to_owned())));
        told.extend(come[pairs..].iter().map(|text| Passage::Come((*text).to_owned())));
    }
    told
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).collect()
}

fn by_word(before: &str, after: &str) -> Vec<Piece> {
    let diff = TextDiff::from_words(before, after);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in diff.iter_all_changes() {
        let word = change.value();
        match (change.tag(), pieces.last_mut()) {
            (ChangeTag::Equal, Some(Piece::Same(text)))
            | (ChangeTag::Delete, Some(Piece::Gone(text)))
            | (ChangeTag::Insert, Some(Piece::Come(text))) => text.push_str(word),
            (ChangeTag::Equal, _) => pieces.push(Piece::Same(word.to_owned())),
            (ChangeTag::Delete, _) => pieces.push(Piece::Gone(word.to_owned())),
            (ChangeTag::Insert, _) => pieces.push(Piece::Come(word.to_owned())),
        }
    }
    pieces
}
