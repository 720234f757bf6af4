//! The agenda of the law: what falls due until a day, and who cites it. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::content::{Citations, Manifest, Module, Reference, citations};

/// What falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// A text has been replaced by another.
    Superseded,
    /// The last day on which a text is in force.
    Ends,
    /// A text that was read before it was the law becomes, or became, the law.
    Begins,
    /// A text must have been read again by then.
    Check,
    /// A module must have been reviewed by then.
    Review,
}

/// A line of the agenda.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Line {
    /// The day; none for what has no date of its own.
    pub on: Option<NaiveDate>,
    /// What.
    pub matter: Matter,
    /// The text's id, or the module's code.
    pub id: String,
    /// The citation, or the module's title.
    pub text: String,
    /// The text that replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
    /// Whether the day has passed.
    pub overdue: bool,
    /// The modules that cite the text.
    pub cited_by: Vec<CitedBy>,
}

/// A module that cites a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CitedBy {
    /// Its code.
    pub module: String,
    /// Lessons that link to it.
    pub lessons: Vec<String>,
    /// Questions that rest on it.
    pub questions: Vec<String>,
}

/// What falls due from long ago until the day `until`, in the order of the days. A text that nobody
/// cites is told only when it is to be read again: what the register knows to have ended, or to begin,
/// stays in it.
pub fn agenda<'a>(
    texts: impl IntoIterator<Item = &'a Reference>,
    modules: &[&'a Module],
    today: NaiveDate,
    until: NaiveDate,
) -> Vec<Line> {
    let cited = cited(modules);
    let mut known: BTreeMap<&str, &Reference> = BTreeMap::new();
    // The register's telling counts before a module's copy.
    let copies = modules.iter().flat_map(|module| &module.manifest.references);
    for text in texts.into_iter().chain(copies) {
        known.entry(&text.id).or_insert(text);
    }
    let of_texts = known.into_values().flat_map(|text| {
        let cited_by = cited.get(text.id.as_str()).cloned().unwrap_or_default();
        of_text(text, &cited_by, today, until)
    });
    let of_modules = modules.iter().filter_map(|m| of_module(&m.manifest, today, until));
    let mut lines: Vec<Line> = of_texts.chain(of_modules).collect();
    lines.sort();
    lines
}

fn of_text(
    text: &Reference,
    cited_by: &[CitedBy],
    today: NaiveDate,
    until: NaiveDate,
) -> Vec<Line> {
    let line = |matter, on: Option<NaiveDate>| Line {
        on,
        matter,
        id: text.id.clone(),
        text: text.text.clone(),
        superseded_by: text.superseded_by.clone(),
        overdue: on.is_some_and(|on| on < today),
        cited_by: cited_by.to_vec(),
    };
    let by_then = |date: Option<NaiveDate>| date.filter(|&date| date <= until);
    let mut lines = Vec::new();
    if !cited_by.is_empty() {
        if text.superseded_by.is_some() {
            lines.push(line(Matter::Superseded, None));
        }
        lines.extend(by_then(text.in_force_to).map(|on| line(Matter::Ends, Some(on))));
        // Read before it was in force: what was announced then is the law now.
        let begins = by_then(text.in_force_from).filter(|&from| from > text.verified_on);
        lines.extend(begins.map(|on| line(Matter::Begins, Some(on))));
    }
    lines.extend(by_then(text.check_by).map(|on| line(Matter::Check, Some(on))));
    lines
}

fn of_module(manifest: &Manifest, today: NaiveDate, until: NaiveDate) -> Option<Line> {
    (manifest.review_by <= until).then(|| Line {
        on: Some(manifest.review_by),
        matter: Matter::Review,
        id: manifest.code.to_string(),
        text: manifest.title.clone(),
        superseded_by: None,
        overdue: manifest.review_by < today,
        cited_by: Vec::new(),
    })
}

/// The modules that cite each text, in the order of their codes.
pub fn cited(modules: &[&Module]) -> BTreeMap<String, Vec<CitedBy>> {
    let mut all: BTreeMap<String, Vec<CitedBy>> = BTreeMap::new();
    let mut sorted: Vec<&&Module> = modules.iter().collect();
    sorted.sort_by(|one, other| one.manifest.code.cmp(&other.manifest.code));
    for module in sorted {
        let mut places = citations(module);
        for copy in &module.manifest.references {
            let Citations { lessons, questions } = places.remove(&copy.id).unwrap_or_default();
            let module = module.manifest.code.to_string();
            let by = all.entry(copy.id.clone()).or_default();
            by.push(CitedBy { module, lessons, questions });
        }
    }
    all
}
