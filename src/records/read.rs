//! Reading facts.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::model::{FactKind, fact};
use crate::error::Result;

/// The facts of one enrolment.
///
/// # Errors
/// When the database fails.
pub async fn of_enrolment(
    conn: &impl ConnectionTrait,
    enrolment_id: Uuid,
) -> Result<Vec<fact::Model>> {
    of_enrolments(conn, &[enrolment_id]).await
}

/// The facts of several enrolments, in one statement.
///
/// # Errors
/// When the database fails.
pub async fn of_enrolments(
    conn: &impl ConnectionTrait,
    enrolment_ids: &[Uuid],
) -> Result<Vec<fact::Model>> {
    Ok(fact::Entity::find()
        .filter(fact::Column::EnrolmentId.is_in(enrolment_ids.iter().copied()))
        .order_by_asc(fact::Column::OccurredAt)
        .order_by_asc(fact::Column::Id)
        .all(conn)
        .await?)
}

/// The facts of several enrolments, by enrolment.
///
/// # Errors
/// When the database fails.
pub async fn by_enrolment(
    conn: &impl ConnectionTrait,
    enrolment_ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<fact::Model>>> {
    let mut facts: HashMap<Uuid, Vec<fact::Model>> = HashMap::new();
    for fact in of_enrolments(conn, enrolment_ids).await? {
        if let Some(enrolment) = fact.enrolment_id {
            facts.entry(enrolment).or_default().push(fact);
        }
    }
    Ok(facts)
}

/// That no correction told before an instant (or ever) replaces the row of `fact` at hand: the
/// condition of every statement that counts facts.
pub fn standing(before: Option<DateTime<Utc>>) -> SimpleExpr {
    let later = Alias::new("later");
    let column = |column: fact::Column| Expr::col((later.clone(), column));
    let mut correction = Query::select();
    correction
        .expr(Expr::val(1))
        .from_as(fact::Entity, later.clone())
        .and_where(column(fact::Column::SupersedesId).equals((fact::Entity, fact::Column::Id)));
    if let Some(before) = before {
        correction.and_where(column(fact::Column::OccurredAt).lt(before));
    }
    Expr::exists(correction).not()
}

/// What a person has completed, the earliest first; a superseded completion is none.
///
/// # Errors
/// When the database fails.
pub async fn completions(conn: &impl ConnectionTrait, person_id: Uuid) -> Result<Vec<fact::Model>> {
    Ok(fact::Entity::find()
        .filter(fact::COLUMN.person_id.eq(person_id))
        .filter(fact::Column::Kind.is_in(FactKind::COMPLETING))
        .filter(standing(None))
        .order_by_asc(fact::Column::OccurredAt)
        .order_by_asc(fact::Column::Id)
        .all(conn)
        .await?)
}

/// The codes of the modules that several people have completed, by person; a superseded completion is
/// none. What each fact tells is believed: codes do not change.
///
/// # Errors
/// When the database fails.
pub async fn completed_codes(
    conn: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<HashMap<Uuid, BTreeSet<String>>> {
    let facts = fact::Entity::find()
        .filter(fact::Column::PersonId.is_in(people.iter().copied()))
        .filter(fact::Column::Kind.is_in(FactKind::COMPLETING))
        .filter(standing(None))
        .all(conn)
        .await?;
    let mut codes: HashMap<Uuid, BTreeSet<String>> = HashMap::new();
    for fact in facts {
        if let Some(code) = fact.payload["module"].as_str() {
            codes.entry(fact.person_id).or_default().insert(code.to_owned());
        }
    }
    Ok(codes)
}

/// The modules that a person has completed, by id; a superseded completion is none.
///
/// # Errors
/// When the database fails.
pub async fn completed_modules(conn: &impl ConnectionTrait, person_id: Uuid) -> Result<Vec<Uuid>> {
    Ok(fact::Entity::find()
        .select_only()
        .column(fact::Column::ModuleId)
        .filter(fact::COLUMN.person_id.eq(person_id))
        .filter(fact::Column::Kind.is_in(FactKind::COMPLETING))
        .filter(fact::COLUMN.module_id.is_not_null())
        .filter(standing(None))
        .into_tuple()
        .all(conn)
        .await?)
}
