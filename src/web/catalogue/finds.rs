//! What the catalogue finds, as a page shows it: the only file of the pages that knows the search.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::looked::{Looked, PER_PAGE, Sort};
use crate::catalogue::search::{self, Filter};
use crate::catalogue::{Catalogue, Edition};
use crate::content::{Audience, Level, NO_LEGAL_REVIEW, Status};
use crate::web::words;

/// Most modules that are shown as related to one.
const RELATED: usize = 4;

/// What was found, cut to a page.
pub struct Finds {
    /// How many modules in all.
    pub total: usize,
    /// Those of this page.
    pub hits: Vec<Hit>,
    /// Ways to narrow, those with something in them.
    pub facets: Vec<Facet>,
}

/// A module found.
pub struct Hit {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Where it speaks of what is looked for: texts, and whether each is to be marked.
    pub snippet: Vec<(String, bool)>,
    /// Its provider.
    pub provider: String,
    /// Its level, duration and audiences, as one line.
    pub line: String,
    /// Whether it is a part of a module.
    pub extract: bool,
    /// Whether no jurist has read it.
    pub unreviewed: bool,
}

/// A way to narrow.
pub struct Facet {
    /// What it is about.
    pub label: &'static str,
    /// Its values.
    pub choices: Vec<Choice>,
}

/// A value of a facet.
pub struct Choice {
    /// What it is called.
    pub label: String,
    /// How many modules have it: never a count of persons.
    pub count: u32,
    /// The address that takes it, or gives it up if it is taken.
    pub href: String,
    /// Whether it is taken.
    pub chosen: bool,
}

/// Looks.
pub fn look(catalogue: &Catalogue, looked: &Looked) -> Finds {
    let filter = Filter {
        q: Some(looked.q.clone()).filter(|q| !q.trim().is_empty()),
        theme: looked.theme.clone(),
        audience: looked.audience,
        level: looked.level,
        recommendation: looked.recommendation,
        ..Filter::default()
    };
    let (mut found, counts) = search::search(catalogue, &filter);
    match looked.sort {
        Sort::Relevance => {}
        Sort::Date => found.sort_by_key(|e| std::cmp::Reverse(e.version.published_at)),
        Sort::Duration => found.sort_by_key(|e| e.content.manifest.duration_minutes),
    }
    let page = found.iter().skip(looked.page * PER_PAGE).take(PER_PAGE);
    Finds { total: found.len(), hits: page.map(hit).collect(), facets: facets(looked, &counts) }
}

/// The modules that have the most themes in common with one.
pub fn related(catalogue: &Catalogue, edition: &Edition) -> Vec<Hit> {
    let themes = &edition.content.manifest.themes;
    let shared = |other: &Edition| {
        other.content.manifest.themes.iter().filter(|theme| themes.contains(theme)).count()
    };
    let others = catalogue.editions().filter(|other| other.module.id != edition.module.id);
    let mut others: Vec<_> = others.filter(|other| shared(other) > 0).collect();
    others.sort_by_key(|other| std::cmp::Reverse(shared(other)));
    others.into_iter().take(RELATED).map(hit).collect()
}

/// A module as lists show it.
pub fn hit(edition: &Arc<Edition>) -> Hit {
    let manifest = &edition.content.manifest;
    let audiences: Vec<_> = manifest.audiences.iter().map(|a| words::audience(*a)).collect();
    Hit {
        code: manifest.code.to_string(),
        title: manifest.title.clone(),
        snippet: vec![(manifest.summary.clone(), false)],
        provider: edition.provider.name.clone(),
        line: [
            words::level(manifest.level).to_owned(),
            words::minutes(manifest.duration_minutes),
            audiences.join(", "),
        ]
        .join(" · "),
        extract: manifest.status == Status::Extract,
        unreviewed: manifest.legal_review == NO_LEGAL_REVIEW,
    }
}

fn facets(looked: &Looked, counts: &search::Facets) -> Vec<Facet> {
    let audience = |value: &str| Audience::parse(value);
    let level = |value: &str| Level::parse(value);
    let number = |value: &str| value.parse::<u8>().ok();
    let all = [
        Facet {
            label: "Public",
            choices: choices(&counts.audience, |word| {
                let this = audience(word)?;
                let chosen = looked.audience == Some(this);
                let href = looked.changed(|l| l.audience = (!chosen).then_some(this));
                Some((words::audience(this).to_owned(), href, chosen))
            }),
        },
        Facet {
            label: "Niveau",
            choices: choices(&counts.level, |word| {
                let this = level(word)?;
                let chosen = looked.level == Some(this);
                let href = looked.changed(|l| l.level = (!chosen).then_some(this));
                Some((words::level(this).to_owned(), href, chosen))
            }),
        },
        Facet {
            label: "Thème",
            choices: choices(&counts.theme, |word| {
                let chosen = looked.theme.as_deref() == Some(word);
                let href = looked.changed(|l| l.theme = (!chosen).then(|| word.to_owned()));
                Some((words::theme(word), href, chosen))
            }),
        },
        Facet {
            label: "Recommandation du Sénat (rapport n° 447)",
            choices: choices(&counts.recommendation, |word| {
                let this = number(word)?;
                let chosen = looked.recommendation == Some(this);
                let href = looked.changed(|l| l.recommendation = (!chosen).then_some(this));
                Some((format!("N° {this}"), href, chosen))
            }),
        },
    ];
    all.into_iter().filter(|facet| !facet.choices.is_empty()).collect()
}

/// The values of a facet: numbers in their order, words by how many modules have them.
fn choices(
    counts: &BTreeMap<String, u32>,
    name: impl Fn(&str) -> Option<(String, String, bool)>,
) -> Vec<Choice> {
    let mut values: Vec<_> = counts.iter().collect();
    values.sort_by_key(|(word, count)| match word.parse::<u8>() {
        Ok(number) => (u32::from(number), 0),
        Err(_) => (u32::MAX, u32::MAX - **count),
    });
    let choice = |(word, count): (&String, &u32)| {
        let (label, href, chosen) = name(word)?;
        Some(Choice { label, count: *count, href, chosen })
    };
    values.into_iter().filter_map(choice).collect()
}
