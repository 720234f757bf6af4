//! Asking somebody of another organisation to review a draft: by their exact sign-in name, or by
//! their name among those who review where one says.

use std::collections::HashMap;

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde_json::json;
use uuid::Uuid;

use super::{Crumbs, Refused, asked, crumbs, desk, words};
use crate::accounts::policy::{self, Action, Target};
use crate::accounts::reviewers::{self as known, Reviewer};
use crate::catalogue::api::{code_of, tell_reading};
use crate::catalogue::draft::Desk;
use crate::catalogue::model::{ReviewKind, review_request};
use crate::catalogue::workbench::{self, Benches, House};
use crate::error::{Fault, Reason, Refusal, Result};
use crate::providers;
use crate::publication::reviewers::{self, Asked};
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// What may be asked, with its word in the form.
const KINDS: [(&str, ReviewKind); 3] = [
    ("both", ReviewKind::Both),
    ("pedagogical", ReviewKind::Pedagogical),
    ("legal", ReviewKind::Legal),
];
/// Most organisations to choose from.
const MOST_HOUSES: u64 = 200;
/// Longest sign-in name, in characters.
const LONGEST: usize = 254;

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
    login: String,
    houses: Vec<House>,
    /// The organisation that was chosen, and who reviews there.
    house: String,
    found: Option<Vec<Reviewer>>,
    kinds: Vec<(&'static str, &'static str)>,
}

/// Somebody who was asked.
struct Request {
    account: Uuid,
    name: String,
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
    let whom = whom(fields)?;
    let tx = member.app.db.begin_write().await?;
    let said = match (fields.line("faire"), whom) {
        ("retirer", Asked::Account(account)) => {
            reviewers::withdraw(&tx, who, &code, account, now).await?;
            "Demande retirée : ce brouillon ne lui est plus ouvert."
        }
        (_, whom) => {
            let kind = KINDS.iter().find(|(word, _)| *word == fields.line("genre"));
            let (_, kind) = kind.ok_or(Reason::InvalidParameter)?;
            reviewers::ask(&tx, who, &code, (whom, *kind), now).await?;
            "Relecture demandée : un courriel l’annonce."
        }
    };
    tx.commit().await?;
    Ok(said)
}

/// Whom a form asks: somebody of its list, or whoever signs in under the name typed.
fn whom(fields: &Fields) -> Result<Asked> {
    if let Some(account) = fields.get("compte") {
        return Ok(Asked::Account(account.parse().map_err(|_| nobody_chosen())?));
    }
    let login = fields.line("identifiant").trim();
    if login.is_empty() || login.chars().count() > LONGEST {
        return Err(nobody_chosen());
    }
    Ok(Asked::Login(login.to_owned()))
}

fn nobody_chosen() -> crate::error::Error {
    let fr = "Écrivez l’identifiant avec lequel cette personne se connecte, ou choisissez-la dans son organisme";
    Refusal::naming(Reason::InvalidValues, vec![Fault::new("", fr, "a sign-in name")]).into()
}

async fn page(
    member: &Member,
    code: &str,
    fields: &Fields,
    refused: Option<Refused>,
) -> Result<Response> {
    let desk = desk(member, code).await?;
    let provider = Target::Provider(desk.module.provider_id);
    policy::allow(&member.signed.principal, Action::AskReview, &provider)?;
    let house = asked(member, "organisme").or_else(|| fields.get("organisme").map(str::to_owned));
    let house = house.filter(|reference| !reference.is_empty());
    let found = match &house {
        Some(reference) => Some(reviewers_at(member, &desk, reference).await?),
        None => None,
    };
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let page = Page {
        around: member.around(Section::Desk),
        crumbs: crumbs(&desk.module.code),
        token: member.signed.token.clone(),
        refused,
        asked: requests(member, &desk).await?,
        code: desk.module.code,
        login: fields.line("identifiant").to_owned(),
        houses: workbench::houses(member.app.db.read(), &Benches::All, MOST_HOUSES).await?,
        house: house.unwrap_or_default(),
        found,
        kinds: KINDS.iter().map(|(word, kind)| (*word, words::review_kind(*kind))).collect(),
    };
    Ok(member.page(status, &page))
}

/// Those who review at another organisation; reading their names is written in the journal.
async fn reviewers_at(member: &Member, desk: &Desk, reference: &str) -> Result<Vec<Reviewer>> {
    let (app, conn) = (&member.app, member.app.db.read());
    let elsewhere = providers::by_ref(conn, reference).await?;
    let Some(provider) = elsewhere.filter(|known| known.id != desk.module.provider_id) else {
        return Ok(Vec::new());
    };
    let found = known::at_provider(conn, provider.id, app.clock.now()).await?;
    if !found.is_empty() {
        let (subject, detail) = (("provider", provider.id), json!({ "module": desk.module.code }));
        tell_reading(app, &member.signed.principal, "reviewers.read", subject, detail).await?;
    }
    Ok(found)
}

/// Who was asked to review a draft, latest first.
async fn requests(member: &Member, desk: &Desk) -> Result<Vec<Request>> {
    let conn = member.app.db.read();
    let rows = reviewers::of_draft(conn, desk.draft.id).await?;
    let names: HashMap<Uuid, String> =
        known::named(conn, rows.iter().map(|row| row.account_id)).await?;
    let request = |row: review_request::Model| Request {
        account: row.account_id,
        name: names.get(&row.account_id).cloned().unwrap_or_else(|| "nom effacé".to_owned()),
        kind: words::review_kind(row.kind),
        day: of_pages::day(row.asked_at),
        withdrawn: row.withdrawn_at.is_some(),
    };
    Ok(rows.into_iter().map(request).collect())
}
