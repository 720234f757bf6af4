//! Declaring what one is, in an organisation: one learns under it at once; the organisation is told and
//! confirms it or refuses it.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Response, handler};
use sea_orm::ActiveEnum as _;

use super::fault::Fault;
use crate::capacities::api::mine;
use crate::capacities::record::Said;
use crate::error::{Error, Faults, Reason, Result};
use crate::people::capacity::Detail;
use crate::people::detail;
use crate::people::model::CapacityKind;
use crate::web::form::{Fields, Posted};
use crate::web::organisations::{self, Asked, Choices, Found, known};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;

/// The page.
const PATH: &str = "/mes-donnees/qualite";

/// The field of the form that each pointer of the API names.
const NAMES: [(&str, &str); 8] = [
    ("/kind", "nature"),
    ("/function", "fonction"),
    ("/since", "depuis"),
    ("/mandate", "mandat"),
    ("/delegation", "delegation"),
    ("/delegation_on", "delegation-le"),
    ("/category", "categorie"),
    ("/manager", "encadrement"),
];

/// The first step: which organisation.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/declare_organisation.html")]
struct Which {
    around: Around,
    crumbs: Vec<(String, String)>,
    choices: Choices,
}

/// The second step: as what.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/declare.html")]
struct What {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    /// What is wrong, by the field where it is.
    faults: Vec<(&'static str, String)>,
    organisation: String,
    reference: String,
    /// The mandates that are held there.
    mandates: Vec<&'static str>,
    typed: Fields,
}

impl What {
    /// What was typed in a field.
    fn typed(&self, field: &str) -> &str {
        self.typed.line(field)
    }

    /// What is wrong with a field, if anything.
    fn wrong(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, said)| said.as_str())
    }
}

fn crumbs() -> Vec<(String, String)> {
    vec![("/mes-donnees".to_owned(), "Mes données".to_owned())]
}

/// Shows the step that the address asks for.
#[handler]
pub(super) async fn ask(member: Member, asked: Query<Asked>) -> Response {
    member.answer(step(&member, asked.0).await)
}

async fn step(member: &Member, asked: Asked) -> Result<Response> {
    let Some(reference) = asked.organisation else {
        return which(member, StatusCode::OK, &asked.q.unwrap_or_default()).await;
    };
    match known(&member.app, &reference).await? {
        Some(found) => Ok(what(member, &found, Fields::default(), (None, Vec::new()))),
        None => which(member, StatusCode::UNPROCESSABLE_ENTITY, "").await,
    }
}

async fn which(member: &Member, status: StatusCode, q: &str) -> Result<Response> {
    let found = organisations::search(&member.app, PATH, q).await?;
    let choices = Choices { unknown: status != StatusCode::OK, ..found };
    let page = Which { around: member.around(Section::Learner), crumbs: crumbs(), choices };
    Ok(member.page(status, &page))
}

fn what(
    member: &Member,
    found: &Found,
    typed: Fields,
    (fault, faults): (Option<Fault>, Vec<(&'static str, String)>),
) -> Response {
    let status = match &fault {
        Some(fault) => fault.status,
        None if faults.is_empty() => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = What {
        around: member.around(Section::Learner),
        crumbs: crumbs(),
        token: member.signed.token.clone(),
        fault,
        faults,
        organisation: found.row.name.clone(),
        reference: found.reference.clone(),
        mandates: detail::mandates_in(&found.row.kind.to_value()).collect(),
        typed,
    };
    member.page(status, &page)
}

/// Takes the declaration.
#[handler]
pub(super) async fn declare(posted: Posted) -> Response {
    let Posted { member, fields } = posted;
    let taken = take(&member, fields).await;
    member.answer(taken)
}

async fn take(member: &Member, fields: Fields) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let Some(found) = known(app, fields.line("organisation")).await? else {
        return which(member, StatusCode::UNPROCESSABLE_ENTITY, "").await;
    };
    let declared = match said(&fields) {
        Ok(said) => mine::declare(app, who, &found.row, said).await,
        Err(error) => Err(error),
    };
    let said = match declared {
        Ok((_, true)) => "Qualité déclarée : vous pouvez vous former dès maintenant.",
        Ok((_, false)) => "Vous l’aviez déjà déclarée.",
        Err(Error::Refused(refusal)) if !refusal.faults.is_empty() => {
            let faults = refusal.faults.into_iter().map(|fault| (field_of(&fault.at), fault.fr));
            let faults = faults.collect();
            return Ok(what(member, &found, fields, (None, faults)));
        }
        Err(error) => {
            let fault = Some(Fault::of(error)?);
            return Ok(what(member, &found, fields, (fault, Vec::new())));
        }
    };
    Ok(member.send_on("/mes-donnees", said))
}

fn field_of(pointer: &str) -> &'static str {
    NAMES.iter().find(|(at, _)| *at == pointer).map_or("nature", |(_, field)| *field)
}

/// What a form says; what cannot be read in it is refused at once.
fn said(fields: &Fields) -> Result<Said> {
    let mut faults = Faults::default();
    let text = |field: &str| Some(fields.line(field).trim().to_owned()).filter(|t| !t.is_empty());
    let mut day = |field: &str, at: &str| {
        let typed = text(field)?;
        let read = typed.parse().ok();
        let (fr, en) = ("la date se donne comme 2027-03-31", "a date is given as 2027-03-31");
        faults.check(read.is_some(), at, fr, en);
        read
    };
    let (since, delegation_on) = (day("depuis", "/since"), day("delegation-le", "/delegation_on"));
    let kind = match fields.line("nature") {
        "elu" => Some(CapacityKind::Elu),
        "agent" => Some(CapacityKind::Agent),
        _ => None,
    };
    let (fr, en) = ("dites si vous êtes élu·e ou agent·e", "say whether élu or agent");
    faults.check(kind.is_some(), "/kind", fr, en);
    faults.refuse()?;
    let detail = Detail {
        mandate: text("mandat"),
        function: text("fonction"),
        category: text("categorie"),
        manager: fields.get("encadrement").is_some(),
        delegation: text("delegation"),
        delegation_on,
        ..Detail::default()
    };
    Ok(Said { kind: kind.ok_or(Reason::InvalidValues)?, detail, since, until: None })
}
