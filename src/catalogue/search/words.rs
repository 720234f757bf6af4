//! Text as words that are compared: without case, accents, ligatures or punctuation, each with the
//! place where it stands, so that what is found can be shown.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longest word that is told apart, in bytes: beyond, the rest of it is passed over.
const LONGEST: usize = 48;

/// How a word follows the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// White space or punctuation, or nothing before.
    Apart,
    /// A hyphen alone.
    Hyphen,
    /// Nothing: letters and digits that touch, as in `NIS2`.
    Glued,
}

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Folded.
    pub text: String,
    /// Its bytes in the text.
    pub at: Range<usize>,
    /// What stands before it.
    pub join: Join,
}

impl Word {
    /// Whether it is made of digits.
    pub fn is_number(&self) -> bool {
        is_number(&self.text)
    }
}

/// Whether a folded word is made of digits.
pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_numeric())
}

/// Every word of a text, in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut all = Vec::new();
    each_word(text, |word, at, join| all.push(Word { text: word.to_owned(), at, join }));
    all
}

/// Tells every word of a text, in order, without keeping any.
pub(super) fn each_word(text: &str, mut tell: impl FnMut(&str, Range<usize>, Join)) {
    let mut reader = Reader::default();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_ascii_alphanumeric() {
            reader.put(c.to_ascii_lowercase(), at..end, &mut tell);
        } else if c.is_ascii() {
            reader.part(c, &mut tell);
        } else if !is_unseen(c) {
            reader.wide(c, at..end, &mut tell);
        } else if !reader.word.is_empty() {
            reader.at.end = end;
        }
    }
    reader.part(' ', &mut tell);
}

/// What stands inside words and is not seen: accents by themselves, soft hyphens, joiners.
fn is_unseen(c: char) -> bool {
    is_combining_mark(c)
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// A word being read, and what came since the one before.
#[derive(Default)]
struct Reader {
    word: String,
    at: Range<usize>,
    /// Characters since the end of the word before: none, or the last and whether it is alone.
    gap: Option<(char, bool)>,
    seen: bool,
}

impl Reader {
    /// A folded letter or digit.
    fn put(&mut self, c: char, at: Range<usize>, tell: &mut impl FnMut(&str, Range<usize>, Join)) {
        if !self.word.is_empty() && c.is_numeric() != is_number(&self.word) {
            self.end(tell);
        }
        if self.word.is_empty() {
            self.at.start = at.start;
        }
        if self.word.len() + c.len_utf8() <= LONGEST {
            self.word.push(c);
        }
        self.at.end = at.end;
    }

    /// A character beyond ASCII: what it decomposes into.
    fn wide(&mut self, c: char, at: Range<usize>, tell: &mut impl FnMut(&str, Range<usize>, Join)) {
        let opened = match c {
            'œ' | 'Œ' => "oe",
            'æ' | 'Æ' => "ae",
            'ß' => "ss",
            _ => "",
        };
        opened.chars().for_each(|letter| self.put(letter, at.clone(), tell));
        if !opened.is_empty() {
            return;
        }
        let mut put = false;
        for folded in std::iter::once(c).nfkd().flat_map(char::to_lowercase) {
            if folded.is_alphanumeric() && !is_combining_mark(folded) {
                self.put(folded, at.clone(), tell);
                put = true;
            }
        }
        if !put {
            self.part(c, tell);
        }
    }

    /// What is no letter or digit.
    fn part(&mut self, c: char, tell: &mut impl FnMut(&str, Range<usize>, Join)) {
        self.end(tell);
        self.gap = Some((c, self.gap.is_none()));
    }

    fn end(&mut self, tell: &mut impl FnMut(&str, Range<usize>, Join)) {
        if self.word.is_empty() {
            return;
        }
        let join = match self.gap {
            None if self.seen => Join::Glued,
            Some(('-' | '\u{2010}' | '\u{2011}', true)) if self.seen => Join::Hyphen,
            _ => Join::Apart,
        };
        tell(&self.word, self.at.clone(), join);
        self.word.clear();
        self.gap = None;
        self.seen = true;
    }
}

/// What is left of a folded word without the endings of French: `elus`, `elue` and `elues` become
/// `elu`.
pub(super) struct Stems(Stemmer);

impl Default for Stems {
    fn default() -> Self {
        Self(Stemmer::create(Algorithm::French))
    }
}

impl Stems {
    /// The stem of a word. A number is its own.
    pub fn of(&self, word: &str) -> String {
        if is_number(word) || word.len() < 3 {
            return word.to_owned();
        }
        // Snowball leaves the plural of what ends in a vowel, since it cannot tell it from a verb, and
        // the feminine of participles, which it knows by their accent.
        let single = match word.strip_suffix('s') {
            Some(rest) if rest.len() >= 3 && rest.ends_with(['u', 'i']) => rest,
            Some(rest) if rest.ends_with("ee") => rest,
            _ => word,
        };
        let single = single.strip_suffix('e').filter(|rest| rest.ends_with('e')).unwrap_or(single);
        self.0.stem(single).into_owned()
    }
}

/// Words that say nothing by themselves, folded: articles, pronouns, and how a question is put.
const EMPTY: &str = " a ai ainsi alors apres as au aucun aussi autre aux avant avec avoir car ce ceci cela celle \
celles celui ces cet cette ceux chaque chez ci comme comment d dans de des dois doit donc du elle elles en encore es est \
et etait etc ete etes etre eu faire fais fait faut font hors il ils j je jusqu l la le les leur leurs lors lui m ma mais \
me meme mes mon n ne ni non nos notre nous on ont ou par parce pas peu peut peux plus pour pourquoi pourrait puis qu \
quand que quel quelle quelles quels qui quoi s sa sans se sera ses si soit son sont suis sur t ta te tes toi ton tous \
tout toute toutes tres trop tu un une va vais vers veulent veut veux voici voila vos votre vous vu y ca and or not mal tourne ";

static EMPTY_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| EMPTY.split(' ').collect());

