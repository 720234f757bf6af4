//! Slips of the keyboard: words that are one letter away from one that stands in the catalogue.

use super::index::Index;
use super::words::{Stems, is_number};

/// Fewest letters of a word in which any slip is forgiven.
const LONG: usize = 5;
/// Fewest letters of a word in which two letters may have changed places.
const SWAPPED: usize = 4;
/// Corrections of a word that are tried.
const MOST: usize = 3;

/// The words that this one may be meant for, one slip away, the most common first; none when it is
/// short, a number, or known.
pub(super) fn corrections(index: &Index, word: &str) -> Vec<String> {
    let swaps_only = word.chars().count() < LONG;
    if word.chars().count() < SWAPPED || is_number(word) {
        return Vec::new();
    }
    near(index, word, |candidate| {
        if swaps_only { is_swapped(word, candidate) } else { is_near(word, candidate) }
    })
}

/// The words that this one may be meant for, two slips away: what to suggest when nothing was found.
pub(super) fn guesses(index: &Index, word: &str) -> Vec<String> {
    let length = word.chars().count();
    if length < SWAPPED || is_number(word) {
        return Vec::new();
    }
    let most = if length < 7 { 1 } else { 2 };
    near(index, word, |candidate| {
        candidate.len().abs_diff(word.len()) <= most
            && strsim::osa_distance(word, candidate) <= most
    })
}

fn near(index: &Index, word: &str, is_near: impl Fn(&str) -> bool) -> Vec<String> {
    let of_catalogue = index.lexicon.all_words().filter_map(|(form, text)| {
        let modules = index.postings(form).len();
        (modules > 0 && is_near(text)).then_some((modules, text))
    });
    // What is looked for by a synonym may be mistyped like any other word.
    let of_synonyms = index.expressions.all_words().filter(|text| is_near(text)).map(|t| (1, t));
    let mut found: Vec<(usize, &str)> = of_catalogue.chain(of_synonyms).collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    found.dedup_by_key(|(_, text)| *text);
    let mut kept: Vec<String> = Vec::new();
    for (_, text) in found.into_iter().filter(|(_, text)| *text != word) {
        if kept.len() < MOST && !kept.iter().any(|one| one == text) {
            kept.push(text.to_owned());
        }
    }
    kept
}

/// A word written as two, or two as one, when that stands in the catalogue.
pub(super) fn split(index: &Index, word: &str, stems: &Stems) -> Option<(String, String)> {
    let known = |part: &str| {
        part.len() >= 3
            && (index.lexicon.find(part).is_some_and(|form| !index.postings(form).is_empty())
                || index.expressions.has_word(part)
                || index.stands(part, &stems.of(part)))
    };
    let cuts = word.char_indices().map(|(at, _)| word.split_at(at));
    let mut found = cuts.filter(|(first, second)| known(first) && known(second));
    found.next().map(|(first, second)| (first.to_owned(), second.to_owned()))
}

/// Whether two words are one insertion, deletion, substitution or transposition apart.
fn is_near(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    // A letter beyond ASCII may have four bytes.
    if a.len().abs_diff(b.len()) > 4 {
        return false;
    }
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (ra, rb) = (&a[same..], &b[same..]);
    let tail = ra.iter().rev().zip(rb.iter().rev()).take_while(|(x, y)| x == y).count();
    let (ra, rb) = (&ra[..ra.len() - tail], &rb[..rb.len() - tail]);
    match (ra, rb) {
        ([], [_]) | ([_], [] | [_]) => true,
        ([x, y], [z, t]) => x == t && y == z,
        _ if ra.is_ascii() && rb.is_ascii() => false,
        _ => match (std::str::from_utf8(a), std::str::from_utf8(b)) {
            (Ok(a), Ok(b)) => strsim::osa_distance(a, b) <= 1,
            _ => false,
        },
    }
}

/// Whether two words differ by two neighbours that changed places.
fn is_swapped(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && is_near(a, b)
        && a.bytes().zip(b.bytes()).filter(|(x, y)| x != y).count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_near_and_two_are_not() {
        for (slip, word) in [
            ("inteligence", "intelligence"),
            ("inntelligence", "intelligence"),
            ("intalligence", "intelligence"),
            ("itnelligence", "intelligence"),
            ("élve", "élève"),
        ] {
            assert!(is_near(slip, word) && is_near(word, slip), "{slip}");
        }
        assert!(!is_near("inteligense", "intelligence"));
        assert!(!is_near("abcd", "dcba"));
        assert!(is_swapped("rgdp", "rgpd") && !is_swapped("rgpx", "rgpd"));
    }

    proptest::proptest! {
        #[test]
        fn nearness_is_that_of_the_textbook(a in "[abé]{0,6}", b in "[abé]{0,6}") {
            let expected = strsim::osa_distance(&a, &b) == 1;
            proptest::prop_assert_eq!(is_near(&a, &b), expected);
        }
    }
}
