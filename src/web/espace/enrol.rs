//! Enrolling in a module or in a path: what it takes, said before; what refuses, explained.

use askama::Template;
use poem::web::Path;
use poem::{Response, handler};

use super::fault::{Fault, status};
use crate::catalogue::Catalogue;
use crate::catalogue::paths::find as published;
use crate::content::{self, ModuleCode};
use crate::enrolments::{self, Wish, api, find, paths};
use crate::error::{Error, Reason, Result};
use crate::records::{self, State};
use crate::web::form::{Fields, Posted};
use crate::web::module::{Prerequisite, prerequisite};
use crate::web::page::{Around, Section, redirect};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// The page, of a module or of a path.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/enrol.html")]
struct Enrol {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    /// Where the form goes.
    action: String,
    title: String,
    line: String,
    /// What was typed of a due date; none where there is nothing to choose.
    due: Option<String>,
    /// The first day that may be chosen.
    today: String,
    /// Whether it can be asked at all.
    able: bool,
    path: bool,
    /// What comes before, with what is published of it.
    before: Vec<Prerequisite>,
}

fn code_of(code: &str) -> Result<ModuleCode> {
    ModuleCode::parse(code).map_err(|_| Reason::NotFound.into())
}

/// Shows what enrolling in a module takes; whoever is enrolled is sent to their training.
#[handler]
pub(super) async fn ask(member: Member, Path(code): Path<String>) -> Response {
    member.answer(asked(&member, &code).await)
}

async fn asked(member: &Member, code: &str) -> Result<Response> {
    let (app, who, now) = (&member.app, &member.signed.principal, member.app.clock.now());
    let (conn, code) = (app.db.read(), code_of(code)?);
    let edition = crate::catalogue::find::current_by_code(&app.shelf, conn, &code).await?;
    if let Some(latest) = find::latest(conn, who, edition.module.id).await? {
        let facts = records::read::of_enrolment(conn, latest.id).await?;
        let state = records::status(&facts, now).state;
        if matches!(state, State::Enrolled | State::InProgress) {
            return Ok(redirect(&format!("/mes-formations/{}", latest.id)));
        }
    }
    let applied = enrolments::apply(conn, who, &edition, Wish::default(), now).await;
    let fault = applied.err().map(Fault::of).transpose()?;
    let able = fault.is_none();
    module_page(member, &code, (fault, able), "").await
}

async fn module_page(
    member: &Member,
    code: &ModuleCode,
    (fault, able): (Option<Fault>, bool),
    due: &str,
) -> Result<Response> {
    let app = &member.app;
    let catalogue = app.shelf.current(app.db.read()).await?;
    let edition = catalogue.get(code).ok_or(Reason::NotFound)?;
    let manifest = &edition.content.manifest;
    let lessons = of_pages::count(edition.content.lessons.len(), "leçon", "leçons");
    let line = format!("{lessons} · {}", of_pages::minutes(manifest.duration_minutes));
    let paris = app.clock.now().with_timezone(&chrono_tz::Europe::Paris);
    let status = status(fault.as_ref().filter(|_| able));
    let page = Enrol {
        around: member.around(Section::Learner),
        crumbs: Vec::new(),
        token: member.signed.token.clone(),
        fault,
        action: format!("/modules/{code}/inscription"),
        title: manifest.title.clone(),
        line,
        due: Some(due.to_owned()),
        today: paris.date_naive().to_string(),
        able,
        path: false,
        before: before(&catalogue, &manifest.prerequisites),
    };
    Ok(member.page(status, &page))
}

fn before(catalogue: &Catalogue, asked: &[content::Prerequisite]) -> Vec<Prerequisite> {
    asked.iter().map(|asked| prerequisite(catalogue, asked)).collect()
}

/// Enrols in a module.
#[handler]
pub(super) async fn enrol(posted: Posted, Path(code): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let enrolled = match begun(&member, &code, &fields).await {
        Err(error) => refused(&member, &code, &fields, error).await,
        done => done,
    };
    member.answer(enrolled)
}

