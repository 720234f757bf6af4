//! `synonyms.toml`, beside `modules/`: groups of expressions that mean the same to who searches.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::blank::note_blanks;
use super::fields::{Fields, read_toml};
use super::finding::{Finding, Sheet};
use super::hygiene::text_of;

/// Path of the synonyms, beside `modules/`.
pub const SYNONYMS_PATH: &str = "synonyms.toml";

/// Most groups of a file: each is looked for at every word of every lesson.
const MAX_GROUPS: usize = 1_000;
/// Fewest and most expressions of a group.
const EXPRESSIONS: std::ops::RangeInclusive<usize> = 2..=30;
/// Longest expression, in characters and in words.
const MAX_CHARACTERS: usize = 80;
const MAX_WORDS: usize = 12;

/// Groups of expressions, in the order of writing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// Each group: expressions that find each other.
    pub groups: Vec<Vec<String>>,
}

/// Reads the bytes of `synonyms.toml`. Answers what could be read, and every finding, sorted.
#[must_use]
pub fn read_synonyms(bytes: &[u8]) -> (Synonyms, Vec<Finding>) {
    let mut sheet = Sheet::new(SYNONYMS_PATH);
    note_blanks(bytes, &mut sheet);
    let groups = text_of(bytes, &mut sheet).and_then(|text| {
        read_toml(&text, 0, &mut sheet, |fields| {
            let tables = fields.tables("group");
            if tables.is_empty() {
                let remedy = "ajoutez une table [[group]], ou supprimez le fichier";
                fields.complain("le fichier n’a aucun groupe", remedy);
            } else if tables.len() > MAX_GROUPS {
                let what = format!("le fichier compte {} groupes", tables.len());
                fields.complain(what, format!("gardez-en {MAX_GROUPS} au plus"));
            }
            let mut taken = HashMap::new();
            let tables = tables.into_iter().take(MAX_GROUPS);
            Some(tables.filter_map(|mut table| read_group(&mut table, &mut taken)).collect())
        })
    });
    let mut findings = sheet.into_findings();
    findings.sort();
    (Synonyms { groups: groups.unwrap_or_default() }, findings)
}

/// One group; `taken` has the line of each expression already read.
fn read_group(table: &mut Fields<'_>, taken: &mut HashMap<String, u32>) -> Option<Vec<String>> {
    let words = table.required("words");
    table.refuse_unknown();
    let words = words?;
    let read = words.distinct(EXPRESSIONS, |item| {
        let text = item.line_of_text(MAX_CHARACTERS)?;
        let plain = compared(&text);
        match plain.split(' ').filter(|word| !word.is_empty()).count() {
            0 => item.refuse("n’a ni lettre ni chiffre", "écrivez une expression que l’on cherche"),
            1..=MAX_WORDS => Some((text, plain, item.line())),
            many => item.refuse(
                format!("compte {many} mots"),
                format!("écrivez une expression de {MAX_WORDS} mots au plus"),
            ),
        }
    })?;
    let mut group = Vec::new();
    for (text, plain, line) in read {
        match taken.get(&plain) {
            Some(before) => table.complain(
                format!("« {text} » est déjà écrit, ligne {before}"),
                "gardez chaque expression dans un seul groupe, une seule fois",
            ),
            None => {
                taken.insert(plain, line);
                group.push(text);
            }
        }
    }
    Some(group)
}

/// An expression as it is compared: without case, accents or punctuation.
fn compared(text: &str) -> String {
    let opened = text.replace(['œ', 'Œ'], "oe").replace(['æ', 'Æ'], "ae");
    let folded = opened.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let spaced: String = folded.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<String> {
        read_synonyms(text.as_bytes()).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_shipped_synonyms_are_sound() {
        let bytes = include_bytes!("../../content/synonyms.toml");
        let (synonyms, findings) = read_synonyms(bytes);
        assert_eq!(findings, []);
        assert!(synonyms.groups.len() > 30);
        assert!(synonyms.groups.iter().all(|group| group.len() >= 2));
    }

    #[test]
    fn an_expression_stands_in_one_group_whatever_its_accents() {
        let text =
            "[[group]]\nwords = [\"élu\", \"maire\"]\n\n[[group]]\nwords = [\"ELU\", \"édile\"]\n";
        let found = findings(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("synonyms.toml:4: « ELU » est déjà écrit, ligne 2"));
    }

    #[test]
    fn what_cannot_be_searched_is_told() {
        let one = |words: &str| findings(&format!("[[group]]\nwords = {words}\n"));
        assert!(one("[\"a\"]")[0].contains("1 élément(s)"));
        assert!(one("[\"a\", \"?!\"]")[0].contains("ni lettre ni chiffre"));
        assert!(
            one("[\"a\", \"un deux trois quatre cinq six sept huit neuf dix onze douze treize\"]")
                [0]
            .contains("13 mots")
        );
        assert!(one("\"a\"")[0].contains("une liste"));
        assert!(findings("")[0].contains("aucun groupe"));
        assert!(!findings("[[groupe]]\nwords = [\"a\", \"b\"]\n").is_empty());
    }
}
