//! The calendar that somebody subscribes to: an address that holds a secret, of which only the digest
//! is kept. Whoever knows it reads where one person will be, and nothing else; a new one ends the old.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::model::{SessionState, calendar_feed};
use super::{book, find, seats, tell};
use crate::accounts::Principal;
use crate::accounts::model::account;
use crate::clock;
use crate::error::{Reason, Result};
use crate::mail::calendar;
use crate::text;

/// The most sessions that a feed tells, the latest first.
const MOST: u64 = 200;

/// Makes a secret address for somebody's calendar; the one before opens nothing any more.
///
/// # Errors
/// When the database fails.
pub async fn make(tx: &DatabaseTransaction, who: &Principal, now: DateTime<Utc>) -> Result<String> {
    revoke(tx, who, now).await?;
    let secret = URL_SAFE_NO_PAD.encode(clock::random::<32>());
    let row = calendar_feed::ActiveModel {
        id: Set(clock::new_id()),
        person_id: Set(who.person_id),
        secret_digest: Set(digest(&secret)),
        created_at: Set(now),
        revoked_at: Set(None),
    };
    row.insert(tx).await?;
    Ok(secret)
}

/// The address behind which a secret opens a calendar.
pub fn address(public_url: &str, secret: &str) -> String {
    format!("{public_url}/api/v1/calendar/{secret}.ics")
}

/// Since when an address opens somebody's calendar, if one does.
///
/// # Errors
/// When the database fails.
pub async fn since(conn: &impl ConnectionTrait, person_id: Uuid) -> Result<Option<DateTime<Utc>>> {
    let row = calendar_feed::Entity::find()
        .filter(calendar_feed::COLUMN.person_id.eq(person_id))
        .filter(calendar_feed::COLUMN.revoked_at.is_null())
        .one(conn)
        .await?;
    Ok(row.map(|row| row.created_at))
}

/// Ends the address of somebody's calendar. Idempotent.
///
/// # Errors
/// When the database fails.
pub async fn revoke(tx: &DatabaseTransaction, who: &Principal, now: DateTime<Utc>) -> Result<()> {
    calendar_feed::Entity::update_many()
        .col_expr(calendar_feed::Column::RevokedAt, Expr::value(now))
        .filter(calendar_feed::COLUMN.person_id.eq(who.person_id))
        .filter(calendar_feed::COLUMN.revoked_at.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends every address: one that is open in a restored database may have been ended since.
///
/// # Errors
/// When the database fails.
pub async fn revoke_everyone(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64> {
    let revoked = calendar_feed::Entity::update_many()
        .col_expr(calendar_feed::Column::RevokedAt, Expr::value(now))
        .filter(calendar_feed::COLUMN.revoked_at.is_null())
        .exec(tx)
        .await?;
    Ok(revoked.rows_affected)
}

/// Whose calendar a secret opens.
///
/// # Errors
/// `not-found`, the same for every flaw.
pub async fn whose(conn: &impl ConnectionTrait, secret: &str) -> Result<Uuid> {
    let row = calendar_feed::Entity::find()
        .filter(calendar_feed::COLUMN.secret_digest.eq(digest(secret)))
        .filter(calendar_feed::COLUMN.revoked_at.is_null())
        .one(conn)
        .await?;
    let person = row.ok_or(Reason::NotFound)?.person_id;
    let account = account::Entity::find()
        .filter(account::COLUMN.person_id.eq(person))
        .filter(account::COLUMN.disabled_at.is_null())
        .one(conn)
        .await?;
    account.map(|_| person).ok_or_else(|| Reason::NotFound.into())
}

/// The calendar of somebody: the sessions in which they have a seat, those that were cancelled too, so
/// that they leave the calendars that show them.
///
/// # Errors
/// When the database fails.
pub async fn of_person(conn: &impl ConnectionTrait, person_id: Uuid, host: &str) -> Result<String> {
    let mine = book::of_person(conn, person_id, MOST, None).await?;
    let ids: Vec<Uuid> = mine
        .iter()
        .filter(|one| seats::is_seated(one.state()))
        .map(|one| one.row.session_id)
        .collect();
    let mut sessions = find::by_ids(conn, &ids).await?;
    sessions.sort_by_key(|held| (held.session.starts_at, held.session.id));
    let mut days = Vec::new();
    for held in &sessions {
        let cancelled = held.state() == SessionState::Cancelled;
        let of_session = tell::days(held, cancelled, held.session.link.as_deref());
        let (sequence, stamp) = (held.session.sequence, held.event.at);
        days.extend(of_session.into_iter().map(|day| (day, sequence, stamp)));
    }
    Ok(calendar::feed("Mes sessions de formation", host, &days))
}

/// The digest under which a secret is kept.
fn digest(secret: &str) -> String {
    text::hex(&Sha256::digest(secret))
}
