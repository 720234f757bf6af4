//! The secret address of one's calendar: made, made anew, ended.

use poem::{Response, handler};

use super::mine;
use crate::error::Result;
use crate::sessions::feed;
use crate::web::form::Posted;
use crate::web::page::discreet;
use crate::web::visitor::Member;

/// Makes an address in place of the one before, and shows it: on this page only.
#[handler]
pub(super) async fn make(posted: Posted) -> Response {
    let member = &posted.member;
    member.answer(made(member).await)
}

async fn made(member: &Member) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let tx = app.db.begin_write().await?;
    let secret = feed::make(&tx, who, app.clock.now()).await?;
    tx.commit().await?;
    let url = feed::address(&app.settings.http.public_url, &secret);
    Ok(discreet(mine::page(member, Some(url)).await?))
}

/// Ends the address.
#[handler]
pub(super) async fn end(posted: Posted) -> Response {
    let member = &posted.member;
    member.answer(ended(member).await)
}

async fn ended(member: &Member) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let tx = app.db.begin_write().await?;
    feed::revoke(&tx, who, app.clock.now()).await?;
    tx.commit().await?;
    Ok(member.send_on("/mes-sessions", "Plus aucune adresse n’ouvre votre agenda."))
}
