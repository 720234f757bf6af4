//! The list of a session: who asked, in which order, and where they stand. Statements do not grow with
//! how many are asked about.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef,
};
use uuid::Uuid;

use super::model::{RegistrationState, registration, registration_event};
use super::seats::{self, Line};
use crate::error::Result;

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

/// Everybody on the list of a session, in the order in which they asked.
///
/// # Errors
/// When the database fails.
pub async fn of_session(conn: &impl ConnectionTrait, session_id: Uuid) -> Result<Vec<Registered>> {
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
