//! What differs between two versions of a module, said so that a jurist can read it: by field of the
//! manifest, by text cited, by lesson, by question — and inside a text, by word.
//!
//! Each version is laid out as *leaves*: a place (« Leçon 02-suite », « Question E1-Q3 », « bonne
//! réponse ») and the text that stands there. Two leaves of the same place are compared; a place that
//! only one version has was added or removed. Nothing is guessed from likeness: a renamed lesson is
//! one removed and one added.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::leaves::{Leaf, leaves};
use super::module::Module;

/// Most paragraphs, and most characters of one, that are compared with each other: comparing costs
/// their product when nothing is alike. Beyond, the old text is shown whole, then the new one.
const MOST_PARAGRAPHS: usize = 2_000;
const LONGEST_PARAGRAPH: usize = 20_000;

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
        for line in lines(difference) {
            text.push_str(&format!("{indent}{line}\n"));
        }
        above = place;
    }
    text
}

fn lines(difference: &Difference) -> Vec<String> {
    match (&difference.before, &difference.after) {
        (None, Some(after)) => marked('+', after),
        (Some(before), None) => marked('-', before),
        (Some(before), Some(after)) => changed(before, after),
        (None, None) => Vec::new(),
    }
}

fn marked(mark: char, text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| format!("{mark} {line}"))
        .collect()
}

/// Paragraph by paragraph, so that one word does not drown in a page; each changed one by words.
fn changed(before: &str, after: &str) -> Vec<String> {
    let (old, new) = (paragraphs(before), paragraphs(after));
    if old.len().max(new.len()) > MOST_PARAGRAPHS {
        return [marked('-', before), marked('+', after)].concat();
    }
    let mut told = Vec::new();
    for op in TextDiff::from_slices(&old, &new).ops() {
        let (gone, come) = (&old[op.old_range()], &new[op.new_range()]);
        if matches!(op.tag(), similar::DiffTag::Equal) {
            continue;
        }
        let pairs = gone.len().min(come.len());
        for (gone, come) in gone.iter().zip(come) {
            if gone.len().max(come.len()) > LONGEST_PARAGRAPH {
                told.extend([marked('-', gone), marked('+', come)].concat());
            } else {
                told.push(format!("~ {}", by_word(gone, come)));
            }
        }
        gone[pairs..].iter().for_each(|text| told.extend(marked('-', text)));
        come[pairs..].iter().for_each(|text| told.extend(marked('+', text)));
    }
    told
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).collect()
}

fn by_word(before: &str, after: &str) -> String {
    let diff = TextDiff::from_words(before, after);
    let mut text = String::new();
    let mut open = ChangeTag::Equal;
    for change in diff.iter_all_changes() {
        if change.tag() != open {
            text.push_str(closing(open));
            text.push_str(opening(change.tag()));
            open = change.tag();
        }
        text.push_str(&change.value().replace('\n', " "));
    }
    text.push_str(closing(open));
    text
}

fn opening(tag: ChangeTag) -> &'static str {
    match tag {
        ChangeTag::Equal => "",
        ChangeTag::Delete => "[-",
        ChangeTag::Insert => "{+",
    }
}

fn closing(tag: ChangeTag) -> &'static str {
    match tag {
        ChangeTag::Equal => "",
        ChangeTag::Delete => "-]",
        ChangeTag::Insert => "+}",
    }
}
