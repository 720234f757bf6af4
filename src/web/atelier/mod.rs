//! The trainer's workbench: everything between an idea and a published version, as pages without a
//! script.
//!
//! A page calls the verbs that the API calls and decides nothing: who may is asked of the same policy,
//! what is refused is refused by the same reasons. What is read with the keys of questions is told to
//! the journal first, as over the API. Where a form is refused, the page that follows holds what was
//! typed.

mod begin;
mod differences;
mod editor;
mod fiche;
mod files;
mod kept;
mod lines;
mod mine;
mod module;
mod plan;
mod publish;
mod retire;
mod review;
mod reviewed;
mod reviewers;
mod sheet;
mod threads;
mod transfer;
mod typed;
mod wanted;
pub mod words;
mod work;

use poem::http::{Method, StatusCode};
use poem::{Route, get, post};
use serde_json::json;

use super::visitor::{Member, Visitor};
use crate::accounts::model::Role;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::api::{code_of, tell_reading};
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::find;
use crate::catalogue::model::module as module_row;
use crate::error::{Error, Reason, Result, found};
use crate::http::problem;

const GET: &[Method] = &[Method::GET];
const POST: &[Method] = &[Method::POST];
const BOTH: &[Method] = &[Method::GET, Method::POST];

/// The paths of the workbench, with their methods.
pub const PATHS: &[(&str, &[Method])] = &[
    ("/atelier", GET),
    ("/atelier/nouveau", BOTH),
    ("/atelier/a-revoir", GET),
    ("/atelier/a-revoir/{id}", POST),
    ("/atelier/retours", GET),
    ("/atelier/retours/{id}", BOTH),
    ("/atelier/{code}", GET),
    ("/atelier/{code}/ouvrir", POST),
    ("/atelier/{code}/soumettre", POST),
    ("/atelier/{code}/fiche", BOTH),
    ("/atelier/{code}/fichiers", BOTH),
    ("/atelier/{code}/ajouter", BOTH),
    ("/atelier/{code}/renommer", BOTH),
    ("/atelier/{code}/supprimer", BOTH),
    ("/atelier/{code}/televerser", BOTH),
    ("/atelier/{code}/archive", BOTH),
    ("/atelier/{code}/media/{digest}", GET),
    ("/atelier/{code}/apercu", GET),
    ("/atelier/{code}/apercu/{lesson}", GET),
    ("/atelier/{code}/differences", GET),
    ("/atelier/{code}/relecture", BOTH),
    ("/atelier/{code}/relecteurs", BOTH),
    ("/atelier/{code}/publier", BOTH),
    ("/atelier/{code}/publier/annuler", POST),
    ("/atelier/{code}/retirer", BOTH),
];

/// Adds the workbench to a router; each path is in [`PATHS`] as well.
pub(super) fn add_to(router: Route) -> Route {
    router
        .at("/atelier", get(mine::show))
        .at("/atelier/nouveau", get(begin::ask).post(begin::begin))
        .at("/atelier/a-revoir", get(work::show))
        .at("/atelier/a-revoir/:id", post(work::decide))
        .at("/atelier/retours", get(threads::list))
        .at("/atelier/retours/:id", get(threads::show).post(threads::send))
        .at("/atelier/:code", get(module::show))
        .at("/atelier/:code/ouvrir", post(module::open))
        .at("/atelier/:code/soumettre", post(module::submit))
        .at("/atelier/:code/fiche", get(fiche::show).post(fiche::save))
        .at("/atelier/:code/fichiers", get(editor::show).post(editor::save))
        .at("/atelier/:code/ajouter", get(files::ask).post(files::add))
        .at("/atelier/:code/renommer", get(files::ask_name).post(files::rename))
        .at("/atelier/:code/supprimer", get(files::ask_delete).post(files::delete))
        .at("/atelier/:code/televerser", get(transfer::ask).post(transfer::receive))
        .at("/atelier/:code/archive", get(transfer::archive).post(transfer::replace))
        .at("/atelier/:code/media/:digest", get(transfer::show_medium))
        .at("/atelier/:code/apercu", get(sheet::show))
        .at("/atelier/:code/apercu/:lesson", get(sheet::lesson))
        .at("/atelier/:code/differences", get(differences::show))
        .at("/atelier/:code/relecture", get(review::show).post(review::send))
        .at("/atelier/:code/relecteurs", get(reviewers::show).post(reviewers::change))
        .at("/atelier/:code/publier", get(publish::show).post(publish::send))
        .at("/atelier/:code/publier/annuler", post(publish::cancel))
        .at("/atelier/:code/retirer", get(retire::ask).post(retire::retire))
}

