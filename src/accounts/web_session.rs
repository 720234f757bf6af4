//! Sessions of the web: somebody signed in with a browser, whose cookie holds a secret.
//!
//! The database keeps the digest of the secret: whoever reads it signs in nowhere. A session ends when
//! its owner signs out or chooses another password, after [`LIFE_HOURS`] whatever happens, and after
//! [`IDLE_HOURS`] without a request (OWASP ASVS 5, § 7.3). Its end is the end of its row.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, Set,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::model::{account, web_session};
use super::session;
use crate::clock;
use crate::error::{Reason, Result};
use crate::text;

/// How long a session lasts at most, in hours: a working day and what goes beyond it.
pub const LIFE_HOURS: i64 = 12;
/// How long it lasts without a request, in hours.
pub const IDLE_HOURS: i64 = 2;
/// Minutes after which a request is written down as the last one: a write for each page would cost
/// more than the page, so that a silence is measured to this grain.
const GRAIN_MINUTES: i64 = 5;

/// Opens a session for an account that has proved itself; answers the secret of the cookie. Hashing
/// took a while: a password chosen or an account disabled meanwhile has revoked the proof too.
///
/// # Errors
/// `invalid-credentials` when the proof is no longer good.
pub async fn open(
    tx: &DatabaseTransaction,
    proved: &account::Model,
    now: DateTime<Utc>,
) -> Result<String> {
    let account = session::locked(tx, proved.id)
        .await?
        .filter(|a| a.generation == proved.generation)
        .ok_or(Reason::InvalidCredentials)?;
    let secret = URL_SAFE_NO_PAD.encode(clock::random::<32>());
    web_session::ActiveModel {
        secret_digest: Set(digest(&secret)),
        account_id: Set(account.id),
        generation: Set(account.generation),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(now + Duration::hours(LIFE_HOURS)),
    }
    .insert(tx)
    .await?;
    Ok(secret)
}

/// The session that a secret opens, if it still does.
///
/// # Errors
/// When the database fails.
pub async fn find(
    conn: &impl ConnectionTrait,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<Option<web_session::Model>> {
    let row = web_session::Entity::find_by_id(digest(secret)).one(conn).await?;
    Ok(row.filter(|s| now < s.expires_at && now < s.seen_at + Duration::hours(IDLE_HOURS)))
}

/// The sessions of an account that still open something, the latest used first.
///
/// # Errors
/// When the database fails.
pub async fn of_account(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<web_session::Model>> {
    Ok(web_session::Entity::find()
        .filter(web_session::COLUMN.account_id.eq(account_id))
        .filter(web_session::COLUMN.expires_at.gt(now))
        .filter(web_session::COLUMN.seen_at.gt(now - Duration::hours(IDLE_HOURS)))
        .order_by_desc(web_session::Column::SeenAt)
        .all(conn)
        .await?)
}

/// Whether a request is to be written down as the last one of its session.
pub fn is_to_be_seen(session: &web_session::Model, now: DateTime<Utc>) -> bool {
    session.seen_at + Duration::minutes(GRAIN_MINUTES) <= now
}

/// Writes down that a session was used.
///
/// # Errors
/// When the database fails.
pub async fn see(
    tx: &DatabaseTransaction,
    session: &web_session::Model,
    now: DateTime<Utc>,
) -> Result<()> {
    web_session::Entity::update_many()
        .col_expr(web_session::Column::SeenAt, Expr::value(now))
        .filter(web_session::COLUMN.secret_digest.eq(&session.secret_digest))
        .filter(web_session::COLUMN.seen_at.lt(now))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends a session; one that is not there has ended already.
///
/// # Errors
/// When the database fails.
pub async fn close(tx: &DatabaseTransaction, secret: &str) -> Result<()> {
    web_session::Entity::delete_by_id(digest(secret)).exec(tx).await?;
    Ok(())
}

/// Ends every session of an account.
///
/// # Errors
/// When the database fails.
pub(super) async fn close_all(tx: &DatabaseTransaction, account_id: Uuid) -> Result<()> {
    let of_account = web_session::COLUMN.account_id.eq(account_id);
    web_session::Entity::delete_many().filter(of_account).exec(tx).await?;
    Ok(())
}

/// Ends every session of everyone; answers how many would have gone on.
///
/// # Errors
/// When the database fails.
pub(super) async fn close_everyone(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64> {
    let live = web_session::Entity::find().filter(web_session::COLUMN.expires_at.gt(now));
    let live = live.filter(web_session::COLUMN.seen_at.gt(now - Duration::hours(IDLE_HOURS)));
    let live = live.count(tx).await?;
    web_session::Entity::delete_many().exec(tx).await?;
    Ok(live)
}

/// Forgets sessions that have expired; those that nobody has used for too long are refused already,
/// and expire in their turn.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
    let expired = web_session::COLUMN.expires_at.lte(now);
    web_session::Entity::delete_many().filter(expired).exec(tx).await?;
    Ok(())
}

/// What is kept of a secret: 256 random bits need no salt.
fn digest(secret: &str) -> String {
    text::hex(&Sha256::digest(secret))
}
