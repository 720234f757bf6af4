//! Asking somebody of another organisation to review a draft.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use uuid::Uuid;

use super::{Crumbs, Refused, crumbs, desk, may, words};
use crate::accounts::policy::Action;
use crate::catalogue::api::code_of;
use crate::catalogue::model::{ReviewKind, review_request};
use crate::error::{Fault, Reason, Refusal, Result};
use crate::publication::reviewers::{self, Asked};
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// What may be asked, with its word in the form.
const KINDS: [(&str, ReviewKind); 3] = [
    ("pedagogical", ReviewKind::Pedagogical),
    ("legal", ReviewKind::Legal),
    ("both", ReviewKind::Both),
];

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/reviewers.html")]
struct Page {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    code: String,
    asked: Vec<Request>,
    account: String,
    kinds: Vec<(&'static str, &'static str)>,
}

/// Somebody who was asked.
struct Request {
    account: Uuid,
    kind: &'static str,
    day: String,
    withdrawn: bool,
}

/// Shows who was asked.
#[handler]
pub(super) async fn show(member: Member, Path(code): Path<String>) -> Response {
    member.answer(page(&member, &code, &Fields::default(), None).await)
}

/// Asks somebody, or no longer.
#[handler]
pub(super) async fn change(posted: Posted, Path(code): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let answered = match changed(&member, &code, &fields).await {
        Ok(said) => Ok(member.send_on(&format!("/atelier/{code}/relecteurs"), said)),
        Err(error) => page(&member, &code, &fields, Some(Refused::of(error))).await,
    };
    member.answer(answered)
}

async fn changed(member: &Member, code: &str, fields: &Fields) -> Result<&'static str> {
    let (code, who, now) = (code_of(code)?, &member.signed.principal, member.app.clock.now());
    let account = fields.line("compte").trim().parse::<Uuid>().map_err(|_| no_account())?;
    let tx = member.app.db.begin_write().await?;
    let said = if fields.line("faire") == "retirer" {
        reviewers::withdraw(&tx, who, &code, account, now).await?;
        "Demande retirée : ce brouillon ne lui est plus ouvert."
    } else {
        let kind = KINDS.iter().find(|(word, _)| *word == fields.line("genre"));
        let kind = kind.map_or(ReviewKind::Both, |(_, kind)| *kind);
        reviewers::ask(&tx, who, &code, (Asked::Account(account), kind), now).await?;
        "Relecture demandée : un courriel l’annonce."
    };
    tx.commit().await?;
    Ok(said)
}

fn no_account() -> crate::error::Error {
    let fr = "Compte : recopiez l’identifiant que cette personne lit en bas de son atelier";
    Refusal::naming(Reason::InvalidValues, vec![Fault::new("", fr, "an account id")]).into()
}

async fn page(
    member: &Member,
    code: &str,
    fields: &Fields,
    refused: Option<Refused>,
) -> Result<Response> {
    let desk = desk(member, code).await?;
    let mut rows = reviewers::of_draft(member.app.db.read(), desk.draft.id).await?;
    // Whoever is lent the draft learns of no other reviewer of another provider.
    if !may(member, Action::ReadDraft, &desk.module) {
        let own = member.signed.principal.account_id;
        rows.retain(|row| row.account_id == own);
    }
    let request = |row: review_request::Model| Request {
        account: row.account_id,
        kind: words::review_kind(row.kind),
        day: of_pages::day(row.asked_at),
        withdrawn: row.withdrawn_at.is_some(),
    };
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let page = Page {
        around: member.around(Section::Desk),
        crumbs: crumbs(&desk.module.code),
        token: member.signed.token.clone(),
        refused,
        code: desk.module.code,
        asked: rows.into_iter().map(request).collect(),
        account: fields.line("compte").to_owned(),
        kinds: KINDS.iter().map(|(word, kind)| (*word, words::review_kind(*kind))).collect(),
    };
    Ok(member.page(status, &page))
}
