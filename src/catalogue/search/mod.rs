//! Searching what is published. Pure: a snapshot and a filter in, modules and counts out.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Catalogue, Edition};
use crate::content::{Audience, Level};
use crate::text;

/// What is looked for; an absent criterion asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words, each to be found in the code, title, summary or objectives, whatever their accents.
    pub q: Option<String>,
    /// A theme.
    pub theme: Option<String>,
    /// A public.
    pub audience: Option<Audience>,
    /// Awareness or training.
    pub level: Option<Level>,
    /// A recommendation of Senate report n° 447 (1 to 11).
    pub recommendation: Option<u8>,
    /// The organisation reference of a provider, as the module states it.
    pub provider: Option<String>,
    /// The longest announced duration, in minutes.
    pub max_minutes: Option<u32>,
    /// A two-letter language code.
    pub language: Option<String>,
}

/// How many of the modules found have each value: counts of modules, never of persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By theme.
    pub theme: BTreeMap<String, u32>,
    /// By public.
    pub audience: BTreeMap<String, u32>,
    /// By level.
    pub level: BTreeMap<String, u32>,
    /// By recommendation.
    pub recommendation: BTreeMap<String, u32>,
}

/// Every module that a filter finds, in the order of codes, and their facets.
pub fn search(catalogue: &Catalogue, filter: &Filter) -> (Vec<Arc<Edition>>, Facets) {
    let words: Vec<String> = filter
        .q
        .iter()
        .flat_map(|q| text::folded(q).split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let found: Vec<_> = catalogue.editions().filter(|e| fits(e, filter, &words)).cloned().collect();
    let facets = facets(&found);
    (found, facets)
}

fn fits(edition: &Edition, filter: &Filter, words: &[String]) -> bool {
    let manifest = &edition.content.manifest;
    let is = |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|w| w == value);
    filter.theme.as_ref().is_none_or(|t| manifest.themes.contains(t))
        && filter.audience.is_none_or(|a| manifest.audiences.contains(&a))
        && filter.level.is_none_or(|l| manifest.level == l)
        && filter.recommendation.is_none_or(|r| manifest.recommendations.contains(&r))
        && is(&filter.provider, &manifest.provider)
        && filter.max_minutes.is_none_or(|m| manifest.duration_minutes <= m)
        && is(&filter.language, &manifest.language)
        && (words.is_empty() || {
            let text = edition.searched();
            words.iter().all(|word| text.contains(word.as_str()))
        })
}

fn facets(found: &[Arc<Edition>]) -> Facets {
    fn count(into: &mut BTreeMap<String, u32>, value: impl ToString) {
        *into.entry(value.to_string()).or_default() += 1;
    }
    let mut facets = Facets::default();
    for manifest in found.iter().map(|e| &e.content.manifest) {
        manifest.themes.iter().for_each(|t| count(&mut facets.theme, t));
        manifest.audiences.iter().for_each(|a| count(&mut facets.audience, a));
        count(&mut facets.level, manifest.level);
        manifest.recommendations.iter().for_each(|r| count(&mut facets.recommendation, r));
    }
    facets
}
