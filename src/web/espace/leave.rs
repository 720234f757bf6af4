//! Leaving a training or a path, for a reason from a list.

use askama::Template;
use poem::web::Path;
use poem::{Response, handler};

use super::fault::{Fault, status};
use super::id_of;
use super::words::LEAVING;
use crate::enrolments::{self, find, paths};
use crate::error::{Error, Reason, Refusal, Result};
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/leave.html")]
struct Leave {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    action: String,
    title: String,
    path: bool,
    reasons: Vec<(&'static str, &'static str)>,
}

/// What is left.
#[derive(Clone, Copy)]
enum What {
    Module,
    Path,
}

impl What {
    const fn folder(self) -> &'static str {
        match self {
            Self::Module => "mes-formations",
            Self::Path => "mes-parcours",
        }
    }
}

/// Asks why one leaves a training.
#[handler]
pub(super) async fn ask(member: Member, Path(id): Path<String>) -> Response {
    member.answer(page(&member, What::Module, &id, None).await)
}

/// Asks why one leaves a path.
#[handler]
pub(super) async fn ask_path(member: Member, Path(id): Path<String>) -> Response {
    member.answer(page(&member, What::Path, &id, None).await)
}

async fn page(member: &Member, what: What, id: &str, fault: Option<Fault>) -> Result<Response> {
    let (app, who, id) = (&member.app, &member.signed.principal, id_of(id)?);
    let conn = app.db.read();
    let title = match what {
        What::Module => {
            let row = find::own(conn, who, id).await?;
            app.shelf.edition(conn, row.version_id).await?.version.title.clone()
        }
        What::Path => {
            let row = paths::find::own(conn, who, id).await?;
            let stands = paths::standings(conn, who, vec![row], app.clock.now()).await?;
            stands.first().ok_or(Reason::Internal)?.edition.content.title.clone()
        }
    };
    let own = format!("/{}/{id}", what.folder());
    let status = status(fault.as_ref());
    let page = Leave {
        around: member.around(Section::Learner),
        crumbs: vec![(own.clone(), title.clone())],
        token: member.signed.token.clone(),
        fault,
        action: format!("{own}/quitter"),
        title,
        path: matches!(what, What::Path),
        reasons: LEAVING.map(|(reason, said)| (reason.word(), said)).into(),
    };
    Ok(member.page(status, &page))
}

/// Leaves a training.
#[handler]
pub(super) async fn leave(posted: Posted, Path(id): Path<String>) -> Response {
    left(&posted, What::Module, &id).await
}

/// Leaves a path.
#[handler]
pub(super) async fn leave_path(posted: Posted, Path(id): Path<String>) -> Response {
    left(&posted, What::Path, &id).await
}

async fn left(posted: &Posted, what: What, id: &str) -> Response {
    let Posted { member, fields } = posted;
    let done = match quit(member, what, id, fields).await {
        Ok(said) => Ok(member.send_on("/mon-espace", said)),
        Err(error) => match Fault::of(error) {
            Ok(fault) => page(member, what, id, Some(fault)).await,
            Err(error) => Err(error),
        },
    };
    member.answer(done)
}

async fn quit(member: &Member, what: What, id: &str, fields: &Fields) -> Result<&'static str> {
    let (app, who, id) = (&member.app, &member.signed.principal, id_of(id)?);
    let word = fields.line("motif");
    let reason = LEAVING.iter().find(|(reason, _)| reason.word() == word);
    let tx = app.db.begin_write().await?;
    let now = app.clock.now();
    let said = match what {
        What::Module => {
            let row = find::own_locked(&tx, who, id).await?;
            let (reason, _) = reason.ok_or_else(unsaid)?;
            enrolments::withdraw(&tx, who, &row, reason.word(), now).await?;
            "Vous avez quitté cette formation. Vous pourrez la reprendre en vous inscrivant à nouveau."
        }
        What::Path => {
            paths::find::own(&tx, who, id).await?;
            let (reason, _) = reason.ok_or_else(unsaid)?;
            paths::withdraw(&tx, who, id, reason.word(), now).await?;
            "Vous avez quitté ce parcours. Les modules commencés restent les vôtres."
        }
    };
    tx.commit().await?;
    Ok(said)
}

fn unsaid() -> Error {
    let (fr, en) = ("Choisissez une raison.", "Choose a reason.");
    Refusal::new(Reason::InvalidValues).because(fr, en).into()
}
