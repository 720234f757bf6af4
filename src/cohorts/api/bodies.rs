//! What is sent to enrol people, and what a preview answers.

use chrono::NaiveDate;
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::types::Example;
use poem_openapi::{ApiRequest, Object};
use uuid::Uuid;

use crate::cohorts::csv;
use crate::cohorts::preview::Preview;
use crate::cohorts::rows::{Named, check_count, is_enough};
use crate::error::{Faults, Result};
use crate::jobs::api::OutcomeCount;

/// Who is to be enrolled.
#[derive(ApiRequest)]
pub(super) enum PeopleSent {
    /// In JSON.
    Json(Json<PeopleToEnrol>),
    /// A spreadsheet, one person a line: `email;nom;prénom`, or `identifiant`; UTF-8.
    #[oai(content_type = "text/csv")]
    Csv(PlainText<String>),
}

/// Who is to be enrolled, in what, by when.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct PeopleToEnrol {
    /// Code of the module; or give a path.
    #[oai(default, validator(max_length = 24))]
    module: Option<String>,
    /// Code of the path; or give a module.
    #[oai(default, validator(max_length = 24))]
    path: Option<String>,
    /// The civil date by which to complete the module, in the organisation's time zone; none if absent.
    #[oai(default)]
    due_on: Option<NaiveDate>,
    /// The people, 10,000 at most.
    people: Vec<PersonToEnrol>,
}

/// Somebody of the organisation: by `person_id`, by `login`, or by `email` with both names.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct PersonToEnrol {
    /// The person.
    #[oai(default)]
    person_id: Option<Uuid>,
    /// Their sign-in name.
    #[oai(default, validator(max_length = 254))]
    login: Option<String>,
    /// An address at which they are reached, perhaps with others.
    #[oai(default, validator(max_length = 254))]
    email: Option<String>,
    /// Given name, with the address.
    #[oai(default, validator(max_length = 100))]
    given_name: Option<String>,
    /// Family name, with the address.
    #[oai(default, validator(max_length = 100))]
    family_name: Option<String>,
}

impl Example for PeopleToEnrol {
    fn example() -> Self {
        let by_login = PersonToEnrol {
            login: Some("camille.lebrun@mairie.example".to_owned()),
            ..PersonToEnrol::nobody()
        };
        Self {
            module: Some(crate::http::examples::module()),
            path: None,
            due_on: NaiveDate::from_ymd_opt(2027, 3, 31),
            people: vec![PersonToEnrol::example(), by_login],
        }
    }
}

impl Example for PersonToEnrol {
    fn example() -> Self {
        Self {
            email: Some("accueil@mairie.example".to_owned()),
            given_name: Some("Noëlla".to_owned()),
            family_name: Some("Le Goff".to_owned()),
            ..Self::nobody()
        }
    }
}

impl PersonToEnrol {
    const fn nobody() -> Self {
        Self { person_id: None, login: None, email: None, given_name: None, family_name: None }
    }

    /// Whom it names; none when it names nobody, or in two ways.
    fn named(self) -> Option<Named> {
        let Self { person_id, login, email, given_name, family_name } = self;
        match (person_id, login, email, given_name, family_name) {
            (Some(id), None, None, None, None) => Some(Named::Person(id)),
            (None, Some(login), None, None, None) => Some(Named::Login(login)),
            (None, None, Some(address), Some(given), Some(family)) => {
                Some(Named::Mail { address, given, family })
            }
            _ => None,
        }
    }
}

/// What a query asks: a module, a path, a date by which to complete it.
pub(super) type Asked = (Option<String>, Option<String>, Option<NaiveDate>);

/// What is asked, as it was sent.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) module: Option<String>,
    pub(super) path: Option<String>,
    pub(super) due_on: Option<NaiveDate>,
    pub(super) rows: Vec<Named>,
}

impl Wanted {
    /// Reads either kind of body; the query belongs to a spreadsheet.
    ///
    /// # Errors
    /// `invalid-values`, everything at fault.
    pub(super) fn of(sent: PeopleSent, query: Asked) -> Result<Self> {
        let mut faults = Faults::default();
        let wanted = match sent {
            PeopleSent::Json(Json(body)) => {
                faults.check(
                    query == (None, None, None),
                    "module, path, due_on",
                    "à donner dans le corps : la requête ne les porte que pour un tableau (text/csv)",
                    "to be given in the body: the query holds them for a spreadsheet (text/csv) only",
                );
                let rows = rows(body.people, &mut faults);
                Self { module: body.module, path: body.path, due_on: body.due_on, rows }
            }
            PeopleSent::Csv(text) => {
                let (module, path, due_on) = query;
                Self { module, path, due_on, rows: csv::read(&text.0)? }
            }
        };
        faults.check(
            wanted.module.is_some() != wanted.path.is_some(),
            "/module",
            "un module ou un parcours, et un seul",
            "a module or a path, and one of them only",
        );
        faults.check(
            wanted.path.is_none() || wanted.due_on.is_none(),
            "/due_on",
            "une échéance se donne pour un module ; celle d'un parcours vient d'une exigence",
            "a due date is given for a module; that of a path comes from a requirement",
        );
        faults.refuse()?;
        Ok(wanted)
    }
}

fn rows(people: Vec<PersonToEnrol>, faults: &mut Faults) -> Vec<Named> {
    check_count(people.len(), "/people", faults);
    let mut rows = Vec::with_capacity(people.len());
    for (nth, person) in people.into_iter().enumerate() {
        if is_enough(faults) {
            break;
        }
        match person.named() {
            Some(named) => {
                named.check(|field| format!("/people/{nth}/{field}"), faults);
                rows.push(named);
            }
            None => faults.check(
                false,
                &format!("/people/{nth}"),
                "person_id, ou login, ou email avec given_name et family_name",
                "person_id, or login, or email with given_name and family_name",
            ),
        }
    }
    rows
}

/// What an order would do.
#[derive(Object)]
pub(super) struct BulkPreview {
    /// How many rows would have each outcome.
    outcomes: Vec<OutcomeCount>,
    /// The first fifty rows for which nothing would be done.
    idle: Vec<IdleRow>,
}

/// A row for which nothing would be done.
#[derive(Object)]
struct IdleRow {
    /// Its number among those sent, from 1.
    row: i32,
    /// Why, a word.
    outcome: String,
    /// What is particular to it.
    #[oai(skip_serializing_if_is_none)]
    detail: Option<String>,
}

impl From<Preview> for BulkPreview {
    fn from(preview: Preview) -> Self {
        let count = |(outcome, rows): (&str, i64)| OutcomeCount { outcome: outcome.into(), rows };
        let idle = |(row, outcome, detail): (i32, &str, Option<String>)| IdleRow {
            row,
            outcome: outcome.to_owned(),
            detail,
        };
        Self {
            outcomes: preview.outcomes.into_iter().map(count).collect(),
            idle: preview.idle.into_iter().map(idle).collect(),
        }
    }
}
