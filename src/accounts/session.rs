//! Sign-in, refresh and sign-out.
//!
//! A refresh token is good for one use: spending it gives the next of its family. A spent one that
//! comes back means that somebody copied it, and the whole family is revoked (RFC 9700, § 4.14.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, Set,
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::model::{account, refresh_token};
use super::{password, web_session};
use crate::clock;
use crate::error::{Reason, Result};
use crate::text;

/// What a restore adds to every generation: more than an account's passwords change while an access
/// token lasts.
const GENERATION_LEAP: i32 = 1_000;

/// A refresh token as its holder keeps it, and the account it signs in.
#[derive(Debug)]
pub struct Session {
    /// The account.
    pub account: account::Model,
    /// The token to come back with, once.
    pub refresh_token: String,
}

/// What a refresh token that is presented turns out to be.
#[derive(Debug)]
pub enum Refreshed {
    /// Spent now; here is the next.
    Renewed(Box<Session>),
    /// Spent before: its family has been revoked, which must be committed.
    Reused,
}

/// Finds the account that a sign-in name and password prove; the same refusal in the same time for
/// an unknown name, a wrong password, an account without a password or a disabled one.
///
/// # Errors
/// `invalid-credentials`.
pub async fn prove(
    conn: &impl ConnectionTrait,
    sign_in_name: &str,
    password: String,
) -> Result<account::Model> {
    let found = account::Entity::find()
        .filter(account::COLUMN.sign_in_name.eq(text::sign_in_name(sign_in_name)))
        .one(conn)
        .await?
        .filter(|a| a.disabled_at.is_none());
    let hash = found.as_ref().and_then(|a| a.password_hash.clone());
    if !password::verify(password, hash).await? {
        return Err(Reason::InvalidCredentials.into());
    }
    found.ok_or_else(|| Reason::InvalidCredentials.into())
}

/// Opens a new family of refresh tokens for an account that has proved itself. Hashing took a while:
/// a password chosen or an account disabled meanwhile has revoked the proof too.
///
/// # Errors
/// `invalid-credentials` when the proof is no longer good.
pub async fn open(
    tx: &DatabaseTransaction,
    proved: account::Model,
    days: i64,
    now: DateTime<Utc>,
) -> Result<Session> {
    let account = locked(tx, proved.id)
        .await?
        .filter(|a| a.generation == proved.generation)
        .ok_or(Reason::InvalidCredentials)?;
    let refresh_token = add_token(tx, account.id, clock::new_id(), days, now).await?;
    Ok(Session { account, refresh_token })
}

/// Spends a refresh token and gives the next.
///
/// # Errors
/// `invalid-refresh-token` when it is unknown, altered, expired or revoked.
pub async fn refresh(
    tx: &DatabaseTransaction,
    presented: &str,
    days: i64,
    now: DateTime<Utc>,
) -> Result<Refreshed> {
    let seen = find(tx, presented).await?.ok_or(Reason::InvalidRefreshToken)?;
    // The account first, as whoever revokes its sessions does: the token added here is then either
    // there to be revoked, or never made.
    let account = locked(tx, seen.account_id).await?;
    let row = refresh_token::Entity::find_by_id(seen.id).lock_exclusive().one(tx).await?;
    let row = row.ok_or(Reason::InvalidRefreshToken)?;
    if row.spent_at.is_some() {
        revoke_family(tx, row.family_id, now).await?;
        return Ok(Refreshed::Reused);
    }
    if row.revoked_at.is_some() || row.expires_at <= now {
        return Err(Reason::InvalidRefreshToken.into());
    }
    let account = account.ok_or(Reason::InvalidRefreshToken)?;
    let (account_id, family_id) = (row.account_id, row.family_id);
    let mut spent: refresh_token::ActiveModel = row.into();
    spent.spent_at = Set(Some(now));
    spent.update(tx).await?;
    let refresh_token = add_token(tx, account_id, family_id, days, now).await?;
    Ok(Refreshed::Renewed(Box::new(Session { account, refresh_token })))
}

