//! One's attestations: what each says, its documents, where anybody verifies it.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{IntoResponse as _, Response, handler};
use uuid::Uuid;

use super::id_of;
use crate::attestations::model::attestation;
use crate::attestations::{find, signed};
use crate::documents::api::{served, sources};
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
    let rows = rows.into_iter().map(|row| shown(member, row)).collect::<Result<_>>()?;
    let page = Attestations { around: member.around(Section::Learner), rows, next };
    Ok(member.page(StatusCode::OK, &page))
}

fn shown(member: &Member, row: attestation::Model) -> Result<Row> {
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
        url: format!("{}/verifier/{}", member.app.settings.http.public_url, row.code),
        code: row.code,
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

async fn document(member: &Member, id: &str, kind: Kind) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let row = find::own(app.db.read(), who.person_id, id_of(id)?).await?;
    let subject = documents::subject(app.db.read(), sources(app), &row).await?;
    Ok(served(kind, subject).await?.into_response())
}
