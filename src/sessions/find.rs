//! Reading sessions and their lists. Statements do not grow with how many are asked about.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::model::{
    RegistrationState, SessionState, registration, registration_event, session, session_event,
    session_half_day,
};
use super::seats::{self, Line};
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

/// Somebody on the list of a session, and where they stand.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The registration.
    pub row: registration::Model,
    /// Its last event.
    pub event: registration_event::Model,
}

impl Registered {
    /// Where they stand.
    pub const fn state(&self) -> RegistrationState {
        self.event.state
    }

    /// The same as decisions see it.
    pub const fn line(&self, eligible: bool) -> Line {
        Line { id: self.row.id, number: self.row.number, state: self.event.state, eligible }
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

/// Everybody on the list of a session, in the order in which they asked.
///
/// # Errors
/// When the database fails.
pub async fn book(conn: &impl ConnectionTrait, session_id: Uuid) -> Result<Vec<Registered>> {
    let rows = registration::Entity::find()
        .filter(registration::COLUMN.session_id.eq(session_id))
        .order_by_asc(registration::Column::Number)
        .all(conn)
        .await?;
    let events = registration_event::Entity::find()
        .filter(registration_event::COLUMN.session_id.eq(session_id))
        .order_by_asc(registration_event::Column::Number)
        .all(conn)
        .await?;
    Ok(with_events(rows, events))
}

/// The registrations of a person, latest first, those before `before` where given.
///
/// # Errors
/// When the database fails.
pub async fn of_person(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<Registered>> {
    let mut query =
        registration::Entity::find().filter(registration::COLUMN.person_id.eq(person_id));
    if let Some(id) = before {
        query = query.filter(registration::COLUMN.id.lt(id));
    }
    let rows = query.order_by_desc(registration::Column::Id).limit(limit).all(conn).await?;
    let events = registration_event::Entity::find()
        .filter(registration_event::Column::RegistrationId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(registration_event::Column::Number)
        .all(conn)
        .await?;
    Ok(with_events(rows, events))
}

fn with_events(
    rows: Vec<registration::Model>,
    events: Vec<registration_event::Model>,
) -> Vec<Registered> {
    let mut last: HashMap<Uuid, registration_event::Model> =
        events.into_iter().map(|event| (event.registration_id, event)).collect();
    let with_event = |row: registration::Model| {
        let event = last.remove(&row.id)?;
        Some(Registered { row, event })
    };
    rows.into_iter().filter_map(with_event).collect()
}

/// How many seats of each of these sessions are taken.
///
/// # Errors
/// When the database fails.
pub async fn taken(conn: &impl ConnectionTrait, sessions: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    use RegistrationState::{NoShow, Promoted, Seated};
    debug_assert!([NoShow, Promoted, Seated].into_iter().all(seats::is_seated));
    let rows: Vec<(Uuid, i64)> = registration_event::Entity::find()
        .select_only()
        .column(registration_event::Column::SessionId)
        .column_as(registration_event::Column::Id.count(), "taken")
        .filter(registration_event::Column::SessionId.is_in(sessions.iter().copied()))
        .filter(registration_event::Column::State.is_in([NoShow, Promoted, Seated]))
        .filter(is_last_of_registration())
        .group_by(registration_event::Column::SessionId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The numbers of those who wait in each of these sessions.
///
/// # Errors
/// When the database fails.
pub async fn waiting(
    conn: &impl ConnectionTrait,
    sessions: &[Uuid],
) -> Result<HashMap<Uuid, Vec<i32>>> {
    let rows: Vec<(Uuid, i32)> = registration::Entity::find()
        .select_only()
        .column(registration::Column::SessionId)
        .column(registration::Column::Number)
        .join(JoinType::InnerJoin, events_of_registration())
        .filter(registration::Column::SessionId.is_in(sessions.iter().copied()))
        .filter(registration_event::Column::State.eq(RegistrationState::Waiting))
        .filter(is_last_of_registration())
        .into_tuple()
        .all(conn)
        .await?;
    let mut waiting: HashMap<Uuid, Vec<i32>> = HashMap::new();
    for (session, number) in rows {
        waiting.entry(session).or_default().push(number);
    }
    Ok(waiting)
}

fn events_of_registration() -> RelationDef {
    registration::Entity::belongs_to(registration_event::Entity)
        .from(registration::Column::Id)
        .to(registration_event::Column::RegistrationId)
        .into()
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

/// That no later event of the registration at hand is known.
fn is_last_of_registration() -> SimpleExpr {
    use registration_event::{Column, Entity};
    let later = Alias::new("later");
    let column = |column: Column| Expr::col((later.clone(), column));
    let mut after = Query::select();
    after
        .expr(Expr::val(1))
        .from_as(Entity, later.clone())
        .and_where(column(Column::RegistrationId).equals((Entity, Column::RegistrationId)))
        .and_where(column(Column::Number).gt(Expr::col((Entity, Column::Number))));
    Expr::exists(after).not()
}
