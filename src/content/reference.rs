//! References: the texts that a module cites, each with what finds it again and says until when it
//! holds. The register beside the modules is a list of the same.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::copies::{Cell, Cells};
use super::fields::Fields;
use super::manifest::Grade;
use super::shapes::{is_https, is_slug};
use super::value::Value;

/// A legal or other reference that the module cites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// `[a-z0-9-]{1,60}`, unique in the module.
    pub id: String,
    /// The citation, for people.
    pub text: String,
    /// Which article of the text.
    pub article: Option<String>,
    /// Where to read it (`https://` only).
    pub url: Option<String>,
    /// European Legislation Identifier: an `https://` address that holds `/eli/`.
    pub eli: Option<String>,
    /// CELEX number, the key of EUR-Lex.
    pub celex: Option<String>,
    /// Identifier of Légifrance: a kind (`LEGIARTI`, `JORFTEXT` …) and twelve digits.
    pub legifrance: Option<String>,
    /// How well it was checked.
    pub grade: Grade,
    /// Date on which it was read.
    pub verified_on: NaiveDate,
    /// First day on which the text is in force.
    pub in_force_from: Option<NaiveDate>,
    /// Last day on which it is.
    pub in_force_to: Option<NaiveDate>,
    /// The text that replaces it.
    pub superseded_by: Option<String>,
    /// Last day on which it may be cited without being read again.
    pub check_by: Option<NaiveDate>,
}

impl Reference {
    /// Whether it has an official identifier, and so belongs in a register of legal texts.
    pub(super) fn is_official(&self) -> bool {
        self.eli.is_some() || self.celex.is_some() || self.legifrance.is_some()
    }

    /// Every key in the order of writing, with its value where there is one.
    pub(super) fn cells(&self) -> Cells {
        let text = |text: &Option<String>| text.clone().map(Cell::Text);
        let date = |date: Option<NaiveDate>| date.map(Cell::Date);
        vec![
            ("id", Some(Cell::Text(self.id.clone()))),
            ("text", Some(Cell::Text(self.text.clone()))),
            ("article", text(&self.article)),
            ("url", text(&self.url)),
            ("eli", text(&self.eli)),
            ("celex", text(&self.celex)),
            ("legifrance", text(&self.legifrance)),
            ("grade", Some(Cell::Text(self.grade.to_string()))),
            ("verified_on", date(Some(self.verified_on))),
            ("in_force_from", date(self.in_force_from)),
            ("in_force_to", date(self.in_force_to)),
            ("superseded_by", text(&self.superseded_by)),
            ("check_by", date(self.check_by)),
        ]
    }
}

/// The `[[reference]]` tables, each with its line; those that could be read.
pub(super) fn read_references(fields: &mut Fields<'_>) -> Vec<(Reference, u32)> {
    let mut kept = Vec::new();
    let mut seen = BTreeSet::new();
    for mut table in fields.tables("reference") {
        let Some(reference) = read_reference(&mut table) else {
            continue;
        };
        if !seen.insert(reference.id.clone()) {
            table.complain(
                format!("la référence « {} » est écrite deux fois", reference.id),
                "donnez à chaque référence un « id » différent",
            );
        }
        kept.push((reference, table.line()));
    }
    kept
}

fn read_reference(table: &mut Fields<'_>) -> Option<Reference> {
    let id = table
        .required("id")
        .and_then(|value| value.shaped(60, is_slug, "des minuscules, chiffres et tirets"));
    let text = table.required("text").and_then(|value| value.prose(600));
    let article = table.optional("article").and_then(|value| value.line_of_text(120));
    // An address that is not of this shape is dropped even where old versions are read leniently:
    // a page would make it a link.
    let url = table
        .optional("url")
        .and_then(|value| value.shaped(600, is_https, "une adresse en https://"))
        .filter(|url| is_https(url));
    let eli = table
        .optional("eli")
        .and_then(|value| value.shaped(600, is_eli, "une adresse en https:// qui contient /eli/"))
        .filter(|url| is_eli(url));
    let mut number = |key, good: fn(&str) -> bool, shape| {
        table.optional(key).and_then(|value| value.shaped(60, good, shape))
    };
    let celex = number("celex", is_celex, "un numéro comme 32024R1689 ou 02024R1689-20260727");
    let legifrance =
        number("legifrance", is_legifrance, "un identifiant comme LEGIARTI000047303477");
    let grade = table.required("grade").and_then(|value| value.word(Grade::WORDS));
    let dates = read_dates(table);
    let superseded_by = table.optional("superseded_by").and_then(|value| value.prose(200));
    table.refuse_unknown();
    let (verified_on, in_force_from, in_force_to, check_by) = dates;
    let (verified_on, grade) = (verified_on?, grade?);
    Some(Reference {
        id: id?,
        text: text?,
        article,
        url,
        eli,
        celex,
        legifrance,
        grade,
        verified_on,
        in_force_from,
        in_force_to,
        superseded_by,
        check_by,
    })
}

type Dates = (Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>);

/// `verified_on`, `in_force_from`, `in_force_to` and `check_by`, in a possible order.
fn read_dates(table: &mut Fields<'_>) -> Dates {
    let verified_on = table.required("verified_on").and_then(Value::date);
    let from = table.optional("in_force_from").and_then(Value::date);
    let end = table.optional("in_force_to");
    let to = end.and_then(Value::date);
    if let (Some(value), Some(from), Some(to)) = (end, from, to)
        && to < from
    {
        value.refuse::<()>(
            format!("({to}) est avant « in_force_from » ({from})"),
            "échangez les deux dates, ou corrigez-en une",
        );
    }
    let check = table.optional("check_by");
    let check_by = check.and_then(Value::date);
    if let (Some(value), Some(verified_on), Some(check_by)) = (check, verified_on, check_by)
        && check_by <= verified_on
    {
        value.refuse::<()>(
            format!("({check_by}) n’est pas après « verified_on » ({verified_on})"),
            "donnez une date de relecture postérieure à la dernière lecture",
        );
    }
    (verified_on, from, to, check_by)
}

pub(super) fn is_eli(url: &str) -> bool {
    is_https(url) && url.contains("/eli/")
}

/// `[0-9][0-9A-Z()-]{5,29}`: a sector, a year, a type, a number, and the date of a consolidation.
pub(super) fn is_celex(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase() || b"()-".contains(&b);
    (6..=30).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(inner)
}

pub(super) fn is_legifrance(text: &str) -> bool {
    ["LEGIARTI", "LEGITEXT", "JORFTEXT", "JORFARTI", "CETATEXT"]
        .iter()
        .find_map(|kind| text.strip_prefix(kind))
        .is_some_and(|number| number.len() == 12 && number.bytes().all(|b| b.is_ascii_digit()))
}
