//! What a search answers, and how it is asked.

use std::collections::BTreeMap;

use poem_openapi::{Enum, Object};

use super::bodies::Item;
use crate::catalogue::search::{
    Band, Excerpt, Facets, Found, Highlights, Hit, Matched, Part, Sort,
};
use crate::error::Result;
use crate::http::page::{Page, cursor};

/// In which order modules are listed.
#[derive(Clone, Copy, Enum)]
#[oai(rename = "ModuleSort", rename_all = "snake_case")]
pub(super) enum SortParam {
    /// The best answers first: the usual order where `q` is given.
    Relevance,
    /// The latest published first.
    Date,
    /// The shortest first.
    Duration,
    /// By code: the usual order without `q`.
    Code,
}

impl From<SortParam> for Sort {
    fn from(value: SortParam) -> Self {
        match value {
            SortParam::Relevance => Self::Relevance,
            SortParam::Date => Self::Date,
            SortParam::Duration => Self::Duration,
            SortParam::Code => Self::Code,
        }
    }
}

/// A band of announced durations, in minutes.
#[derive(Clone, Copy, Enum)]
#[oai(rename = "DurationBand")]
pub(super) enum BandParam {
    /// 15 minutes at most.
    #[oai(rename = "0-15")]
    UpTo15,
    /// 16 to 30 minutes.
    #[oai(rename = "16-30")]
    UpTo30,
    /// 31 to 60 minutes.
    #[oai(rename = "31-60")]
    UpTo60,
    /// Over 60 minutes.
    #[oai(rename = "61-")]
    Over60,
}

impl From<BandParam> for Band {
    fn from(value: BandParam) -> Self {
        match value {
            BandParam::UpTo15 => Self::UpTo15,
            BandParam::UpTo30 => Self::UpTo30,
            BandParam::UpTo60 => Self::UpTo60,
            BandParam::Over60 => Self::Over60,
        }
    }
}

/// Whether what was found has every word that was looked for.
#[derive(Clone, Copy, Enum)]
#[oai(rename = "WordsMatched", rename_all = "snake_case")]
pub(super) enum MatchedWords {
    /// Every word.
    All,
    /// Some of them: no module has them all.
    Some,
}

impl From<Matched> for MatchedWords {
    fn from(value: Matched) -> Self {
        match value {
            Matched::All => Self::All,
            Matched::Some => Self::Some,
        }
    }
}

/// How many modules have each value. A facet counts what would be found with another of its values:
/// its own filter does not apply to it, the others do.
#[derive(Object)]
#[oai(rename = "ModuleFacets")]
pub(super) struct FacetCounts {
    /// By theme.
    theme: BTreeMap<String, u32>,
    /// By public.
    audience: BTreeMap<String, u32>,
    /// By level.
    level: BTreeMap<String, u32>,
    /// By recommendation.
    recommendation: BTreeMap<String, u32>,
    /// By provider, under its organisation reference.
    provider: BTreeMap<String, u32>,
    /// By language.
    language: BTreeMap<String, u32>,
    /// By band of announced durations, in minutes: `0-15`, `16-30`, `31-60`, `61-`.
    duration: BTreeMap<String, u32>,
}

impl From<Facets> for FacetCounts {
    fn from(facets: Facets) -> Self {
        let Facets { theme, audience, level, recommendation, provider, language, duration } =
            facets;
        Self { theme, audience, level, recommendation, provider, language, duration }
    }
}

/// A part of a text. It is text, not HTML: escape it where it is shown.
#[derive(Object)]
#[oai(rename = "TextPart")]
pub(super) struct TextPart {
    /// The text.
    text: String,
    /// Whether it is what was looked for.
    mark: bool,
}

/// An excerpt of a lesson.
#[derive(Object)]
#[oai(rename = "LessonExcerpt")]
struct LessonExcerpt {
    /// The lesson's slug.
    slug: String,
    /// The lesson's title.
    title: String,
    /// What it says, in parts.
    parts: Vec<TextPart>,
}

/// Where a module says what was looked for.
#[derive(Object)]
#[oai(rename = "ModuleHighlights")]
pub(super) struct Shown {
    /// The whole title, in parts.
    title: Vec<TextPart>,
    /// The whole summary, in parts.
    summary: Vec<TextPart>,
    /// The line of a lesson that says most of it, where one does.
    #[oai(skip_serializing_if_is_none)]
    lesson: Option<LessonExcerpt>,
}

fn parts(parts: Vec<Part>) -> Vec<TextPart> {
    parts.into_iter().map(|Part { text, mark }| TextPart { text, mark }).collect()
}

impl From<Highlights> for Shown {
    fn from(Highlights { title, summary, lesson }: Highlights) -> Self {
        let excerpt = |Excerpt { slug, title, parts: said }: Excerpt| LessonExcerpt {
            slug,
            title,
            parts: parts(said),
        };
        Self { title: parts(title), summary: parts(summary), lesson: lesson.map(excerpt) }
    }
}

/// A page of the catalogue.
#[derive(Object)]
#[oai(rename = "ModulePage")]
pub(super) struct Items {
    /// Modules, in the order that `sort` says.
    pub(super) items: Vec<Item>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
    /// How many modules were found, whatever the page.
    pub(super) total: u32,
    /// Where `q` is given: whether what was found has `all` its words, or only `some`, because nothing
    /// has them all.
    #[oai(skip_serializing_if_is_none)]
    pub(super) matched: Option<MatchedWords>,
    /// What was probably meant, where a word of `q` was mistyped.
    #[oai(skip_serializing_if_is_none)]
    pub(super) suggestion: Option<String>,
    /// Counts over everything found, whatever the page.
    pub(super) facets: FacetCounts,
}

/// Modules that go with another.
#[derive(Object)]
#[oai(rename = "RelatedModules")]
pub(super) struct Related {
    /// Five at most, the closest first.
    pub(super) items: Vec<Item>,
}

/// The values of a parameter that takes several between commas.
pub(super) fn several(given: Option<String>) -> Vec<String> {
    let values = given.iter().flat_map(|values| values.split(','));
    values.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// One page of what was found.
pub(super) fn told(found: &Found<'_>, page: &Page) -> Result<Items> {
    let after = page.after.as_deref().map(|after| found.sort.read(after)).transpose()?;
    let seen = |hit: &Hit<'_>| after.as_ref().is_some_and(|after| found.sort.key(hit) <= *after);
    // The hits are in the order of their keys.
    let rest = &found.hits[found.hits.partition_point(seen)..];
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let told = &rest[..limit.min(rest.len())];
    let last = told.last().filter(|_| rest.len() > told.len());
    let item = |hit: &Hit<'_>| Item::found(hit.edition, found.highlights(hit));
    Ok(Items {
        items: told.iter().map(item).collect(),
        next: last.map(|hit| cursor(&found.sort.written(&found.sort.key(hit)))),
        total: u32::try_from(found.hits.len()).unwrap_or(u32::MAX),
        matched: found.matched.map(Into::into),
        suggestion: found.suggestion.clone(),
        facets: found.facets.clone().into(),
    })
}
