//! The queue itself: putting a message in, claiming it for a while, recording what became of it.
//!
//! A claim is a lease. A worker that dies leaves rows in `delivering`; once their lease has passed,
//! `handed_at` tells two cases apart. Never handed to the transport: the row goes back to the queue.
//! Handed: nobody knows whether the relay took it, so it is reported `unknown` and never sent again
//! on a guess. The price is that a crash between those two instants may report `unknown` for a
//! message that never left: an operator can see it, whereas a reader cannot unread a duplicate.

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

pub use super::depth::{Depth, depth};
use super::model::mail_message::{ActiveModel, Column, Entity, Model};
use super::model::{MailState, Template};
pub use super::settle::Outcome;
use super::settle::settle;
use crate::clock;
use crate::db::Db;
use crate::error::Result;

/// What is to be said, to whom, and between when and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What it says.
    pub template: Template,
    /// To whom; delivery chooses the best of their addresses.
    pub person_id: Uuid,
    /// What it is about: the obligation, or the one-use link.
    pub subject_id: Option<Uuid>,
    /// Ids, module title and dates for the template: never a name, an address or a secret.
    pub context: serde_json::Value,
    /// Not to be sent before.
    pub not_before: DateTime<Utc>,
    /// Useless from then on.
    pub expires_at: DateTime<Utc>,
}

/// Queues one message; answers its id.
///
/// # Errors
/// When the database fails.
pub async fn enqueue(
    tx: &DatabaseTransaction,
    message: Message,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let id = clock::new_id();
    enqueue_many(tx, vec![(id, message)], now).await?;
    Ok(id)
}

/// Queues messages whose ids were made beforehand, so that a ledger can name them.
///
/// # Errors
/// When the database fails.
pub async fn enqueue_many(
    tx: &DatabaseTransaction,
    messages: Vec<(Uuid, Message)>,
    now: DateTime<Utc>,
) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let rows = messages.into_iter().map(|(id, message)| ActiveModel {
        id: Set(id),
        template: Set(message.template),
        person_id: Set(message.person_id),
        subject_id: Set(message.subject_id),
        context: Set(message.context),
        state: Set(MailState::Queued),
        not_before: Set(message.not_before),
        expires_at: Set(message.expires_at),
        attempts: Set(0),
        lease_until: Set(None),
        handed_at: Set(None),
        created_at: Set(now),
        finished_at: Set(None),
        last_error: Set(None),
    });
    Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Cancels what waits to be sent to somebody who is forgotten.
///
/// # Errors
/// When the database fails.
pub async fn cancel_all_to(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(MailState::Cancelled))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .filter(Column::PersonId.eq(person_id))
        .filter(Column::State.eq(MailState::Queued))
        .exec(tx)
        .await?;
    Ok(())
}

/// Claims at most `limit` messages whose time has come, until `now + lease`; no other worker takes
/// them before. Sorts out, on the way, claims whose lease has passed and messages that expired.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &Db, now: DateTime<Utc>, limit: u64, lease: Duration) -> Result<Vec<Model>> {
    let tx = db.begin_write().await?;
    release(&tx, now).await?;
    let mut claimed = Entity::find()
        .filter(Column::State.eq(MailState::Queued))
        .filter(Column::NotBefore.lte(now))
        .order_by_asc(Column::NotBefore)
        .order_by_asc(Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(&tx)
        .await?;
    if !claimed.is_empty() {
        let until = now + lease;
        Entity::update_many()
            .col_expr(Column::State, Expr::value(MailState::Delivering))
            .col_expr(Column::LeaseUntil, Expr::value(until))
            .filter(Column::Id.is_in(claimed.iter().map(|m| m.id)))
            .exec(&tx)
            .await?;
        for message in &mut claimed {
            message.state = MailState::Delivering;
            message.lease_until = Some(until);
        }
    }
    tx.commit().await?;
    Ok(claimed)
}

/// Leases that passed, and messages that waited too long.
async fn release(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
    let lapsed = || {
        Entity::update_many()
            .filter(Column::State.eq(MailState::Delivering))
            .filter(Column::LeaseUntil.lte(now))
    };
    // The lease stays on a row become `unknown`: should its worker be late and not dead, `finish`
    // still knows the row as its own and puts the truth in place of the doubt.
    lapsed()
        .filter(Column::HandedAt.is_not_null())
        .col_expr(Column::State, Expr::value(MailState::Unknown))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .col_expr(Column::LastError, Expr::value("the worker stopped while handing it over"))
        .exec(tx)
        .await?;
    lapsed()
        .filter(Column::HandedAt.is_null())
        .col_expr(Column::State, Expr::value(MailState::Queued))
        .col_expr(Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .exec(tx)
        .await?;
    Entity::update_many()
        .filter(Column::State.eq(MailState::Queued))
        .filter(Column::ExpiresAt.lte(now))
        .col_expr(Column::State, Expr::value(MailState::Expired))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .exec(tx)
        .await?;
    Ok(())
}

/// Gives back claims that were not handed over, for any worker to take at once.
///
/// # Errors
/// When the database fails; the messages come back when their lease has passed.
pub async fn put_back(db: &Db, claimed: &[Model]) -> Result<()> {
    let Some(first) = claimed.first() else { return Ok(()) };
    let tx = db.begin_write().await?;
    Entity::update_many()
        .col_expr(Column::State, Expr::value(MailState::Queued))
        .col_expr(Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::Id.is_in(claimed.iter().map(|m| m.id)))
        .filter(Column::State.eq(MailState::Delivering))
        .filter(Column::HandedAt.is_null())
        .filter(Column::LeaseUntil.eq(first.lease_until))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Notes, just before the transport is given the message, that it is being handed over; renews the
/// lease and counts the attempt. `None`: the claim was lost meanwhile, the message must not be sent.
///
/// # Errors
/// When the database fails; the message must not be sent either.
pub async fn hand_over(
    db: &Db,
    mut message: Model,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<Option<Model>> {
    let tx = db.begin_write().await?;
    let held = Entity::update_many()
        .col_expr(Column::HandedAt, Expr::value(now))
        .col_expr(Column::LeaseUntil, Expr::value(now + lease))
        .col_expr(Column::Attempts, Expr::value(message.attempts + 1))
        .filter(Column::Id.eq(message.id))
        .filter(Column::State.eq(MailState::Delivering))
        .filter(Column::HandedAt.is_null())
        .filter(Column::LeaseUntil.eq(message.lease_until))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    message.handed_at = Some(now);
    message.lease_until = Some(now + lease);
    message.attempts += 1;
    Ok((held.rows_affected == 1).then_some(message))
}

/// Records what became of a claimed message; answers its new state, or `None` when the claim had
/// been lost and the row is left as it is.
///
/// # Errors
/// When the database fails.
pub async fn finish(
    db: &Db,
    message: &Model,
    outcome: Outcome,
    max_attempts: i32,
    now: DateTime<Utc>,
) -> Result<Option<MailState>> {
    let (state, not_before, error) = settle(message, outcome, max_attempts, now);
    let over = (state != MailState::Queued).then_some(now);
    let tx = db.begin_write().await?;
    let held = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::NotBefore, Expr::value(not_before))
        .col_expr(Column::LastError, Expr::value(error))
        .col_expr(Column::FinishedAt, Expr::value(over))
        .col_expr(Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::HandedAt, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::Id.eq(message.id))
        .filter(Column::State.is_in([MailState::Delivering, MailState::Unknown]))
        .filter(Column::LeaseUntil.eq(message.lease_until))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok((held.rows_affected == 1).then_some(state))
}