/// Whether a folded word says nothing by itself.
pub(super) fn is_empty_word(word: &str) -> bool {
    let single = word.len() == 1 && !is_number(word);
    single || EMPTY_WORDS.contains(word)
}

/// Whether a folded word joins others in the language of search engines.
pub(super) fn is_operator(word: &str) -> bool {
    matches!(word, "and" | "or" | "not" | "et" | "ou" | "near")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn accents_case_ligatures_apostrophes_and_hyphens_fold_away() {
        assert_eq!(
            texts("L’Élue d'œuvres — SOUS‑traitance"),
            ["l", "elue", "d", "oeuvres", "sous", "traitance"]
        );
        assert_eq!(texts("E\u{301}lu a\u{ad}gent ﬁn"), ["elu", "agent", "fin"]);
        assert_eq!(
            texts("NIS2 L.2123-12 art. 50(2)"),
            ["nis", "2", "l", "2123", "12", "art", "50", "2"]
        );
        assert_eq!(texts("🙂 !? \u{202e}"), Vec::<String>::new());
    }

    #[test]
    fn how_words_touch_is_told() {
        let joins = |text: &str| words(text).into_iter().map(|word| word.join).collect::<Vec<_>>();
        assert_eq!(joins("sous-traitant"), [Join::Apart, Join::Hyphen]);
        assert_eq!(joins("sous - traitant"), [Join::Apart, Join::Apart]);
        assert_eq!(joins("NIS2"), [Join::Apart, Join::Glued]);
        assert_eq!(joins("-a b"), [Join::Apart, Join::Apart]);
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "« Œuvre » d’Élus";
        let at: Vec<&str> = words(text).into_iter().map(|word| &text[word.at]).collect();
        assert_eq!(at, ["Œuvre", "d", "Élus"]);
    }

    #[test]
    fn number_and_gender_are_forgiven() {
        let stems = Stems::default();
        for alike in [
            &["elu", "elue", "elus", "elues"][..],
            &["agent", "agente", "agents", "agentes"],
            &["municipal", "municipale", "municipaux", "municipales"],
            &["administrateur", "administratrice"],
            &["camera", "cameras"],
            &["donnee", "donnees"],
            &["delegue", "deleguee", "deleguees"],
        ] {
            let first = stems.of(alike[0]);
            for word in alike {
                assert_eq!(stems.of(word), first, "{word}");
            }
        }
        assert_ne!(stems.of("elu"), stems.of("eleve"));
    }
}
