//! The modules that go with another: the same themes, before or after it, for the same people, in the
//! same words.

use std::collections::HashMap;
use std::sync::Arc;

use super::index::Index;
use super::reading::{Field, Section};
use crate::catalogue::{Catalogue, Edition};
use crate::content::{Manifest, ModuleCode};

/// Most modules that are told.
const MOST: usize = 5;
/// What each tie is worth: a theme that few share, a prerequisite one way or the other, an audience in
/// common, and the words of the titles, summaries and objectives when they are all alike.
const THEME: f32 = 2.0;
const PREREQUISITE: f32 = 4.0;
const AUDIENCE: f32 = 1.0;
const WORDS: f32 = 8.0;
/// Least that ties are worth: an audience in common alone is none.
const LEAST: f32 = 1.5;

/// The modules that go best with one, the closest first; none for a module that is not published.
pub fn related(catalogue: &Catalogue, code: &ModuleCode) -> Vec<Arc<Edition>> {
    let index = catalogue.index();
    let Ok(own) = index.docs.binary_search_by(|doc| doc.code().cmp(code)) else {
        return Vec::new();
    };
    let mut scores = alike(index, own);
    for (doc, score) in scores.iter_mut().enumerate() {
        *score = WORDS * *score + ties(index, own, doc);
    }
    let mut ranked: Vec<(usize, f32)> = scores.into_iter().enumerate().collect();
    ranked.retain(|&(doc, score)| doc != own && score >= LEAST);
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.into_iter().take(MOST).map(|(doc, _)| index.docs[doc].clone()).collect()
}

fn ties(index: &Index, own: usize, other: usize) -> f32 {
    let (a, b) = (manifest(index, own), manifest(index, other));
    let asks = |one: &Manifest, of: &ModuleCode| {
        one.prerequisites.iter().any(|prerequisite| prerequisite.any_of.contains(of))
    };
    let themes = index.values.themes(own).iter().filter(|t| index.values.themes(other).contains(t));
    let themes: f32 = themes.map(|&theme| rarity(index, index.values.with_theme(theme))).sum();
    let next = if asks(a, &b.code) || asks(b, &a.code) { PREREQUISITE } else { 0.0 };
    let audience = a.audiences.iter().any(|audience| b.audiences.contains(audience));
    THEME * themes + next + if audience { AUDIENCE } else { 0.0 }
}

fn manifest(index: &Index, doc: usize) -> &Manifest {
    &index.docs[doc].content.manifest
}

/// For each module, how many of the words that say what this one is about say what it is about too,
/// the rare ones counting most: from 0 to 1.
fn alike(index: &Index, own: usize) -> Vec<f32> {
    let reading = &index.readings[own];
    let mut stems: HashMap<u32, ()> = HashMap::new();
    for rank in 0..reading.lines.len() {
        if matches!(
            reading.lines[rank].section,
            Section::Title | Section::Summary | Section::Objectives
        ) {
            let words = &reading.words[reading.line(rank)];
            stems.extend(words.iter().map(|&form| (index.lexicon.stem(form), ())));
        }
    }
    let mut stems: Vec<u32> = stems.into_keys().collect();
    stems.sort_unstable();
    let (mut scores, mut total) = (vec![0.0; index.docs.len()], 0.0);
    for stem in stems {
        let mut standing: Vec<u32> = Vec::new();
        for &form in index.lexicon.forms_of(stem) {
            let said = |counts: &[u8; 4]| {
                counts[Field::Title as usize] > 0 || counts[Field::Head as usize] > 0
            };
            standing.extend(index.postings(form).iter().filter(|p| said(&p.counts)).map(|p| p.doc));
        }
        standing.sort_unstable();
        standing.dedup();
        let worth = rarity(index, standing.len());
        total += worth;
        standing.iter().for_each(|&doc| scores[doc as usize] += worth);
    }
    scores.iter_mut().for_each(|score| *score /= f32::max(total, 1.0));
    scores
}

/// What is everywhere is worth nothing.
fn rarity(index: &Index, standing: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "counts of modules")]
    let (count, standing) = (index.docs.len() as f32, standing.max(1) as f32);
    (count / standing).ln()
}
