//! Writing and reading the journal.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde_json::Value;
use uuid::Uuid;

use super::model::journal_entry;
use crate::clock;
use crate::error::Result;

/// An act, as the journal keeps it.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The account that acted; absent for the program itself.
    pub actor: Option<Uuid>,
    /// What was done, as `noun.verb`: `draft.publish`, `grant.give` …
    pub action: &'a str,
    /// The kind of thing it was done to.
    pub subject_kind: &'a str,
    /// Its identifier.
    pub subject_id: String,
    /// What else is worth keeping: ids, codes, digests; nothing personal.
    pub detail: Value,
}

/// Writes an entry in the transaction of the act itself: both happen or neither.
///
/// # Errors
/// When the database fails.
pub async fn record(tx: &DatabaseTransaction, entry: Entry<'_>, now: DateTime<Utc>) -> Result<()> {
    journal_entry::ActiveModel {
        id: Set(clock::new_id()),
        at: Set(now),
        actor_id: Set(entry.actor),
        action: Set(entry.action.to_owned()),
        subject_kind: Set(entry.subject_kind.to_owned()),
        subject_id: Set(entry.subject_id),
        detail: Set(entry.detail),
    }
    .insert(tx)
    .await?;
    Ok(())
}

/// Writes what somebody did, or the program itself (`None`), to a thing of some kind.
///
/// # Errors
/// When the database fails.
pub async fn act(
    tx: &DatabaseTransaction,
    who: Option<Uuid>,
    action: &str,
    (subject_kind, subject): (&str, impl ToString + Send),
    detail: Value,
    now: DateTime<Utc>,
) -> Result<()> {
    let subject_id = subject.to_string();
    record(tx, Entry { actor: who, action, subject_kind, subject_id, detail }, now).await
}

/// Entries, latest first, at most `limit`, older than the entry `before` where given.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &impl ConnectionTrait,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<journal_entry::Model>> {
    let mut query = journal_entry::Entity::find();
    if let Some(id) = before {
        query = query.filter(journal_entry::COLUMN.id.lt(id));
    }
    Ok(query.order_by_desc(journal_entry::Column::Id).limit(limit).all(conn).await?)
}
