//! What modules are counted and filtered by.
//!
//! Counts are those of a choice among several: a facet counts what would be found with another of its
//! values, so its own filter does not apply to it, and those of the other facets do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Filter;
use crate::catalogue::Edition;

/// How many facets there are.
pub(super) const FACETS: usize = 7;
const THEME: usize = 0;
const AUDIENCE: usize = 1;
const LEVEL: usize = 2;
const RECOMMENDATION: usize = 3;
const PROVIDER: usize = 4;
const LANGUAGE: usize = 5;
const DURATION: usize = 6;

/// How many modules have each value: counts of modules, never of persons.
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
    /// By provider, under its organisation reference.
    pub provider: BTreeMap<String, u32>,
    /// By language.
    pub language: BTreeMap<String, u32>,
    /// By announced duration, under the codes of [`Band`].
    pub duration: BTreeMap<String, u32>,
}

/// A band of announced durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// 15 minutes at most.
    UpTo15,
    /// 16 to 30 minutes.
    UpTo30,
    /// 31 to 60 minutes.
    UpTo60,
    /// Over 60 minutes.
    Over60,
}

impl Band {
    /// The band of a duration, in minutes.
    pub fn of(minutes: u32) -> Self {
        match minutes {
            0..=15 => Self::UpTo15,
            16..=30 => Self::UpTo30,
            31..=60 => Self::UpTo60,
            _ => Self::Over60,
        }
    }

    /// Every band, the shortest first.
    pub const ALL: [Self; 4] = [Self::UpTo15, Self::UpTo30, Self::UpTo60, Self::Over60];

    /// The band of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|band| band.code() == code)
    }

    /// Its code in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::UpTo15 => "0-15",
            Self::UpTo30 => "16-30",
            Self::UpTo60 => "31-60",
            Self::Over60 => "61-",
        }
    }
}

/// The values of one facet, and those of each module.
#[derive(Debug, Default)]
struct Facet {
    /// Every value, sorted.
    names: Vec<String>,
    /// Where the values of each module begin in `values`, and after the last, where they end.
    starts: Vec<u32>,
    values: Vec<u16>,
}

impl Facet {
    fn of(docs: &[Arc<Edition>], read: impl Fn(&Edition) -> Vec<String>) -> Self {
        let all: Vec<Vec<String>> = docs.iter().map(|doc| read(doc)).collect();
        let names: BTreeSet<&String> = all.iter().flatten().collect();
        let names: Vec<String> = names.into_iter().cloned().collect();
        let mut facet = Self { starts: vec![0], ..Self::default() };
        for values in &all {
            let ranks = values.iter().filter_map(|value| names.binary_search(value).ok());
            facet.values.extend(ranks.filter_map(|rank| u16::try_from(rank).ok()));
            facet.starts.push(u32::try_from(facet.values.len()).unwrap_or(u32::MAX));
        }
        Self { names, ..facet }
    }

    fn values(&self, doc: usize) -> &[u16] {
        &self.values[self.starts[doc] as usize..self.starts[doc + 1] as usize]
    }
}

/// What each module is counted under.
#[derive(Debug)]
pub(super) struct Values {
    facets: [Facet; FACETS],
    /// Announced durations, in minutes.
    minutes: Vec<u32>,
}

impl Values {
    /// Those of these modules.
    pub fn of(docs: &[Arc<Edition>]) -> Self {
        fn texts<T: ToString>(values: &[T]) -> Vec<String> {
            values.iter().map(ToString::to_string).collect()
        }
        let facets = [
            Facet::of(docs, |e| e.content.manifest.themes.clone()),
            Facet::of(docs, |e| texts(&e.content.manifest.audiences)),
            Facet::of(docs, |e| vec![e.content.manifest.level.to_string()]),
            Facet::of(docs, |e| texts(&e.content.manifest.recommendations)),
            Facet::of(docs, |e| vec![e.content.manifest.provider.clone()]),
            Facet::of(docs, |e| vec![e.content.manifest.language.clone()]),
            Facet::of(docs, |e| {
                vec![Band::of(e.content.manifest.duration_minutes).code().to_owned()]
            }),
        ];
        let minutes = docs.iter().map(|e| e.content.manifest.duration_minutes).collect();
        Self { facets, minutes }
    }

    /// The themes of a module, under their ranks.
    pub fn themes(&self, doc: usize) -> &[u16] {
        self.facets[THEME].values(doc)
    }

    /// How many modules have a theme.
    pub fn with_theme(&self, theme: u16) -> usize {
        self.facets[THEME].values.iter().filter(|&&value| value == theme).count()
    }

    /// Those of `docs` that a filter keeps, in their order, and the counts of every facet.
    pub fn sift(&self, docs: impl Iterator<Item = usize>, filter: &Filter) -> (Vec<usize>, Facets) {
        let wanted = self.wanted(filter);
        let mut counts: [Vec<u32>; FACETS] =
            std::array::from_fn(|facet| vec![0; self.facets[facet].names.len()]);
        let mut kept = Vec::new();
        for doc in docs {
            let mut failed = None;
            let mut failures = 0;
            for (rank, facet) in self.facets.iter().enumerate() {
                let own = wanted[rank].as_ref();
                let fits = own.is_none_or(|own| facet.values(doc).iter().any(|&v| own[v as usize]));
                let short = rank != DURATION
                    || filter.max_minutes.is_none_or(|most| self.minutes[doc] <= most);
                if !(fits && short) {
                    (failed, failures) = (Some(rank), failures + 1);
                }
            }
            let counted = match (failures, failed) {
                (0, _) => {
                    kept.push(doc);
                    0..FACETS
                }
                (1, Some(rank)) => rank..rank + 1,
                _ => continue,
            };
            for rank in counted {
                let values = self.facets[rank].values(doc);
                values.iter().for_each(|&value| counts[rank][value as usize] += 1);
            }
        }
        (kept, self.named(&counts))
    }

    /// For each facet that is filtered, which of its values are wanted.
    fn wanted(&self, filter: &Filter) -> [Option<Vec<bool>>; FACETS] {
        let mut wanted: [Option<Vec<bool>>; FACETS] = Default::default();
        let mut want = |rank: usize, values: Vec<String>| {
            let names = &self.facets[rank].names;
            wanted[rank] = (!values.is_empty())
                .then(|| names.iter().map(|name| values.contains(name)).collect());
        };
        want(THEME, filter.theme.clone());
        want(AUDIENCE, filter.audience.iter().map(ToString::to_string).collect());
        want(LEVEL, filter.level.iter().map(ToString::to_string).collect());
        want(RECOMMENDATION, filter.recommendation.iter().map(ToString::to_string).collect());
        want(PROVIDER, filter.provider.clone());
        want(LANGUAGE, filter.language.clone());
        want(DURATION, filter.duration.iter().map(|band| band.code().to_owned()).collect());
        wanted
    }

    fn named(&self, counts: &[Vec<u32>; FACETS]) -> Facets {
        let named = |rank: usize| {
            let pairs = self.facets[rank].names.iter().zip(&counts[rank]);
            pairs.filter(|(_, count)| **count > 0).map(|(n, count)| (n.clone(), *count)).collect()
        };
        Facets {
            theme: named(THEME),
            audience: named(AUDIENCE),
            level: named(LEVEL),
            recommendation: named(RECOMMENDATION),
            provider: named(PROVIDER),
            language: named(LANGUAGE),
            duration: named(DURATION),
        }
    }
}
