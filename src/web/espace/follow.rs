//! A path that one follows: each step, what is open, what comes next.

use std::sync::Arc;

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::fault::{Fault, status};
use super::{id_of, words};
use crate::catalogue::Edition;
use crate::content::ModuleCode;
use crate::enrolments::{Wish, api, paths};
use crate::error::{Reason, Result};
use crate::records::State;
use crate::web::form::Posted;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/follow.html")]
struct Follow {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    href: String,
    code: String,
    title: String,
    state: &'static str,
    percent: u8,
    open: bool,
    order: &'static str,
    steps: Vec<Step>,
}

struct Step {
    state: &'static str,
    done: bool,
    optional: bool,
    /// Whether the order of the path allows to begin it.
    open: bool,
    any_of: Vec<Module>,
}

struct Module {
    code: String,
    title: String,
    minutes: Option<String>,
    /// Its training, if one is enrolled.
    href: Option<String>,
    begun: bool,
    completed: bool,
}

/// Shows it.
#[handler]
pub(super) async fn show(member: Member, Path(id): Path<String>) -> Response {
    member.answer(page(&member, &id, None).await)
}

async fn page(member: &Member, id: &str, fault: Option<Fault>) -> Result<Response> {
    let (app, who, now) = (&member.app, &member.signed.principal, member.app.clock.now());
    let conn = app.db.read();
    let row = paths::find::own(conn, who, id_of(id)?).await?;
    let catalogue = app.shelf.current(conn).await?;
    let stands = paths::standings(conn, who, vec![row], now).await?;
    let one = stands.into_iter().next().ok_or(Reason::Internal)?;
    let module = |code: &ModuleCode| module(code, catalogue.get(code), one.member(code));
    let content = &one.edition.content;
    let steps = content.steps.iter().zip(&one.progress.steps).map(|(step, progress)| Step {
        state: step_state(progress.state),
        done: progress.state == paths::MemberState::Completed,
        optional: step.optional,
        open: progress.open,
        any_of: step.any_of.iter().map(module).collect(),
    });
    let status: StatusCode = status(fault.as_ref());
    let page = Follow {
        around: member.around(Section::Learner),
        crumbs: Vec::new(),
        token: member.signed.token.clone(),
        fault,
        href: format!("/mes-parcours/{}", one.row.id),
        code: one.edition.path.code.clone(),
        title: content.title.clone(),
        state: words::state(one.state()),
        percent: one.progress.percent,
        open: matches!(one.state(), State::Enrolled | State::InProgress),
        order: of_pages::order(content.order),
        steps: steps.collect(),
    };
    Ok(member.page(status, &page))
}

fn module(code: &ModuleCode, published: Option<&Arc<Edition>>, stands: paths::Member) -> Module {
    let manifest = published.map(|edition| &edition.content.manifest);
    Module {
        code: code.to_string(),
        title: manifest.map_or_else(|| code.to_string(), |m| m.title.clone()),
        minutes: manifest.map(|m| of_pages::minutes(m.duration_minutes)),
        href: stands.enrolment_id.map(|id| format!("/mes-formations/{id}")),
        // Enrolled and nothing read is as good as not enrolled: beginning finds the enrolment.
        begun: stands.state == paths::MemberState::InProgress,
        completed: stands.state == paths::MemberState::Completed,
    }
}

const fn step_state(state: paths::MemberState) -> &'static str {
    match state {
        paths::MemberState::NotStarted => "à commencer",
        paths::MemberState::InProgress => "en cours",
        paths::MemberState::Completed => "achevée",
    }
}

/// Begins a module of it.
#[handler]
pub(super) async fn begin(posted: Posted, address: Path<(String, String)>) -> Response {
    let (member, (id, code)) = (&posted.member, address.0);
    let begun = match begun(member, &id, &code).await {
        Err(error) => match Fault::of(error) {
            Ok(fault) => page(member, &id, Some(fault)).await,
            Err(error) => Err(error),
        },
        done => done,
    };
    member.answer(begun)
}

async fn begun(member: &Member, id: &str, code: &str) -> Result<Response> {
    let (app, who, id) = (&member.app, &member.signed.principal, id_of(id)?);
    let code = ModuleCode::parse(code).map_err(|_| Reason::NotFound)?;
    paths::may_begin(app.db.read(), who, id, &code).await?;
    let wish = Wish { due_on: None, through: Some(id) };
    let enrolled = api::begin(app, who, &code, wish).await?;
    let said = "Vous êtes inscrit·e : bonne lecture.";
    Ok(member.send_on(&format!("/mes-formations/{}", enrolled.row.id), said))
}
