//! Giving up one's seat, or one's place on the waiting list; the next is seated.

use askama::Template;
use poem::web::Path;
use poem::{Response, handler};

use super::mine::said;
use super::told::{self, Told};
use crate::error::{Reason, Result};
use crate::sessions::{book, find, register, seats};
use crate::web::espace::fault::{Fault, status};
use crate::web::espace::id_of;
use crate::web::form::Posted;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "sessions/leave.html")]
struct Leave {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    told: Told,
    state: &'static str,
    /// Whether there is something to give up.
    active: bool,
    seated: bool,
}

/// Asks whether one gives it up.
#[handler]
pub(super) async fn ask(member: Member, Path(id): Path<String>) -> Response {
    member.answer(page(&member, &id, None).await)
}

/// Who never asked for a seat has no such page.
async fn page(member: &Member, id: &str, fault: Option<Fault>) -> Result<Response> {
    let (conn, person) = (member.app.db.read(), member.signed.principal.person_id);
    let held = find::by_id(conn, id_of(id)?).await?;
    let book = book::of_session(conn, held.session.id).await?;
    let mine = book.into_iter().rev().find(|one| one.row.person_id == person);
    let state = mine.ok_or(Reason::NotFound)?.state();
    let told = told::all(&member.app, &[held]).await?.pop().ok_or(Reason::Internal)?;
    let status = status(fault.as_ref());
    let page = Leave {
        around: member.around(Section::Learner),
        crumbs: vec![("/mes-sessions".to_owned(), "Mes sessions".to_owned())],
        token: member.signed.token.clone(),
        fault,
        told,
        state: said(state),
        active: seats::is_active(state),
        seated: seats::is_seated(state),
    };
    Ok(member.page(status, &page))
}

/// Gives it up.
#[handler]
pub(super) async fn leave(posted: Posted, Path(id): Path<String>) -> Response {
    let member = &posted.member;
    let done = match withdraw(member, &id).await {
        Ok(()) => {
            Ok(member.send_on("/mes-sessions", "Vous n’êtes plus sur la liste de cette session."))
        }
        Err(error) => match Fault::of(error) {
            Ok(fault) => page(member, &id, Some(fault)).await,
            Err(error) => Err(error),
        },
    };
    member.answer(done)
}

async fn withdraw(member: &Member, id: &str) -> Result<()> {
    let (app, who, id) = (&member.app, &member.signed.principal, id_of(id)?);
    let tx = app.db.begin_write().await?;
    let held = find::locked(&tx, id).await?;
    register::withdraw(&tx, who, held, app.clock.now()).await?;
    Ok(tx.commit().await?)
}
