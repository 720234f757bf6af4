//! Reading sessions and their lists. Statements do not grow with how many are asked about.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::model::{SessionState, session, session_event, session_half_day};
use crate::error::{Reason, Result};

/// A session, where it stands, and its half-days in order.
#[derive(Clone, Debug)]
pub struct Held {
    /// The session.
    pub session: session::Model,
    /// Its last event.
    pub event: session_event::Model,
    /// The half-days of its present round.
    pub half_days: Vec<session_half_day::Model>,
}

impl Held {
    /// Where it stands.
    pub const fn state(&self) -> SessionState {
        self.event.state
    }

    /// Whether it has begun.
    pub fn has_begun(&self, now: DateTime<Utc>) -> bool {
        self.session.starts_at <= now
    }
}

/// A session.
///
/// # Errors
/// `not-found`.
pub async fn by_id(conn: &impl ConnectionTrait, id: Uuid) -> Result<Held> {
    let row = session::Entity::find_by_id(id).one(conn).await?.ok_or(Reason::NotFound)?;
    held(conn, vec![row]).await?.pop().ok_or_else(|| Reason::Internal.into())
}

/// The same, held until commit: what happens to its seats happens one at a time, in order.
///
/// # Errors
/// `not-found`.
pub async fn locked(tx: &DatabaseTransaction, id: Uuid) -> Result<Held> {
    let row = session::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    held(tx, vec![row.ok_or(Reason::NotFound)?]).await?.pop().ok_or_else(|| Reason::Internal.into())
}

/// Which sessions are listed.
#[derive(Clone, Debug, Default)]
pub struct Criteria {
    /// Of a module.
    pub module_id: Option<Uuid>,
    /// Of a path.
    pub path_id: Option<Uuid>,
    /// Of a provider.
    pub provider_id: Option<Uuid>,
    /// Ending after that instant.
    pub after: Option<DateTime<Utc>>,
    /// In one of these states; in any if empty.
    pub states: Vec<SessionState>,
}

/// Sessions in the order in which they begin, after the last one of a page already seen.
///
/// # Errors
/// `invalid-parameter` when that is no session.
pub async fn list(
    conn: &impl ConnectionTrait,
    criteria: &Criteria,
    limit: u64,
    seen: Option<Uuid>,
) -> Result<Vec<Held>> {
    let columns = session::COLUMN;
    let mut query = session::Entity::find()
        .join(JoinType::InnerJoin, events_of_session())
        .filter(is_last_of_session());
    if !criteria.states.is_empty() {
        let states = criteria.states.iter().copied();
        query = query.filter(session_event::Column::State.is_in(states));
    }
    for (column, wanted) in [
        (session::Column::ModuleId, criteria.module_id),
        (session::Column::PathId, criteria.path_id),
        (session::Column::ProviderId, criteria.provider_id),
    ] {
        if let Some(id) = wanted {
            query = query.filter(column.eq(id));
        }
    }
    if let Some(after) = criteria.after {
        query = query.filter(columns.ends_at.gt(after));
    }
    if let Some(id) = seen {
        let last = session::Entity::find_by_id(id).one(conn).await?;
        let at = last.ok_or(Reason::InvalidParameter)?.starts_at;
        let same = Condition::all().add(columns.starts_at.eq(at)).add(columns.id.gt(id));
        query = query.filter(Condition::any().add(columns.starts_at.gt(at)).add(same));
    }
    let query = query.order_by_asc(session::Column::StartsAt).order_by_asc(session::Column::Id);
    held(conn, query.limit(limit).all(conn).await?).await
}

/// Several sessions by id, in no order.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Held>> {
    let rows = session::Entity::find()
        .filter(session::Column::Id.is_in(ids.iter().copied()))
        .all(conn)
        .await?;
    held(conn, rows).await
}

async fn held(conn: &impl ConnectionTrait, rows: Vec<session::Model>) -> Result<Vec<Held>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || rows.iter().map(|row| row.id);
    let events = session_event::Entity::find()
        .filter(session_event::Column::SessionId.is_in(ids()))
        .order_by_asc(session_event::Column::Number)
        .all(conn)
        .await?;
    // In the order of their numbers: the last of each stays.
    let mut events: HashMap<Uuid, session_event::Model> =
        events.into_iter().map(|event| (event.session_id, event)).collect();
    let mut half_days: HashMap<(Uuid, i32), Vec<session_half_day::Model>> = HashMap::new();
    let found = session_half_day::Entity::find()
        .filter(session_half_day::Column::SessionId.is_in(ids()))
        .order_by_asc(session_half_day::Column::StartsAt)
        .all(conn)
        .await?;
    for row in found {
        half_days.entry((row.session_id, row.round)).or_default().push(row);
    }
    let whole = |session: session::Model| {
        let event = events.remove(&session.id)?;
        let half_days = half_days.remove(&(session.id, session.round)).unwrap_or_default();
        Some(Held { session, event, half_days })
    };
    Ok(rows.into_iter().filter_map(whole).collect())
}

fn events_of_session() -> RelationDef {
    session::Entity::belongs_to(session_event::Entity)
        .from(session::Column::Id)
        .to(session_event::Column::SessionId)
        .into()
}

/// That no later event of the session at hand is known.
fn is_last_of_session() -> SimpleExpr {
    use session_event::{Column, Entity};
    let later = Alias::new("later");
    let column = |column: Column| Expr::col((later.clone(), column));
    let mut after = Query::select();
    after
        .expr(Expr::val(1))
        .from_as(Entity, later.clone())
        .and_where(column(Column::SessionId).equals((Entity, Column::SessionId)))
        .and_where(column(Column::Number).gt(Expr::col((Entity, Column::Number))));
    Expr::exists(after).not()
}
