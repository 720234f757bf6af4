//! One's attestations: what each says, its documents, where anybody verifies it.

use askama::Template;
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{IntoResponse as _, Response, handler};
use uuid::Uuid;

use super::id_of;
use crate::attestations::api::maker;
use crate::attestations::model::attestation;
use crate::attestations::standing::{self, Standing};
use crate::attestations::{badge, credential as credentials, find, signed};
use crate::documents::{self, Kind};
use crate::error::{Reason, Result};
use crate::web::atelier::asked;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// Attestations on a page.
const PER_PAGE: usize = 30;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/attestations.html")]
struct Attestations {
    around: Around,
    rows: Vec<Row>,
    next: Option<String>,
}

/// An attestation.
struct Row {
    id: Uuid,
    title: String,
    line: String,
    changed: Option<String>,
    code: String,
    url: String,
}

/// Shows them, the latest first.
#[handler]
pub(super) async fn list(member: Member) -> Response {
    member.answer(page(&member).await)
}

async fn page(member: &Member) -> Result<Response> {
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let before = asked(member, "avant").and_then(|id| id.parse().ok());
    let mut rows = find::of_person(conn, who.person_id, PER_PAGE as u64 + 1, before).await?;
    let more = rows.len() > PER_PAGE;
    rows.truncate(PER_PAGE);
    let next =
        rows.last().filter(|_| more).map(|row| format!("/mes-attestations?avant={}", row.id));
    let mut standings = standing::of(conn, &rows).await?;
    let rows = rows.into_iter().map(|row| {
        let standing = standings.remove(&row.id).unwrap_or_default();
        shown(member, row, &standing)
    });
    let rows = rows.collect::<Result<_>>()?;
    let page = Attestations { around: member.around(Section::Learner), rows, next };
    Ok(member.page(StatusCode::OK, &page))
}

fn shown(member: &Member, row: attestation::Model, standing: &Standing) -> Result<Row> {
    let said = signed::open(&member.app.keys, &row.signed).ok_or(Reason::Internal)?;
    let mut line = format!(
        "{} · version {} · achevé le {}",
        said.provider,
        said.version,
        of_pages::day(said.completed_at)
    );
    if let Some(percent) = said.percent {
        line += &format!(" · test : {percent}\u{a0}%");
    }
    Ok(Row {
        id: row.id,
        title: said.title,
        line,
        changed: changed(standing),
        url: format!("{}/verifier/{}", member.app.settings.http.public_url, row.code),
        code: row.code,
    })
}

/// What became of it, if anything did.
fn changed(standing: &Standing) -> Option<String> {
    let day = of_pages::day(standing.since()?);
    Some(match standing.revoked {
        Some(_) => format!("Révoquée le {day} : elle n’est plus valable."),
        None => format!("Valable, et remplacée le {day} par une attestation plus récente."),
    })
}

/// The *attestation de fin de formation*, as a PDF.
#[handler]
pub(super) async fn training(member: Member, Path(id): Path<String>) -> Response {
    member.answer(document(&member, &id, Kind::Attestation).await)
}

/// The *certificat de réalisation*, as a PDF.
#[handler]
pub(super) async fn certificate(member: Member, Path(id): Path<String>) -> Response {
    member.answer(document(&member, &id, Kind::Certificat).await)
}

/// The signed credential, for other systems.
#[handler]
pub(super) async fn credential(member: Member, Path(id): Path<String>) -> Response {
    member.answer(signed_credential(&member, &id).await)
}

async fn signed_credential(member: &Member, id: &str) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let row = find::own(app.db.read(), who.person_id, id_of(id)?).await?;
    let made = credentials::of(&app.db, maker(app), &row, app.clock.now()).await?;
    let named = format!("attachment; filename=\"attestation-{}.jwt\"", row.code);
    Ok(Response::builder()
        .content_type(badge::MEDIA_TYPE)
        .header(header::CONTENT_DISPOSITION, named)
        .header(header::CACHE_CONTROL, "no-store")
        .body(made.jwt))
}

async fn document(member: &Member, id: &str, kind: Kind) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let row = find::own(app.db.read(), who.person_id, id_of(id)?).await?;
    Ok(documents::api::of(app, kind, &row).await?.into_response())
}
