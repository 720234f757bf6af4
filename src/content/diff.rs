//! What differs between two versions of a module, said so that a jurist can read it: by field of the
//! manifest, by text cited, by lesson, by question — and inside a text, by word.
//!
//! Each version is laid out as *leaves*: a place (« Leçon 02-suite », « Question E1-Q3 », « bonne
//! réponse ») and the text that stands there. Two leaves of the same place are compared; a place that
//! only one version has was added or removed. Nothing is guessed from likeness: a renamed lesson is
//! one removed and one added.

use std::collections::{BTreeMap, HashMap};

use super::leaves::{Leaf, leaves};
use super::module::Module;
use super::passages::{Passage, Piece, passages};
use serde::Serialize;

/// One place where two versions differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where, from the whole to the part, in French.
    pub place: Vec<String>,
    /// What stood there; absent when it was added.
    pub before: Option<String>,
    /// What stands there now; absent when it was removed.
    pub after: Option<String>,
}

/// The differences from one version to another, in the order of reading: places of the later version
/// first as they stand, each removed place after the one it followed.
#[must_use]
pub fn diff(before: &Module, after: &Module) -> Vec<Difference> {
    let (old, new) = (leaves(before), leaves(after));
    let old_texts: HashMap<&[String], &str> = index(&old);
    let new_texts: HashMap<&[String], &str> = index(&new);
    let mut removed = removed_after(&old, &new_texts);
    let mut found = removed.remove(&None).unwrap_or_default();
    for leaf in &new {
        let known = old_texts.get(leaf.place.as_slice());
        if known.is_none_or(|text| *text != leaf.text) {
            let before = known.map(|text| (*text).to_owned());
            found.push(Difference {
                place: leaf.place.clone(),
                before,
                after: Some(leaf.text.clone()),
            });
        }
        found.extend(removed.remove(&Some(leaf.place.as_slice())).unwrap_or_default());
    }
    found
}

/// What to say of two versions between which [`diff`] found nothing.
#[must_use]
pub fn alike(before: &Module, after: &Module) -> &'static str {
    if before.digest == after.digest {
        "aucune différence"
    } else if *before == (Module { digest: before.digest, ..after.clone() }) {
        "aucune différence de contenu (commentaires ou présentation des fichiers)"
    } else {
        "aucune différence de texte (l’ordre de questions, de choix ou de termes a changé)"
    }
}

fn index(leaves: &[Leaf]) -> HashMap<&[String], &str> {
    leaves.iter().map(|leaf| (leaf.place.as_slice(), leaf.text.as_str())).collect()
}

/// The leaves that are gone, by the place kept before them.
fn removed_after<'l>(
    old: &'l [Leaf],
    new: &HashMap<&[String], &str>,
) -> BTreeMap<Option<&'l [String]>, Vec<Difference>> {
    let mut gone: BTreeMap<Option<&[String]>, Vec<Difference>> = BTreeMap::new();
    let mut kept = None;
    for leaf in old {
        if new.contains_key(leaf.place.as_slice()) {
            kept = Some(leaf.place.as_slice());
        } else {
            let (place, before) = (leaf.place.clone(), Some(leaf.text.clone()));
            gone.entry(kept).or_default().push(Difference { place, before, after: None });
        }
    }
    gone
}

/// The differences as a text to read: a heading for each place, `-` what was removed, `+` what was
/// added, and in a text that changed, the words: `[-ancien-]` `{+nouveau+}`.
#[must_use]
pub fn told(differences: &[Difference]) -> String {
    let mut text = String::new();
    let mut above: &[String] = &[];
    for difference in differences {
        let place = &difference.place;
        let shared = place.iter().zip(above).take_while(|(one, other)| one == other).count();
        for (depth, heading) in place.iter().enumerate().skip(shared) {
            if depth == 0 && !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&format!("{}{heading}\n", "  ".repeat(depth)));
        }
        let indent = "  ".repeat(place.len());
        for line in passages(difference).iter().flat_map(line) {
            text.push_str(&format!("{indent}{line}\n"));
        }
        above = place;
    }
    text
}

fn line(passage: &Passage) -> Vec<String> {
    match passage {
        Passage::Come(text) => marked('+', text),
        Passage::Gone(text) => marked('-', text),
        Passage::Changed(pieces) => {
            let words: String = pieces.iter().map(word).collect();
            vec![format!("~ {words}")]
        }
    }
}

fn marked(mark: char, text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| format!("{mark} {line}"))
        .collect()
}

fn word(piece: &Piece) -> String {
    let (before, text, after) = match piece {
        Piece::Same(text) => ("", text, ""),
        Piece::Gone(text) => ("[-", text, "-]"),
        Piece::Come(text) => ("{+", text, "+}"),
    };
    format!("{before}{}{after}", text.replace('\n', " "))
}
