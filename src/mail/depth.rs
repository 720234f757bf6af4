//! How full the queue is, for operators.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::model::MailState;
use super::model::mail_message::{Column, Entity};
use crate::error::Result;

/// How full the queue is, told without a name, an address or a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Messages in each state that occurs.
    pub by_state: Vec<(MailState, i64)>,
    /// Messages that still have to go: queued or being delivered.
    pub waiting: i64,
    /// Seconds since the oldest queued message was created; 0 when none is.
    pub oldest_seconds: i64,
    /// Messages given up, or whose outcome is unknown.
    pub given_up: i64,
}

/// How full the queue is at `now`.
///
/// # Errors
/// When the database fails.
pub async fn depth(conn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Depth> {
    let mut by_state: Vec<(MailState, i64)> = Entity::find()
        .select_only()
        .column(Column::State)
        .column_as(Column::Id.count(), "messages")
        .group_by(Column::State)
        .into_tuple()
        .all(conn)
        .await?;
    by_state.sort_unstable();
    let oldest: Option<DateTime<Utc>> = Entity::find()
        .select_only()
        .column(Column::CreatedAt)
        .filter(Column::State.eq(MailState::Queued))
        .order_by_asc(Column::CreatedAt)
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    let count = |states: [MailState; 2]| -> i64 {
        by_state.iter().filter(|(state, _)| states.contains(state)).map(|(_, n)| n).sum()
    };
    Ok(Depth {
        waiting: count([MailState::Queued, MailState::Delivering]),
        oldest_seconds: oldest.map_or(0, |at| (now - at).num_seconds().max(0)),
        given_up: count([MailState::Failed, MailState::Unknown]),
        by_state,
    })
}
