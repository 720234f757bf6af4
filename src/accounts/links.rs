//! One-use links: invitations and password resets.
//!
//! Looking at a link consumes nothing, because mail scanners look; choosing a password does. The
//! secret is computed when the mail leaves and never stored ([`crate::mail::link`]).

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    Set,
};
use serde_json::json;
use uuid::Uuid;

use super::model::{LinkKind, account, one_use_link};
use super::{password, session};
use crate::clock;
use crate::config::TokenSettings;
use crate::error::{Reason, Result};
use crate::journal;
use crate::keys::KeyRing;
use crate::mail::model::Template;
use crate::mail::{self, Message, link};

/// A link that may still be used, and the account it opens.
#[derive(Debug)]
pub struct Open {
    /// The link.
    pub link: one_use_link::Model,
    /// The account.
    pub account: account::Model,
}

/// Makes a link for an account and queues the mail that carries it.
///
/// # Errors
/// When the database fails.
pub async fn send(
    tx: &DatabaseTransaction,
    account: &account::Model,
    kind: LinkKind,
    tokens: &TokenSettings,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    send_with(tx, account, (kind, json!({})), tokens, now).await
}

/// The same with what the mail says besides: ids, dates and names of organisations, nothing personal.
///
/// # Errors
/// When the database fails.
pub async fn send_with(
    tx: &DatabaseTransaction,
    account: &account::Model,
    (kind, context): (LinkKind, serde_json::Value),
    tokens: &TokenSettings,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let (template, life) = match kind {
        LinkKind::Invitation => (Template::Invitation, Duration::days(tokens.invitation_days)),
        LinkKind::PasswordReset => {
            (Template::PasswordReset, Duration::minutes(tokens.reset_minutes))
        }
        LinkKind::AccountRequest => {
            (Template::AccountRequested, Duration::days(tokens.invitation_days))
        }
    };
    let id = clock::new_id();
    one_use_link::ActiveModel {
        id: Set(id),
        account_id: Set(account.id),
        kind: Set(kind),
        created_at: Set(now),
        expires_at: Set(now + life),
        consumed_at: Set(None),
    }
    .insert(tx)
    .await?;
    let message = Message {
        template,
        person_id: account.person_id,
        subject_id: Some(id),
        context,
        not_before: now,
        expires_at: now + life,
    };
    mail::enqueue(tx, message, now).await?;
    Ok(id)
}

/// The link behind a token, if it is genuine, unused and in time. Consumes nothing.
///
/// # Errors
/// `link-spent`, the same for every flaw.
pub async fn look(
    conn: &impl ConnectionTrait,
    keys: &KeyRing,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Open> {
    let id = link::verify(keys, token).ok_or(Reason::LinkSpent)?;
    let row = one_use_link::Entity::find_by_id(id).one(conn).await?;
    open(conn, row, now).await
}

/// Chooses a password with a link, which is thereby used; every session of the account is closed and
/// every other link of it is spent.
///
/// # Errors
/// `link-spent`, or `invalid-values` for the password (the link is then still good).
pub async fn consume(
    tx: &DatabaseTransaction,
    keys: &KeyRing,
    token: &str,
    hashed: String,
    now: DateTime<Utc>,
) -> Result<account::Model> {
    let id = link::verify(keys, token).ok_or(Reason::LinkSpent)?;
    let row = one_use_link::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let Open { link, account } = open(tx, row, now).await?;
    let mut changed: account::ActiveModel = account.clone().into();
    changed.password_hash = Set(Some(hashed));
    changed.update(tx).await?;
    spend_all(tx, account.id, now).await?;
    session::revoke_all(tx, account.id, now).await?;
    let (who, detail) = (account.id, json!({ "link": link.id }));
    journal::act(tx, Some(who), "password.choose", ("account", who), detail, now).await?;
    Ok(account)
}

/// Hashes the password chosen with a link, after checking it.
///
/// # Errors
/// `invalid-values`, at `/password`.
pub async fn hashed(open: &Open, chosen: String) -> Result<String> {
    password::check(&chosen, &open.account.sign_in_name, "/password")?;
    password::hash(chosen).await
}

/// Spends every link that is open, of everyone; answers how many would still have been good.
///
/// # Errors
/// When the database fails.
pub async fn spend_everyone(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64> {
    let spent = one_use_link::Entity::update_many()
        .col_expr(one_use_link::Column::ConsumedAt, sea_orm::sea_query::Expr::value(now))
        .filter(one_use_link::COLUMN.consumed_at.is_null())
        .filter(one_use_link::COLUMN.expires_at.gt(now))
        .exec(tx)
        .await?;
    Ok(spent.rows_affected)
}

/// Forgets links that have expired, used or not: they open nothing.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
    one_use_link::Entity::delete_many()
        .filter(one_use_link::COLUMN.expires_at.lte(now))
        .exec(tx)
        .await?;
    Ok(())
}

async fn open(
    conn: &impl ConnectionTrait,
    row: Option<one_use_link::Model>,
    now: DateTime<Utc>,
) -> Result<Open> {
    let link = row
        .filter(|link| link.consumed_at.is_none() && now < link.expires_at)
        .ok_or(Reason::LinkSpent)?;
    let account = account::Entity::find_by_id(link.account_id).one(conn).await?;
    let account = account.filter(|a| a.disabled_at.is_none()).ok_or(Reason::LinkSpent)?;
    Ok(Open { link, account })
}

async fn spend_all(tx: &DatabaseTransaction, account_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    one_use_link::Entity::update_many()
        .col_expr(one_use_link::Column::ConsumedAt, sea_orm::sea_query::Expr::value(now))
        .filter(one_use_link::COLUMN.account_id.eq(account_id))
        .filter(one_use_link::COLUMN.consumed_at.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
