//! What a draft changes in the version published now, bounded so that it is read and sent whole.

use crate::content::{self, Difference, Module};

/// Most places told.
const MOST_PLACES: usize = 200;

/// Most characters told of a text.
const LONGEST_TEXT: usize = 2_000;

/// What differs, as far as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// How many places differ.
    pub total: usize,
    /// The first of them, in the order of reading: by field of the manifest, by lesson, by question.
    pub told: Vec<Difference>,
    /// Whether a place or the end of a text is left out.
    pub cut: bool,
}

/// What differs from the published version to the draft.
#[must_use]
pub fn between(before: &Module, after: &Module) -> Differences {
    let mut told = content::diff(before, after);
    let total = told.len();
    let mut cut = total > MOST_PLACES;
    told.truncate(MOST_PLACES);
    for difference in &mut told {
        for text in [&mut difference.before, &mut difference.after].into_iter().flatten() {
            if let Some((end, _)) = text.char_indices().nth(LONGEST_TEXT) {
                text.truncate(end);
                text.push('…');
                cut = true;
            }
        }
    }
    Differences { total, told, cut }
}
