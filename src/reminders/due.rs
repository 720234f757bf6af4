//! "Is it still due?", asked at the moment of sending.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::model::{reminder, reminder_rule};
use crate::error::Result;
use crate::mail::model::mail_message;
use crate::obligations::model::obligation;
use crate::obligations::statuses;

/// Whether a queued reminder still has a reason: the obligation is owed at `now`, and the rule that
/// asked for it is still on.
///
/// # Errors
/// When the database fails.
pub async fn still_due(
    conn: &impl ConnectionTrait,
    message: &mail_message::Model,
    now: DateTime<Utc>,
) -> Result<bool> {
    let Some(subject) = message.subject_id else { return Ok(false) };
    let Some(owed) = obligation::Entity::find_by_id(subject).one(conn).await? else {
        return Ok(false);
    };
    if !statuses(conn, &[owed], now).await?.iter().all(|status| status.is_owed()) {
        return Ok(false);
    }
    let planned = reminder::Entity::find()
        .filter(reminder::Column::PersonId.eq(message.person_id))
        .filter(reminder::Column::MessageId.eq(message.id))
        .one(conn)
        .await?;
    let Some(planned) = planned else { return Ok(true) };
    let rule = reminder_rule::Entity::find_by_id(planned.rule_id).one(conn).await?;
    Ok(rule.is_some_and(|rule| rule.enabled))
}
