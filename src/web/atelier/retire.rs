//! Taking a module out of the catalogue, with a reason.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::{Crumbs, Refused, bench, crumbs, publish};
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::api::code_of;
use crate::catalogue::find;
use crate::error::{Reason, Result};
use crate::publication::retire as verb;
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words;

/// The form.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/retire.html")]
struct Page {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    code: String,
    reason: String,
    /// Since when it is retired, if it is.
    since: Option<String>,
}

/// Asks why.
#[handler]
pub(super) async fn ask(member: Member, Path(code): Path<String>) -> Response {
    member.answer(page(&member, &code, &Fields::default(), None).await)
}

/// Retires it.
#[handler]
pub(super) async fn retire(posted: Posted, Path(code): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let answered = match retired(&member, &code, &fields).await {
        Ok(()) => {
            let said = "Module retiré du catalogue. Qui l’a commencé peut le finir.";
            Ok(member.send_on(&format!("/atelier/{code}"), said))
        }
        Err(error) => page(&member, &code, &fields, Some(Refused::of(error))).await,
    };
    member.answer(answered)
}

async fn retired(member: &Member, code: &str, fields: &Fields) -> Result<()> {
    let (code, now) = (code_of(code)?, member.app.clock.now());
    let tx = member.app.db.begin_write().await?;
    let reason = fields.text("motif");
    verb::retire(&tx, &member.signed.principal, &code, &reason, now).await?;
    tx.commit().await?;
    publish::refresh(member).await;
    Ok(())
}

async fn page(
    member: &Member,
    code: &str,
    fields: &Fields,
    refused: Option<Refused>,
) -> Result<Response> {
    let (module, _) = bench(member, code).await?;
    let who = &member.signed.principal;
    policy::allow(who, Action::Publish, &Target::Provider(module.provider_id))?;
    let conn = member.app.db.read();
    let latest = find::latest(conn, module.id).await?.ok_or(Reason::NotFound)?;
    let retirement = find::retirement(conn, &latest).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let page = Page {
        around: member.around(Section::Desk),
        crumbs: crumbs(&module.code),
        token: member.signed.token.clone(),
        refused,
        code: module.code,
        reason: fields.text("motif"),
        since: retirement.map(|row| words::day(row.retired_at)),
    };
    Ok(member.page(status, &page))
}
