//! Reading facts.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
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

/// The modules that a person has completed, by id; a superseded completion is none.
///
/// # Errors
/// When the database fails.
pub async fn completed_modules(conn: &impl ConnectionTrait, person_id: Uuid) -> Result<Vec<Uuid>> {
    let facts = fact::Entity::find()
        .filter(fact::COLUMN.person_id.eq(person_id))
        .filter(fact::Column::Kind.eq(FactKind::Completed))
        .all(conn)
        .await?;
    let ids: Vec<Uuid> = facts.iter().map(|f| f.id).collect();
    let corrections =
        fact::Entity::find().filter(fact::Column::SupersedesId.is_in(ids)).all(conn).await?;
    let superseded: BTreeSet<Uuid> = corrections.iter().filter_map(|f| f.supersedes_id).collect();
    let standing = facts.into_iter().filter(|f| !superseded.contains(&f.id));
    Ok(standing.filter_map(|f| f.module_id).collect())
}
