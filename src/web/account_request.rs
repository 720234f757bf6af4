//! Asking for an account with a browser, in two steps: the organisation, then the person. The limits,
//! the time and the answer are those of the API.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Request, Response, handler};
use serde::Deserialize;

use super::form::{Fields, Sent};
use super::page::{Around, Section, redirect};
use super::visitor::Visitor;
use crate::capacities::api::requests::{Wanted, ask_account};
use crate::error::{self, Error, Reason, Result};
use crate::http::context::Context;
use crate::http::query;
use crate::people::identity::NewPerson;
use crate::people::model::CapacityKind;
use crate::territory::model::organisation;
use crate::territory::{self, OrgRef, place};

/// Organisations shown for one search.
const SHOWN: u64 = 30;
/// Longest search, in characters.
const LONGEST: usize = 100;
/// What is said in every case.
const SAID: &str = "Votre demande est prise en compte : un courriel vous est envoyé. Il dit comment \
                    choisir votre mot de passe. Pensez à regarder dans les indésirables.";

/// What the address asks.
#[derive(Deserialize)]
pub(super) struct Asked {
    q: Option<String>,
    organisation: Option<String>,
}

/// An organisation to choose.
struct Choice {
    name: String,
    /// How it is named, as an address holds it.
    reference: String,
    /// What tells it apart: its département, or what it is.
    place: String,
}

/// The first step: which organisation.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "account_organisation.html")]
struct Which {
    around: Around,
    longest: usize,
    q: String,
    choices: Vec<Choice>,
    /// Whether more were found than are shown.
    more: bool,
    fault: bool,
}

/// The second step: who.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "account_person.html")]
struct Who {
    around: Around,
    organisation: String,
    reference: String,
    typed: Typed,
    faults: Vec<(&'static str, String)>,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    given_name: String,
    family_name: String,
    email: String,
    kind: String,
    function: String,
}

/// Shows the step that the address asks for; whoever is signed in has an account.
#[handler]
pub(super) async fn show(visitor: Visitor, asked: Query<Asked>) -> Response {
    if visitor.signed.is_some() {
        return redirect("/");
    }
    let Asked { q, organisation } = asked.0;
    let shown = match organisation {
        Some(reference) => match known(&visitor, &reference).await {
            Ok(Some(found)) => {
                Ok(who(&visitor, StatusCode::OK, &found, Typed::default(), Vec::new()))
            }
            Ok(None) => which(&visitor, StatusCode::UNPROCESSABLE_ENTITY, "", true).await,
            Err(error) => Err(error),
        },
        None => which(&visitor, StatusCode::OK, q.as_deref().unwrap_or_default(), false).await,
    };
    visitor.answer(shown)
}

/// Takes a request.
#[handler]
pub(super) async fn send(request: &Request, sent: Sent) -> Response {
    let visitor = &sent.visitor;
    let answer = match known(visitor, sent.fields.line("organisation")).await {
        Ok(Some(found)) => take(request, &sent, &found).await,
        Ok(None) => which(visitor, StatusCode::UNPROCESSABLE_ENTITY, "", true).await,
        Err(error) => Err(error),
    };
    visitor.answer(answer)
}

async fn take(request: &Request, sent: &Sent, found: &Found) -> Result<Response> {
    let (visitor, typed) = (&sent.visitor, Typed::of(&sent.fields));
    let Some(kind) = typed.kind() else {
        let fault = ("nature", "Dites si vous êtes élu·e ou agent·e.".to_owned());
        return Ok(who(visitor, StatusCode::UNPROCESSABLE_ENTITY, found, typed, vec![fault]));
    };
    let context = request.data::<Context>().ok_or(Reason::Internal)?;
    let wanted = typed.wanted(kind, found.reference.clone());
    match ask_account(&visitor.app, context.address, wanted).await {
        Ok(()) => Ok(visitor.send_on("/connexion", SAID)),
        Err(Error::Refused(refusal)) if !refusal.faults.is_empty() => {
            let faults = refusal.faults.into_iter().map(|fault| (field_of(&fault.at), fault.fr));
            let faults = faults.collect();
            Ok(who(visitor, StatusCode::UNPROCESSABLE_ENTITY, found, typed, faults))
        }
        Err(error) => Err(error),
    }
}

/// The field of the form that a pointer of the API names.
fn field_of(pointer: &str) -> &'static str {
    match pointer {
        "/given_name" => "prenom",
        "/family_name" => "nom",
        "/email" => "adresse",
        _ => "fonction",
    }
}

impl Typed {
    fn of(fields: &Fields) -> Self {
        let line = |name: &str| fields.line(name).trim().to_owned();
        Self {
            given_name: line("prenom"),
            family_name: line("nom"),
            email: line("adresse"),
            kind: line("nature"),
            function: line("fonction"),
        }
    }

    fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }

    fn kind(&self) -> Option<CapacityKind> {
        match self.kind.as_str() {
            "elu" => Some(CapacityKind::Elu),
            "agent" => Some(CapacityKind::Agent),
            _ => None,
        }
    }

    fn wanted(&self, kind: CapacityKind, organisation: String) -> Wanted {
        let person = NewPerson {
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            address: self.email.clone(),
            shared: false,
        };
        let function = Some(self.function.clone()).filter(|text| !text.is_empty());
        Wanted { person, organisation, kind, function }
    }
}

impl Who {
    /// What is wrong with a field, if anything.
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, said)| said.as_str())
    }
}

/// An organisation and how it is named.
struct Found {
    row: organisation::Model,
    reference: String,
}

async fn known(visitor: &Visitor, reference: &str) -> Result<Option<Found>> {
    let Ok(parsed) = reference.parse::<OrgRef>() else { return Ok(None) };
    let today = visitor.app.clock.now().date_naive();
    let found = territory::by_ref(visitor.app.db.read(), &parsed, today).await;
    let found = error::found(found)?;
    Ok(found.map(|row| Found { row, reference: parsed.to_string() }))
}

async fn which(visitor: &Visitor, status: StatusCode, q: &str, fault: bool) -> Result<Response> {
    let q: String = q.trim().chars().take(LONGEST).collect();
    let (conn, today) = (visitor.app.db.read(), visitor.app.clock.now().date_naive());
    let mut rows = match q.is_empty() {
        true => Vec::new(),
        false => territory::search(conn, &q, None, SHOWN + 1, None).await?,
    };
    let more = rows.len() as u64 > SHOWN;
    rows.truncate(usize::try_from(SHOWN).unwrap_or(usize::MAX));
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let refs = territory::refs_of(conn, ids.iter().copied()).await?;
    let departements = place::departements_of(conn, ids, today).await?;
    let choice = |row: organisation::Model| {
        let reference = query::encoded(&refs.get(&row.id)?.to_string());
        let place = departements.get(&row.id).cloned();
        let place = place.unwrap_or_else(|| super::words::organisation(row.kind).to_owned());
        Some(Choice { name: row.name, reference, place })
    };
    let choices = rows.into_iter().filter_map(choice).collect();
    let around = visitor.around(Section::Account);
    let page = Which { around, longest: LONGEST, q, choices, more, fault };
    Ok(visitor.page(status, &page))
}

fn who(
    visitor: &Visitor,
    status: StatusCode,
    found: &Found,
    typed: Typed,
    faults: Vec<(&'static str, String)>,
) -> Response {
    let around = visitor.around(Section::Account);
    let (organisation, reference) = (found.row.name.clone(), found.reference.clone());
    visitor.page(status, &Who { around, organisation, reference, typed, faults })
}
