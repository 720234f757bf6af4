//! What several words mean together: the expressions of the synonyms, and articles of law.

use std::collections::{HashMap, HashSet};

use super::words::{Join, Stems, Word, is_number, words};
use crate::content::Synonyms;

/// An expression that was recognised: how many words it takes, its form, and its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// Words.
    pub len: usize,
    /// Its group among the synonyms; none for what is no synonym of anything.
    pub group: Option<usize>,
    /// The text of its form: stems between spaces, or `#` and an article. A single word has its stem.
    pub key: String,
}

/// The synonyms, ready to be looked for.
#[derive(Debug, Default)]
pub(super) struct Expressions {
    /// The keys of each group.
    groups: Vec<Vec<String>>,
    /// The stems and the group of each expression, under its first stem, the longest first.
    by_first: HashMap<String, Vec<(Vec<String>, usize)>>,
    /// Every word of an expression as it is written: none of them is a slip of the keyboard.
    words: HashSet<String>,
    /// The stems of these words.
    stems: HashSet<String>,
}

impl Expressions {
    /// Prepares synonyms.
    pub fn of(synonyms: &Synonyms) -> Self {
        let stems = Stems::default();
        let mut all = Self::default();
        for (group, expressions) in synonyms.groups.iter().enumerate() {
            let mut keys: Vec<String> = Vec::new();
            for expression in expressions {
                let read = words(expression);
                all.words.extend(read.iter().map(|word| word.text.clone()));
                let parts: Vec<String> = read.iter().map(|word| stems.of(&word.text)).collect();
                all.stems.extend(parts.iter().cloned());
                let key = parts.join(" ");
                let Some(first) = parts.first().filter(|_| !keys.contains(&key)) else { continue };
                all.by_first.entry(first.clone()).or_default().push((parts, group));
                keys.push(key);
            }
            all.groups.push(keys);
        }
        for found in all.by_first.values_mut() {
            found.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.1.cmp(&b.1)));
        }
        all
    }

    /// The keys of a group: what finds the same.
    pub fn group(&self, group: usize) -> &[String] {
        self.groups.get(group).map_or(&[], Vec::as_slice)
    }

    /// Whether a folded word stands in an expression.
    pub fn has_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Whether a word of that stem does.
    pub fn has_stem(&self, stem: &str) -> bool {
        self.stems.contains(stem)
    }

    /// Every folded word of the expressions, in no order.
    pub fn all_words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// The longest expression that begins with the first of these words, given by their stems.
    pub fn at(&self, stems: &[String]) -> Option<Match> {
        let candidates = self.by_first.get(stems.first()?)?;
        let found = candidates.iter().find(|(parts, _)| stems.starts_with(parts))?;
        Some(Match { len: found.0.len(), group: Some(found.1), key: found.0.join(" ") })
    }
}

/// What announces an article, folded.
const ARTICLE: [&str; 3] = ["article", "articles", "art"];
/// The letters of articles of French codes.
const LETTERS: [&str; 4] = ["l", "r", "d", "a"];

/// Units of time, folded.
const TIMES: [&str; 8] = ["heure", "heures", "jour", "jours", "mois", "an", "ans", "minutes"];

/// The article of law, the time, the recommendation or the word of letters and digits that begins with the first
/// of these words: `art. 50(2)`, `L2123-12`, `72 heures`, `recommandation 9`,
/// `E3`.
pub(super) fn numbered(words: &[Word]) -> Option<Match> {
    let first = words.first()?;
    let is_number_at = |at: usize| words.get(at).is_some_and(Word::is_number);
    let announced = ARTICLE.contains(&first.text.as_str());
    let letter = usize::from(announced);
    let has_letter = words.get(letter).is_some_and(|word| LETTERS.contains(&word.text.as_str()));
    let from = letter + usize::from(has_letter);
    let of_code =
        has_letter && words.get(from).is_some_and(|word| word.is_number() && word.text.len() > 2);
    if is_number_at(from) && (announced || of_code) {
        let parts = words[from + 1..].iter();
        let more = parts.take_while(|word| word.is_number() && word.join == Join::Hyphen).count();
        let digits: Vec<&str> = words[from..=from + more].iter().map(|w| w.text.as_str()).collect();
        return Some(Match {
            len: from + more + 1,
            group: None,
            key: format!("#{}", digits.join("-")),
        });
    }
    if matches!(first.text.as_str(), "recommandation" | "recommandations" | "rec")
        && is_number_at(1)
    {
        return Some(Match { len: 2, group: None, key: format!("#rec {}", words[1].text) });
    }
    if first.is_number() && words.get(1).is_some_and(|word| TIMES.contains(&word.text.as_str())) {
        let unit = words[1].text.trim_end_matches('s');
        return Some(Match { len: 2, group: None, key: format!("#{} {unit}", first.text) });
    }
    let glued = words[1..].iter().take_while(|word| word.join == Join::Glued).count();
    if glued > 0 && !is_number(&first.text) {
        let parts: Vec<&str> = words[..=glued].iter().map(|word| word.text.as_str()).collect();
        return Some(Match { len: glued + 1, group: None, key: format!("#{}", parts.concat()) });
    }
    None
}

/// The articles that an article is a part of: `R. 311-3-1-1` applies `L. 311-3-1`.
pub(super) fn wider(key: &str) -> Option<&str> {
    let (wider, _) = key.rsplit_once('-')?;
    (wider.matches('-').count() >= 2).then_some(wider)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Option<String> {
        numbered(&words(text)).map(|found| found.key)
    }

    #[test]
    fn an_article_is_the_same_however_it_is_written() {
        for text in ["L2123-12", "l. 2123-12", "article L. 2123-12", "art. 2123-12"] {
            assert_eq!(key(text).as_deref(), Some("#2123-12"), "{text}");
        }
        assert_eq!(key("article 50(2)").as_deref(), Some("#50"));
        assert_eq!(key("recommandation n° 9"), None);
        assert_eq!(key("recommandation 9").as_deref(), Some("#rec 9"));
        assert_eq!(key("E3").as_deref(), Some("#e3"));
        assert_eq!(key("72 heures").as_deref(), Some("#72 heure"));
        assert_eq!(key("a 5 personnes"), None);
    }

    #[test]
    fn the_longest_expression_is_recognised_by_its_stems() {
        let groups = vec![
            vec!["RGPD".to_owned(), "protection des données".to_owned()],
            vec!["DPO".to_owned(), "délégué à la protection des données".to_owned()],
        ];
        let expressions = Expressions::of(&Synonyms { groups });
        let stems = Stems::default();
        let at = |text: &str| {
            let stems: Vec<String> = words(text).iter().map(|word| stems.of(&word.text)).collect();
            expressions.at(&stems).map(|found| (found.len, found.group))
        };
        assert_eq!(at("rgpd et IA"), Some((1, Some(0))));
        assert_eq!(at("déléguée à la protection des données"), Some((6, Some(1))));
        assert_eq!(at("protection des donnees"), Some((3, Some(0))));
        assert_eq!(at("protection de l'enfance"), None);
    }
}
