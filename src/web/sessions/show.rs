//! The page of a session: when, where, for how many, and asking for a seat.

use askama::Template;
use poem::web::Path;
use poem::{Response, handler};
use uuid::Uuid;

use super::told::{self, Told};
use crate::error::{Reason, Result};
use crate::people::capacity;
use crate::sessions::find::{self, Held};
use crate::sessions::model::SessionState;
use crate::sessions::{book, seats};
use crate::territory;
use crate::web::espace::fault::{Fault, status};
use crate::web::espace::{id_of, words};
use crate::web::page::{Around, Section};
use crate::web::visitor::{Signed, Visitor, sign_in_path};

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "sessions/show.html")]
struct Show {
    around: Around,
    fault: Option<Fault>,
    told: Told,
    sign_in: String,
    /// What the form of somebody signed in carries.
    token: Option<String>,
    /// Whether they are on its list already, with a seat or waiting for one.
    listed: bool,
    /// Under what they may attend, to be chosen among several: id and words.
    capacities: Vec<(Uuid, String)>,
}

/// Shows a session that was announced.
#[handler]
pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    let shown = page(&visitor, &id, None).await;
    visitor.answer(shown)
}

/// The page, which may tell why a registration was refused.
pub(super) async fn page(visitor: &Visitor, id: &str, fault: Option<Fault>) -> Result<Response> {
    let held = find::by_id(visitor.app.db.read(), id_of(id)?).await?;
    if held.state() == SessionState::Draft {
        return Err(Reason::NotFound.into());
    }
    let all = told::all(&visitor.app, std::slice::from_ref(&held)).await?;
    let told = all.into_iter().next().ok_or(Reason::Internal)?;
    let status = status(fault.as_ref());
    let (listed, capacities) = match &visitor.signed {
        Some(signed) => standing(visitor, signed, &held, told.open).await?,
        None => (false, Vec::new()),
    };
    let page = Show {
        around: visitor.around(Section::Catalogue),
        fault,
        sign_in: sign_in_path(&format!("/sessions/{}", told.id)),
        token: visitor.signed.as_ref().map(|signed| signed.token.clone()),
        told,
        listed,
        capacities,
    };
    Ok(visitor.page(status, &page))
}

/// Whether somebody is on the list, and, where they may ask for a seat, their capacities of today.
async fn standing(
    visitor: &Visitor,
    signed: &Signed,
    held: &Held,
    open: bool,
) -> Result<(bool, Vec<(Uuid, String)>)> {
    let (conn, person) = (visitor.app.db.read(), signed.principal.person_id);
    let book = book::of_session(conn, held.session.id).await?;
    let mine = |one: &book::Registered| one.row.person_id == person;
    let listed = book.iter().any(|one| mine(one) && seats::is_active(one.state()));
    if listed || !open {
        return Ok((listed, Vec::new()));
    }
    let today = visitor.app.clock.now().date_naive();
    let rows = capacity::in_force(conn, person, today).await?;
    if rows.len() < 2 {
        return Ok((false, Vec::new()));
    }
    let ids = rows.iter().map(|row| row.organisation_id).collect();
    let names = territory::details::named(conn, ids).await?;
    let said = rows.into_iter().map(|row| {
        let name = names.get(&row.organisation_id).map(|one| one.name.as_str());
        (row.id, format!("{}, {}", words::capacity(row.kind), name.unwrap_or_default()))
    });
    Ok((false, said.collect()))
}
