//! What is held of whoever asks: names, address, capacities, sessions; how long; a copy; signing out.

use askama::Template;
use poem::http::StatusCode;
use poem::{Response, handler};
use sea_orm::{EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::words;
use crate::accounts::model::account;
use crate::accounts::{session, web_session};
use crate::capacities::find;
use crate::error::{Reason, Result};
use crate::people::model::{Standing, capacity as row, contact_address};
use crate::people::{capacity, identity};
use crate::territory;
use crate::web::form::Posted;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/data.html")]
struct Data {
    around: Around,
    token: String,
    /// Label and value.
    identity: Vec<(&'static str, String)>,
    capacities: Vec<Capacity>,
    /// When each session of the web was last used.
    sessions: Vec<String>,
}

/// A capacity, past or present.
struct Capacity {
    what: String,
    organisation: String,
    since: String,
    standing: &'static str,
    confirmed: bool,
}

/// Shows it.
#[handler]
pub(super) async fn show(member: Member) -> Response {
    member.answer(page(&member).await)
}

async fn page(member: &Member) -> Result<Response> {
    let (app, who, now) = (&member.app, &member.signed.principal, member.app.clock.now());
    let conn = app.db.read();
    let person = identity::current(conn, who.person_id).await?;
    let account = account::Entity::find_by_id(who.account_id).one(conn).await?;
    let account = account.ok_or(Reason::Internal)?;
    let addresses = contact_address::Entity::find()
        .filter(contact_address::COLUMN.person_id.eq(who.person_id))
        .filter(contact_address::COLUMN.valid_to.is_null())
        .order_by_asc(contact_address::Column::Id)
        .all(conn)
        .await?;
    let mut said = vec![
        ("Prénom", person.given_name),
        ("Nom", person.family_name),
        ("Identifiant", account.sign_in_name),
    ];
    said.extend(addresses.into_iter().map(|one| ("Adresse électronique", one.address)));
    let sessions = web_session::of_account(conn, who.account_id, now).await?;
    let zone = chrono_tz::Europe::Paris;
    let page = Data {
        around: member.around(Section::Learner),
        token: member.signed.token.clone(),
        identity: said,
        capacities: capacities(member).await?,
        sessions: sessions.iter().map(|one| words::moment(one.seen_at, zone)).collect(),
    };
    Ok(member.page(StatusCode::OK, &page))
}

/// Capacities, the latest first, with what became of those that were declared.
async fn capacities(member: &Member) -> Result<Vec<Capacity>> {
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let rows = capacity::of_person(who.person_id).all(conn).await?;
    let claims = find::claims_of(conn, who.person_id).await?;
    let names =
        territory::details::named(conn, rows.iter().map(|row| row.organisation_id).collect())
            .await?;
    let shown = |row: row::Model| {
        let refused = claims.get(&row.id).and_then(|claim| claim.decision.as_ref());
        let refused = refused.is_some_and(|decision| decision.reason.is_some());
        let standing = match row.standing {
            _ if refused => "refusée",
            Standing::Confirmed => "confirmée",
            Standing::Declared => "déclarée, à confirmer",
        };
        let since = of_pages::date(row.valid_from);
        let function = row.function.or(row.functional_post).or(row.mandate);
        let function = function.map_or(String::new(), |function| format!(", {function}"));
        Capacity {
            what: format!("{}{function}", words::capacity(row.kind)),
            organisation: names
                .get(&row.organisation_id)
                .map(|named| named.name.clone())
                .unwrap_or_default(),
            since: match row.valid_to {
                Some(end) => format!("du {since} au {}", of_pages::date(end)),
                None => format!("depuis le {since}"),
            },
            standing,
            confirmed: row.standing == Standing::Confirmed,
        }
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// Ends every session of the account, this one with them.
#[handler]
pub(super) async fn sign_out_everywhere(posted: Posted) -> Response {
    let member = &posted.member;
    member.answer(ended(member).await)
}

async fn ended(member: &Member) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let tx = app.db.begin_write().await?;
    session::revoke_all(&tx, who.account_id, app.clock.now()).await?;
    tx.commit().await?;
    Ok(member.send_on("/connexion", "Toutes vos sessions sont fermées : connectez-vous à nouveau."))
}
