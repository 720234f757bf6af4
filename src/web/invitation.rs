//! An invitation to enrol, as the mail leads to it: an élu reads who invites them to what, and accepts
//! or declines. Reading changes nothing.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use uuid::Uuid;

use super::form::Posted;
use super::page::{Around, Section};
use super::visitor::Member;
use super::words;
use crate::cohorts::api::invitations::{accept, decline};
use crate::cohorts::invitations;
use crate::cohorts::model::{InvitationAnswer, OnBehalf};
use crate::cohorts::shown::named;
use crate::error::{Reason, Result};

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "invitation.html")]
struct Page {
    around: Around,
    token: String,
    id: Uuid,
    organisation: String,
    by_cdg: bool,
    title: String,
    /// Where the module or the path is described.
    about: String,
    is_path: bool,
    due_on: Option<String>,
    /// What was answered, if it was.
    answered: Option<&'static str>,
}

/// Shows an invitation to whom it was sent.
#[handler]
pub(super) async fn show(member: Member, Path(id): Path<String>) -> Response {
    member.answer(page(&member, &id).await)
}

/// Takes the answer.
#[handler]
pub(super) async fn answer(posted: Posted, Path(id): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let answered = taken(&member, &id, fields.line("reponse")).await;
    member.answer(answered.map(|said| member.send_on(&format!("/invitations/{id}"), said)))
}

async fn taken(member: &Member, id: &str, said: &str) -> Result<&'static str> {
    let (id, who) = (parsed(id)?, &member.signed.principal);
    match said {
        "accepter" => {
            accept(&member.app, who, id).await?;
            Ok("Vous êtes inscrit·e.")
        }
        "decliner" => {
            decline(&member.app, who, id).await?;
            Ok("Invitation déclinée.")
        }
        _ => Err(Reason::InvalidValues.into()),
    }
}

async fn page(member: &Member, id: &str) -> Result<Response> {
    let conn = member.app.db.read();
    let row = invitations::own(conn, &member.signed.principal, parsed(id)?).await?;
    let named = named(conn, std::slice::from_ref(&row)).await?.remove(&row.id).unwrap_or_default();
    let about = match (&named.module, &named.path) {
        (Some(code), _) => format!("/modules/{code}"),
        (None, code) => format!("/parcours/{}", code.as_deref().unwrap_or_default()),
    };
    let page = Page {
        around: member.around(Section::Other),
        token: member.signed.token.clone(),
        id: row.id,
        organisation: named.organisation,
        by_cdg: row.invited_for == OnBehalf::Cdg,
        title: named.title,
        about,
        is_path: row.path_id.is_some(),
        due_on: row.due_on.map(words::date),
        answered: row.answer.map(|given| match given {
            InvitationAnswer::Accepted => {
                "Vous avez accepté cette invitation : vous êtes inscrit·e."
            }
            InvitationAnswer::Declined => "Vous avez décliné cette invitation.",
        }),
    };
    Ok(member.page(StatusCode::OK, &page))
}

fn parsed(id: &str) -> Result<Uuid> {
    id.parse().map_err(|_| Reason::NotFound.into())
}
