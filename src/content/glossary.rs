//! The glossary of a module: the terms that its lessons explain, each with its source.
//!
//! A module carries the definitions that it was taught with; `content/glossary.toml`, where there is
//! one, is where they are copied from.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::copies::{Cell, Cells};
use super::fields::{Fields, read_toml};
use super::finding::Sheet;
use super::manifest::Grade;
use super::shapes::is_slug;
use super::value::Value;

/// One term and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// `[a-z0-9-]{1,60}`, unique in the glossary; what `terme:…` links name.
    pub id: String,
    /// The term, 1 to 100 characters.
    pub term: String,
    /// What it means, 1 to 600 characters.
    pub definition: String,
    /// The text it comes from, for people.
    pub reference: Option<String>,
    /// How well the definition was checked.
    pub grade: Grade,
    /// Date on which it was checked.
    pub verified_on: NaiveDate,
}

impl Term {
    /// Every key in the order of writing, with its value where there is one.
    pub(super) fn cells(&self) -> Cells {
        let text = |text: &str| Some(Cell::Text(text.to_owned()));
        vec![
            ("id", text(&self.id)),
            ("term", text(&self.term)),
            ("definition", text(&self.definition)),
            ("reference", self.reference.as_deref().and_then(text)),
            ("grade", text(self.grade.as_str())),
            ("verified_on", Some(Cell::Date(self.verified_on))),
        ]
    }
}

/// Reads a glossary, noting every problem; `None` when its syntax is wrong.
pub(super) fn read_glossary(text: &str, sheet: &mut Sheet) -> Option<Vec<Term>> {
    Some(read_terms(text, sheet)?.into_iter().map(|(term, _)| term).collect())
}

/// The same, each term with the line of its table.
pub(super) fn read_terms(text: &str, sheet: &mut Sheet) -> Option<Vec<(Term, u32)>> {
    read_toml(text, 0, sheet, |fields| {
        let mut taken = BTreeSet::new();
        let tables = fields.tables("term");
        if tables.is_empty() {
            fields.complain("le glossaire n’a aucun terme", "ajoutez une table [[term]]");
        }
        let term = |mut table: Fields<'_>| Some((read_term(&mut table, &mut taken)?, table.line()));
        Some(tables.into_iter().filter_map(term).collect())
    })
}

fn read_term(table: &mut Fields<'_>, taken: &mut BTreeSet<String>) -> Option<Term> {
    let id = table
        .required("id")
        .and_then(|value| value.shaped(60, is_slug, "des minuscules, chiffres et tirets"));
    let term = table.required("term").and_then(|value| value.line_of_text(100));
    let definition = table.required("definition").and_then(|value| value.prose(600));
    let reference =
        table.optional("reference").map_or(Some(None), |value| value.prose(600).map(Some));
    let grade = table.required("grade").and_then(|value| value.word(Grade::WORDS));
    let verified_on = table.required("verified_on").and_then(Value::date);
    table.refuse_unknown();
    let id = id?;
    if !taken.insert(id.clone()) {
        table.complain(
            format!("le terme « {id} » est écrit deux fois"),
            "donnez à chaque terme un « id » différent",
        );
    }
    Some(Term {
        id,
        term: term?,
        definition: definition?,
        reference: reference?,
        grade: grade?,
        verified_on: verified_on?,
    })
}