/// Whether a request sends a file, which is left to its handler and bounded as it goes by.
pub fn is_upload(request: &poem::Request) -> bool {
    let kind = request.content_type().unwrap_or_default().to_ascii_lowercase();
    let path = request.uri().path();
    *request.method() == Method::POST
        && kind.starts_with("multipart/form-data")
        && path.starts_with("/atelier/")
        && (path.ends_with("/televerser") || path.ends_with("/archive"))
}

/// Where a page stands, from the workbench down: address and name.
type Crumbs = Vec<(String, String)>;

fn crumbs(code: &str) -> Crumbs {
    vec![(format!("/atelier/{code}"), code.to_owned())]
}

/// The roles of those who make modules.
const MAKERS: [Role; 3] = [Role::Trainer, Role::Reviewer, Role::Publisher];

/// Refuses whoever has nothing to do at a workbench.
fn must_work(member: &Member) -> Result<()> {
    if member.holds(&MAKERS) {
        return Ok(());
    }
    Err(Reason::Forbidden.into())
}

/// The same where those who handle complaints, and may make nothing, come as well.
fn must_work_or_answer(member: &Member) -> Result<()> {
    if member.holds(&MAKERS) || member.holds(Action::HandleComplaints.roles()) {
        return Ok(());
    }
    Err(Reason::Forbidden.into())
}

/// The open draft of a module, for somebody who may read it.
async fn desk(member: &Member, code: &str) -> Result<Desk> {
    must_work(member)?;
    draft::read(member.app.db.read(), &member.signed.principal, &code_of(code)?).await
}

/// A module and its open draft, if it has one, for somebody who may read its drafts.
async fn bench(member: &Member, code: &str) -> Result<(module_row::Model, Option<Desk>)> {
    must_work(member)?;
    let (conn, who, code) = (member.app.db.read(), &member.signed.principal, code_of(code)?);
    if let Some(desk) = found(draft::read(conn, who, &code).await)? {
        return Ok((desk.module.clone(), Some(desk)));
    }
    let module = find::by_code(conn, &code).await?;
    policy::allow(who, Action::ReadDraft, &Target::Provider(module.provider_id))?;
    Ok((module, None))
}

/// Whether they may do that to the modules of this provider.
fn may(member: &Member, action: Action, module: &module_row::Model) -> bool {
    let target = Target::Provider(module.provider_id);
    policy::allow(&member.signed.principal, action, &target).is_ok()
}

/// Writes down that somebody is about to read a draft with the keys of its questions.
async fn tell_keys(member: &Member, desk: &Desk, path: Option<&str>) -> Result<()> {
    let detail = json!({ "module": desk.module.code, "path": path });
    let subject = ("draft", desk.draft.id);
    tell_reading(&member.app, &member.signed.principal, "questions.read", subject, detail).await
}

/// What is refused, as a page says it beside the form.
struct Refused {
    status: StatusCode,
    title: String,
    sentences: Vec<String>,
}

impl Refused {
    fn of(error: Error) -> Self {
        let refusal = problem::refusal_of(error);
        let status = problem::status(refusal.reason.kind());
        let faults = refusal.faults.into_iter().map(|fault| match words::field(&fault.at) {
            "" => fault.fr,
            field => format!("{field} : {}", fault.fr),
        });
        let detail = refusal.detail.map(|(fr, _)| fr);
        Self {
            status,
            title: refusal.reason.title().0.to_owned(),
            sentences: detail.into_iter().chain(faults).collect(),
        }
    }
}

/// The value of a parameter of the address that was asked for.
pub(super) fn asked(visitor: &Visitor, name: &str) -> Option<String> {
    let query = visitor.asked.split_once('?').map_or("", |(_, query)| query);
    let pairs = crate::http::query::pairs(query).ok()?;
    pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}
