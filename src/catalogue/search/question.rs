//! What was typed, as what is looked for: units, each to be found by any of its forms.

use super::expressions::{Match, numbered};
use super::index::Index;
use super::lexicon::Form;
use super::reading::pair_key;
use super::typos;
use super::words::{Join, Stems, Word, is_empty_word, is_operator, words};
use crate::error::{Fault, Reason, Refusal, Result};

/// What a form is worth when it stands for what was typed: the same word, another of its stem, a
/// synonym; and what a unit is worth when a word of it had to be corrected.
const SAME: f32 = 1.0;
const STEM: f32 = 0.95;
const SYNONYM: f32 = 0.55;
const CORRECTED: f32 = 0.6;

/// Most units of a question: what comes after is passed over.
const MOST_UNITS: usize = 32;

/// Most words read of a question: what comes after is passed over.
const MOST_WORDS: usize = 32;

/// Most words of a question that are corrected or guessed: each is compared with the whole lexicon.
const MOST_CORRECTED: usize = 8;

/// What is looked for as one.
#[derive(Clone, Debug, Default)]
pub(super) struct Unit {
    /// The forms that are it, each with what it is worth (0 to 1).
    pub forms: Vec<(Form, f32)>,
    /// What all of it is worth, beside the other units (0 to 1).
    pub worth: f32,
    /// The stems to show as found, in order where they are several.
    pub shown: Vec<Vec<u32>>,
    /// The stem of what was typed, where it is one word.
    stem: Option<String>,
}

/// A question, read.
#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    /// What is looked for.
    pub units: Vec<Unit>,
    /// The forms of two units that follow each other: nothing has to have them, and what has is better.
    pub pairs: Vec<Form>,
    /// What was probably meant, when a word had to be corrected.
    pub corrected: Option<String>,
    /// The words, for a guess when nothing is found.
    words: Vec<Typed>,
}

/// A word that was typed, perhaps corrected.
#[derive(Clone, Debug)]
struct Typed {
    word: Word,
    corrected: bool,
    /// Other words that it may be meant for.
    others: Vec<String>,
}

impl Question {
    /// Reads what was typed; nothing for blanks.
    ///
    /// # Errors
    /// `invalid-parameter` for what has no word, or nothing but operators.
    pub fn read(index: &Index, typed: &str) -> Result<Option<Self>> {
        if typed.trim().is_empty() {
            return Ok(None);
        }
        let read = words(typed);
        if read.iter().all(|word| is_operator(&word.text)) {
            return Err(no_word());
        }
        let stems = Stems::default();
        let words = corrected(index, read.into_iter().take(MOST_WORDS), &stems);
        let mut question = Self { words, ..Self::default() };
        question.corrected = question.rewritten(index, |typed| typed.corrected);
        question.units = units(index, &question.words, &stems, false);
        if question.units.is_empty() {
            // Words that say nothing are looked for when there is nothing else.
            question.units = units(index, &question.words, &stems, true);
        }
        question.units.truncate(MOST_UNITS);
        question.pairs = pairs(index, &question.units);
        Ok(Some(question))
    }

    /// What was perhaps meant, two slips away, when nothing was found.
    pub fn guess(&self, index: &Index) -> Option<String> {
        let mut guessed = self.clone();
        let mut any = false;
        let wanted = guessed.words.iter_mut().filter(|typed| !is_empty_word(&typed.word.text));
        for typed in wanted.take(MOST_CORRECTED) {
            if let Some(guess) = typos::guesses(index, &typed.word.text).into_iter().next() {
                typed.word.text = guess;
                typed.corrected = true;
                any = true;
            }
        }
        if any { guessed.rewritten(index, |typed| typed.corrected) } else { None }
    }

    /// The question with its corrected words, as they are written in the catalogue.
    fn rewritten(&self, index: &Index, is_other: impl Fn(&Typed) -> bool) -> Option<String> {
        if !self.words.iter().any(is_other) {
            return None;
        }
        let mut text = String::new();
        for typed in &self.words {
            if !text.is_empty() && typed.word.join != Join::Glued {
                text.push(if typed.word.join == Join::Hyphen { '-' } else { ' ' });
            }
            let word = &typed.word.text;
            let shown = index.lexicon.find(word).map(|form| index.lexicon.shown(form));
            text.push_str(shown.unwrap_or(word));
        }
        Some(text)
    }
}

fn no_word() -> crate::error::Error {
    let fault = Fault::new(
        "q",
        "aucun mot à chercher : tapez au moins un mot, par exemple « données personnelles »",
        "no word to look for: type at least one, such as `données personnelles`",
    );
    Refusal::naming(Reason::InvalidParameter, vec![fault]).into()
}