async fn refused(member: &Member, code: &str, fields: &Fields, error: Error) -> Result<Response> {
    let fault = Fault::of(error)?;
    module_page(member, &code_of(code)?, (Some(fault), true), fields.line("echeance")).await
}

async fn begun(member: &Member, code: &str, fields: &Fields) -> Result<Response> {
    let due_on = match fields.line("echeance").trim() {
        "" => None,
        typed => Some(typed.parse().map_err(|_| unreadable())?),
    };
    let wish = Wish { due_on, through: None };
    let (app, who) = (&member.app, &member.signed.principal);
    let enrolled = api::begin(app, who, &code_of(code)?, wish).await?;
    let href = format!("/mes-formations/{}", enrolled.row.id);
    let said = match enrolled.new {
        true => "Vous êtes inscrit·e : bonne lecture.",
        false => "Vous étiez inscrit·e : voici votre formation.",
    };
    Ok(member.send_on(&href, said))
}

fn unreadable() -> Error {
    let mut faults = crate::error::Faults::default();
    let (fr, en) = ("la date se donne comme 2027-03-31", "a date is given as 2027-03-31");
    faults.check(false, "/due_on", fr, en);
    faults.refuse().err().unwrap_or_else(|| Reason::InvalidValues.into())
}

/// Shows what enrolling in a path takes.
#[handler]
pub(super) async fn ask_path(member: Member, Path(code): Path<String>) -> Response {
    member.answer(path_page(&member, &code, None).await)
}

async fn path_page(member: &Member, code: &str, fault: Option<Fault>) -> Result<Response> {
    let (app, who, now) = (&member.app, &member.signed.principal, member.app.clock.now());
    let conn = app.db.read();
    let edition = published::current(&app.shelf, conn, &code_of(code)?).await?;
    let fault = match fault {
        Some(fault) => Some(fault),
        None => paths::apply(conn, who, &edition, now).await.err().map(Fault::of).transpose()?,
    };
    let catalogue = app.shelf.current(conn).await?;
    let steps = of_pages::count(edition.content.steps.len(), "étape", "étapes");
    let minutes = of_pages::range(catalogue.minutes_of(&edition.content).required);
    let page = Enrol {
        around: member.around(Section::Learner),
        crumbs: Vec::new(),
        token: member.signed.token.clone(),
        able: fault.is_none(),
        fault,
        action: format!("/parcours/{code}/inscription"),
        title: edition.content.title.clone(),
        line: format!("{steps} · {minutes}"),
        due: None,
        today: String::new(),
        path: true,
        before: before(&catalogue, &edition.content.prerequisites),
    };
    Ok(member.page(poem::http::StatusCode::OK, &page))
}

/// Enrols in a path.
#[handler]
pub(super) async fn enrol_path(posted: Posted, Path(code): Path<String>) -> Response {
    let member = &posted.member;
    let followed = match path_begun(member, &code).await {
        Err(error) => match Fault::of(error) {
            Ok(fault) => path_page(member, &code, Some(fault)).await,
            Err(error) => Err(error),
        },
        done => done,
    };
    member.answer(followed)
}

async fn path_begun(member: &Member, code: &str) -> Result<Response> {
    let (app, who, now) = (&member.app, &member.signed.principal, member.app.clock.now());
    let conn = app.db.read();
    let edition = published::current(&app.shelf, conn, &code_of(code)?).await?;
    let applied = paths::apply(conn, who, &edition, now).await;
    let tx = app.db.begin_write().await?;
    let paths::Enrolled { row, new } = paths::enrol(&tx, who, &edition, applied, now).await?;
    tx.commit().await?;
    let said = match new {
        true => "Vous suivez ce parcours.",
        false => "Vous suiviez ce parcours : voici où vous en êtes.",
    };
    Ok(member.send_on(&format!("/mes-parcours/{}", row.id), said))
}
