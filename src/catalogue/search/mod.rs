//! Searching what is published. Pure: a catalogue and a filter in, modules, counts and excerpts out.
//!
//! The catalogue carries its own inverted index, made once when it is, off the threads that serve. Words
//! are found whatever their accents, number or gender; by their synonyms, which trainers extend in
//! `synonyms.toml`; and in spite of a slip of the keyboard when they are long. Both engines answer alike,
//! since neither is asked.

mod expressions;
mod facets;
mod index;
mod lexicon;
mod markup;
mod order;
mod question;
mod rank;
mod reading;
mod related;
mod snippet;
mod typos;
mod words;

use std::sync::Arc;

pub use facets::{Band, Facets};
pub(super) use index::Index;
pub use order::{Key, Sort};
pub use rank::Matched;
pub use related::related;
pub use snippet::{Excerpt, Highlights, Part};

use self::question::Question;
use self::rank::{Ranked, rank};
use self::snippet::Marker;
use super::{Catalogue, Edition};
use crate::content::{Audience, Level};
use crate::error::Result;

/// What is looked for; an absent criterion asks for nothing, and of several values of one any will do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words to be found in the code, title, summary, objectives, themes or lessons.
    pub q: Option<String>,
    /// Themes.
    pub theme: Vec<String>,
    /// Publics.
    pub audience: Vec<Audience>,
    /// Awareness or training.
    pub level: Vec<Level>,
    /// Recommendations of Senate report n° 447 (1 to 11).
    pub recommendation: Vec<u8>,
    /// Organisation references of providers, as the modules state them.
    pub provider: Vec<String>,
    /// The longest announced duration, in minutes.
    pub max_minutes: Option<u32>,
    /// Bands of announced durations.
    pub duration: Vec<Band>,
    /// Two-letter language codes.
    pub language: Vec<String>,
    /// The order; without one, the best answers first where there are words, or else by code.
    pub sort: Option<Sort>,
}

/// A module found.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'c> {
    /// Its latest version.
    pub edition: &'c Arc<Edition>,
    /// How well it answers, in thousandths; 0 where no word was looked for. It compares with those of
    /// the same answer, and with nothing else.
    pub score: u32,
    doc: usize,
}

/// What was found.
#[derive(Debug)]
pub struct Found<'c> {
    /// Every module found, in the order that was asked for.
    pub hits: Vec<Hit<'c>>,
    /// How many modules have each value, its own filter apart.
    pub facets: Facets,
    /// Whether they have every word; none where no word was looked for.
    pub matched: Option<Matched>,
    /// What was probably meant, where a word was mistyped.
    pub suggestion: Option<String>,
    /// The order.
    pub sort: Sort,
    index: &'c Index,
    marker: Option<Marker>,
}

impl Found<'_> {
    /// Where a module of this answer says what was looked for; none where no word was.
    pub fn highlights(&self, hit: &Hit<'_>) -> Option<Highlights> {
        Some(self.marker.as_ref()?.highlights(self.index, hit.doc))
    }
}

/// Every module that a filter finds, their order, their facets, and what was meant.
///
/// # Errors
/// `invalid-parameter` when the words are none: punctuation, or operators alone.
pub fn search<'c>(catalogue: &'c Catalogue, filter: &Filter) -> Result<Found<'c>> {
    let index = catalogue.index();
    let question = match &filter.q {
        Some(typed) => Question::read(index, typed)?,
        None => None,
    };
    let answers = question.as_ref().map(|question| rank(index, question));
    let (kept, facets) = match &answers {
        Some((ranked, _)) => index.values.sift(ranked.iter().map(|ranked| ranked.doc), filter),
        None => index.values.sift(0..index.docs.len(), filter),
    };
    let score = |doc: usize| {
        let (ranked, _) = answers.as_ref()?;
        let at = ranked.binary_search_by(|ranked: &Ranked| ranked.doc.cmp(&doc)).ok()?;
        Some(ranked[at].score)
    };
    let hit =
        |doc: usize| Hit { edition: &index.docs[doc], score: score(doc).unwrap_or_default(), doc };
    let mut hits: Vec<Hit<'_>> = kept.into_iter().map(hit).collect();
    let usual = if question.is_some() { Sort::Relevance } else { Sort::Code };
    let sort = filter.sort.unwrap_or(usual);
    if sort != Sort::Code {
        hits.sort_unstable_by_key(|hit| sort.place(hit));
    }
    let nothing = answers.as_ref().is_some_and(|(ranked, _)| ranked.is_empty());
    let suggestion = question.as_ref().and_then(|question| {
        question.corrected.clone().or_else(|| nothing.then(|| question.guess(index)).flatten())
    });
    let marker = question.as_ref().map(|question| Marker::of(index, question));
    let matched = answers.map(|(_, matched)| matched);
    Ok(Found { hits, facets, matched, suggestion, sort, index, marker })
}
