//! A module as a zip: what a trainer sends at once, and what anyone who may read its keys takes away.
//!
//! What is sent is believed in nothing: entries are counted before they are read, names are judged as
//! the paths of any tree, and what is inflated is measured as it comes, against the bounds of a tree.
//! Litter that systems leave in archives unseen (`__MACOSX/`, `.DS_Store`, `Thumbs.db`, `desktop.ini`)
//! is passed over: its author cannot see it, let alone remove it. Everything else is taken or refused.
//! An archive without a manifest is refused: it takes the place of the whole draft, and would empty it.

mod entries;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::{Unpacked, keep_media, read};
pub use write::write;

use crate::error::{Error, Fault, Reason, Refusal};

/// Most entries of an archive, folders and litter included: what is listed before anything is judged.
/// Its files are bounded by those of a tree.
const MAX_ENTRIES: usize = 2_000;

/// What is wrong with one entry, in French and in English.
fn fault(entry: &str, fr: impl Into<String>, en: impl Into<String>) -> Fault {
    Fault::new(shown(entry), fr, en)
}

/// A name as it can be told: what cannot be printed is escaped, what is endless is cut.
fn shown(name: &str) -> String {
    let escaped = name.chars().map(|c| match c {
        c if c.is_control() => c.escape_unicode().to_string(),
        c => c.to_string(),
    });
    escaped.take(120).collect()
}

fn refused(faults: Vec<Fault>) -> Error {
    Refusal::naming(Reason::BadArchive, faults).into()
}
