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

/// Writes what somebody did, or the program itself (`None`), in the transaction of the act: both
/// happen or neither. An action is `noun.verb` (`draft.publish`, `grant.give` …); a subject is the kind
/// of a thing and its identifier; the detail is what else is worth keeping: ids, codes, digests,
/// nothing personal.
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
    journal_entry::ActiveModel {
        id: Set(clock::new_id()),
        at: Set(now),
        actor_id: Set(who),
        action: Set(action.to_owned()),
        subject_kind: Set(subject_kind.to_owned()),
        subject_id: Set(subject.to_string()),
        detail: Set(detail),
    }
    .insert(tx)
    .await?;
    Ok(())
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
