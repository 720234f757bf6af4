//! What the catalogue finds, as a page shows it: the only file of the pages that knows the search.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::looked::{Looked, PER_PAGE};
use crate::catalogue::search::{self, Band, Filter, Highlights, Matched, Part};
use crate::catalogue::{Catalogue, Edition};
use crate::content::{Audience, Level, NO_LEGAL_REVIEW, Status};
use crate::error::Result;
use crate::web::words;

/// Most modules that are shown as related to one.
const RELATED: usize = 4;

/// What was found, cut to a page.
#[derive(Default)]
pub struct Finds {
    /// How many modules in all.
    pub total: usize,
    /// Those of this page.
    pub hits: Vec<Hit>,
    /// Ways to narrow, those with something in them.
    pub facets: Vec<Facet>,
    /// Whether no module has every word, and those that have most of them are shown.
    pub most_words: bool,
    /// The words that were probably meant, and the address that looks for them.
    pub meant: Option<(String, String)>,
}

/// A module found.
pub struct Hit {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Its title with what was looked for marked.
    pub headline: Vec<Part>,
    /// Where it speaks of what is looked for, or its summary.
    pub snippet: Vec<Part>,
    /// The slug and the title of the lesson that says so.
    pub lesson: Option<(String, String)>,
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
///
/// # Errors
/// `invalid-parameter` when what is looked for is no word.
pub fn look(catalogue: &Catalogue, looked: &Looked) -> Result<Finds> {
    let filter = Filter {
        q: Some(looked.q.clone()).filter(|q| !q.trim().is_empty()),
        theme: looked.theme.iter().cloned().collect(),
        audience: looked.audience.into_iter().collect(),
        level: looked.level.into_iter().collect(),
        recommendation: looked.recommendation.into_iter().collect(),
        provider: looked.provider.iter().cloned().collect(),
        duration: looked.duration.into_iter().collect(),
        sort: looked.sort.of_search(),
        ..Filter::default()
    };
    let found = search::search(catalogue, &filter)?;
    let page = found.hits.iter().skip(looked.page * PER_PAGE).take(PER_PAGE);
    let hits = page.map(|seen| match found.highlights(seen) {
        Some(highlights) => marked(hit(seen.edition), highlights),
        None => hit(seen.edition),
    });
    let meant = found
        .suggestion
        .as_ref()
        .map(|words| (words.clone(), looked.changed(|other| other.q.clone_from(words))));
    Ok(Finds {
        total: found.hits.len(),
        hits: hits.collect(),
        facets: facets(catalogue, looked, &found.facets),
        most_words: found.matched == Some(Matched::Some) && !found.hits.is_empty(),
        meant,
    })
}

/// The same module, what was looked for marked, and told from the lesson that says it where the
/// summary does not.
fn marked(hit: Hit, highlights: Highlights) -> Hit {
    let Highlights { title, summary, lesson } = highlights;
    let said = summary.iter().any(|part| part.mark);
    match lesson.filter(|_| !said) {
        None => Hit { headline: title, snippet: summary, ..hit },
        Some(told) => {
            let lesson = Some((told.slug, told.title));
            Hit { headline: title, snippet: told.parts, lesson, ..hit }
        }
    }
}

/// The modules that go with one, the closest first.
pub fn related(catalogue: &Catalogue, edition: &Edition) -> Vec<Hit> {
    search::related(catalogue, edition.code()).iter().take(RELATED).map(hit).collect()
}

/// A module as lists show it.
pub fn hit(edition: &Arc<Edition>) -> Hit {
    let manifest = &edition.content.manifest;
    let plain = |text: &String| vec![Part { text: text.clone(), mark: false }];
    let audiences: Vec<_> = manifest.audiences.iter().map(|a| words::audience(*a)).collect();
    Hit {
        code: manifest.code.to_string(),
        title: manifest.title.clone(),
        headline: plain(&manifest.title),
        snippet: plain(&manifest.summary),
        lesson: None,
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

fn facets(catalogue: &Catalogue, looked: &Looked, counts: &search::Facets) -> Vec<Facet> {
    let mut all = Vec::from(facets_of_content(looked, counts));
    all.push(Facet {
        label: "Durée",
        choices: choices(&counts.duration, |code| {
            let this = Band::parse(code)?;
            let chosen = looked.duration == Some(this);
            let href = looked.changed(|l| l.duration = (!chosen).then_some(this));
            Some((words::band(this).to_owned(), href, chosen))
        }),
    });
    all.push(Facet {
        label: "Organisme",
        choices: choices(&counts.provider, |reference| {
            let chosen = looked.provider.as_deref() == Some(reference);
            let href = looked.changed(|l| l.provider = (!chosen).then(|| reference.to_owned()));
            Some((name_of(catalogue, reference), href, chosen))
        }),
    });
    // A single value narrows nothing, unless it is what narrows.
    all.retain(|facet| facet.choices.len() > 1 || facet.choices.iter().any(|c| c.chosen));
    all
}

/// The public name of the provider of the modules that name it so.
fn name_of(catalogue: &Catalogue, reference: &str) -> String {
    let named = |edition: &&Arc<Edition>| edition.content.manifest.provider == reference;
    let named = catalogue.editions().find(named);
    named.map_or_else(|| reference.to_owned(), |edition| edition.provider.name.clone())
}

fn facets_of_content(looked: &Looked, counts: &search::Facets) -> [Facet; 4] {
    let audience = |value: &str| Audience::parse(value);
    let level = |value: &str| Level::parse(value);
    let number = |value: &str| value.parse::<u8>().ok();
    [
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
    ]
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