/// The words, the first that stand nowhere replaced by what they are most likely meant for.
fn corrected(index: &Index, read: impl Iterator<Item = Word>, stems: &Stems) -> Vec<Typed> {
    let mut all: Vec<Typed> = Vec::new();
    let mut unknown = 0;
    for word in read {
        let stem = stems.of(&word.text);
        let known = word.is_number()
            || is_empty_word(&word.text)
            || index.stands(&word.text, &stem)
            || index.expressions.has_word(&word.text)
            || index.expressions.has_stem(&stem);
        let mut typed = Typed { word, corrected: false, others: Vec::new() };
        unknown += usize::from(!known);
        if known || unknown > MOST_CORRECTED {
            all.push(typed);
            continue;
        }
        let mut meant = typos::corrections(index, &typed.word.text).into_iter();
        if let Some(first) = meant.next() {
            typed.word.text = first;
            typed.corrected = true;
            typed.others = meant.collect();
        } else if let Some((first, second)) = typos::split(index, &typed.word.text, stems) {
            let mut before = typed.clone();
            (before.word.text, before.corrected) = (first, true);
            (typed.word.text, typed.corrected, typed.word.join) = (second, true, Join::Hyphen);
            all.push(before);
        }
        all.push(typed);
    }
    all
}

/// What is looked for as one, in order; empty words only where asked for.
fn units(index: &Index, typed: &[Typed], stems: &Stems, with_empty: bool) -> Vec<Unit> {
    let words: Vec<Word> = typed.iter().map(|typed| typed.word.clone()).collect();
    let keys: Vec<String> = words.iter().map(|word| stems.of(&word.text)).collect();
    let (mut units, mut at) = (Vec::new(), 0);
    while at < words.len() {
        let found = index.expressions.at(&keys[at..]).or_else(|| {
            let found = numbered(&words[at..])?;
            // An article that nobody cites is looked for by its words.
            index
                .lexicon
                .find(&found.key)
                .is_some_and(|f| !index.postings(f).is_empty())
                .then_some(found)
        });
        let Some(found) = found else {
            let one = &typed[at];
            if with_empty || !is_empty_word(&one.word.text) {
                units.push(of_word(index, one, &keys[at], stems));
            }
            at += 1;
            continue;
        };
        let of = &typed[at..at + found.len];
        units.push(of_match(index, &found, of));
        at += found.len;
    }
    units
}

fn of_word(index: &Index, typed: &Typed, stem: &str, stems: &Stems) -> Unit {
    let worth = if typed.corrected { CORRECTED } else { SAME };
    let mut unit = Unit { stem: Some(stem.to_owned()), worth, ..Unit::default() };
    add_word(index, &mut unit, &typed.word.text, stem, SAME);
    for other in &typed.others {
        add_word(index, &mut unit, other, &stems.of(other), CORRECTED);
    }
    unit
}

/// What two units that follow each other are together, where it stands somewhere.
fn pairs(index: &Index, units: &[Unit]) -> Vec<Form> {
    let both = units.windows(2).filter_map(|two| two[0].stem.as_ref().zip(two[1].stem.as_ref()));
    both.filter_map(|(first, second)| index.lexicon.find(&pair_key(first, second))).collect()
}

/// A word and the others of its stem.
fn add_word(index: &Index, unit: &mut Unit, word: &str, stem: &str, worth: f32) {
    let lexicon = &index.lexicon;
    let own = lexicon.find(word);
    for &form in lexicon.of_stem(stem).iter().chain(&own) {
        if unit.forms.iter().all(|&(known, _)| known != form) {
            let worth = if Some(form) == own { worth * SAME } else { worth * STEM };
            unit.forms.push((form, worth));
        }
    }
    unit.shown.extend(lexicon.stem_of(stem).map(|stem| vec![stem]));
}

/// What several words mean together, and its synonyms.
fn of_match(index: &Index, found: &Match, typed: &[Typed]) -> Unit {
    let worth = if typed.iter().any(|typed| typed.corrected) { CORRECTED } else { SAME };
    let stem = (typed.len() == 1).then(|| found.key.clone());
    let mut unit = Unit { stem, worth, ..Unit::default() };
    let word = (typed.len() == 1).then(|| typed[0].word.text.as_str());
    add_key(index, &mut unit, &found.key, word, SAME);
    let group = found.group.map_or(&[][..], |group| index.expressions.group(group));
    for key in group.iter().filter(|key| **key != found.key) {
        add_key(index, &mut unit, key, None, SYNONYM);
    }
    unit
}

/// The forms of an expression: those of a stem when it is one word.
fn add_key(index: &Index, unit: &mut Unit, key: &str, word: Option<&str>, worth: f32) {
    let lexicon = &index.lexicon;
    if key.contains(' ') || key.starts_with('#') {
        unit.forms.extend(lexicon.find(key).map(|form| (form, worth)));
        let parts = key.trim_start_matches("#rec").trim_start_matches('#');
        let parts = parts.split([' ', '-']).filter(|part| !part.is_empty());
        // An expression is made of stems already, and what stands under a number is not.
        let stems = key.starts_with('#').then(Stems::default);
        let stem = |part: &str| stems.as_ref().map_or_else(|| part.to_owned(), |s| s.of(part));
        unit.shown
            .extend(parts.map(|part| lexicon.stem_of(&stem(part))).collect::<Option<Vec<_>>>());
        return;
    }
    let own = word.and_then(|word| lexicon.find(word));
    for &form in lexicon.of_stem(key) {
        let worth = if own.is_none_or(|own| own == form) { worth } else { worth * STEM };
        unit.forms.push((form, worth));
    }
    unit.shown.extend(lexicon.stem_of(key).map(|stem| vec![stem]));
}