/// Signs out: revokes the family of a refresh token. An unknown token is already signed out.
///
/// # Errors
/// When the database fails.
pub async fn close(tx: &DatabaseTransaction, presented: &str, now: DateTime<Utc>) -> Result<()> {
    if let Some(row) = find(tx, presented).await? {
        revoke_family(tx, row.family_id, now).await?;
    }
    Ok(())
}

/// Revokes every session of an account, and every access token through its generation.
///
/// # Errors
/// When the database fails.
pub async fn revoke_all(
    tx: &DatabaseTransaction,
    account_id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    account::Entity::update_many()
        .col_expr(
            account::Column::Generation,
            sea_orm::ExprTrait::add(Expr::col(account::Column::Generation), 1),
        )
        .filter(account::COLUMN.id.eq(account_id))
        .exec(tx)
        .await?;
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::RevokedAt, Expr::value(now))
        .filter(refresh_token::COLUMN.account_id.eq(account_id))
        .filter(refresh_token::COLUMN.revoked_at.is_null())
        .exec(tx)
        .await?;
    web_session::close_all(tx, account_id).await
}

/// Revokes every session of everyone, and every access token: generations leap further than any
/// account can have gone since, for a token of a time that the database has forgotten to be refused.
/// Answers how many sessions would have gone on.
///
/// # Errors
/// When the database fails.
pub async fn revoke_everyone(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64> {
    let live = refresh_token::Entity::find()
        .filter(refresh_token::COLUMN.revoked_at.is_null())
        .filter(refresh_token::COLUMN.spent_at.is_null())
        .filter(refresh_token::COLUMN.expires_at.gt(now))
        .count(tx)
        .await?;
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::RevokedAt, Expr::value(now))
        .filter(refresh_token::COLUMN.revoked_at.is_null())
        .exec(tx)
        .await?;
    let leapt = sea_orm::ExprTrait::add(Expr::col(account::Column::Generation), GENERATION_LEAP);
    account::Entity::update_many().col_expr(account::Column::Generation, leapt).exec(tx).await?;
    Ok(live + web_session::close_everyone(tx, now).await?)
}

/// An account that is not disabled, kept from changing until the transaction ends.
pub(super) async fn locked(tx: &DatabaseTransaction, id: Uuid) -> Result<Option<account::Model>> {
    let row = account::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    Ok(row.filter(|a| a.disabled_at.is_none()))
}

async fn add_token(
    tx: &DatabaseTransaction,
    account_id: Uuid,
    family_id: Uuid,
    days: i64,
    now: DateTime<Utc>,
) -> Result<String> {
    let (id, secret) = (clock::new_id(), clock::random::<32>());
    refresh_token::ActiveModel {
        id: Set(id),
        account_id: Set(account_id),
        family_id: Set(family_id),
        secret_digest: Set(digest(&secret)),
        issued_at: Set(now),
        expires_at: Set(now + Duration::days(days)),
        spent_at: Set(None),
        revoked_at: Set(None),
    }
    .insert(tx)
    .await?;
    Ok(format!("{}.{}", id.simple(), URL_SAFE_NO_PAD.encode(secret)))
}

/// Forgets refresh tokens that have expired: nothing renews them, whatever else they are.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
    refresh_token::Entity::delete_many()
        .filter(refresh_token::COLUMN.expires_at.lte(now))
        .exec(tx)
        .await?;
    Ok(())
}

async fn find(tx: &DatabaseTransaction, presented: &str) -> Result<Option<refresh_token::Model>> {
    let Some((id, secret)) = presented.split_once('.') else { return Ok(None) };
    let (Ok(id), Ok(secret)) = (Uuid::try_parse(id), URL_SAFE_NO_PAD.decode(secret)) else {
        return Ok(None);
    };
    let row = refresh_token::Entity::find_by_id(id).one(tx).await?;
    let genuine = |row: &refresh_token::Model| {
        bool::from(row.secret_digest.as_bytes().ct_eq(digest(&secret).as_bytes()))
    };
    Ok(row.filter(genuine))
}

async fn revoke_family(
    tx: &DatabaseTransaction,
    family_id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::RevokedAt, Expr::value(now))
        .filter(refresh_token::COLUMN.family_id.eq(family_id))
        .filter(refresh_token::COLUMN.revoked_at.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

fn digest(secret: &[u8]) -> String {
    text::hex(&Sha256::digest(secret))
}
