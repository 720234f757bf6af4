//! Finding enrolments: one's own, or nothing.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::model::enrolment;
use crate::accounts::Principal;
use crate::error::{Reason, Result};

/// An enrolment of the signed-in person; anyone else's does not exist.
///
/// # Errors
/// `not-found`.
pub async fn own(
    conn: &impl ConnectionTrait,
    who: &Principal,
    id: Uuid,
) -> Result<enrolment::Model> {
    mine(enrolment::Entity::find_by_id(id).one(conn).await?, who)
}

/// The same, held until commit: what is recorded in it happens one at a time.
///
/// # Errors
/// `not-found`.
pub async fn own_locked(
    tx: &DatabaseTransaction,
    who: &Principal,
    id: Uuid,
) -> Result<enrolment::Model> {
    mine(enrolment::Entity::find_by_id(id).lock_exclusive().one(tx).await?, who)
}

/// Anybody's enrolment, for those who answer for it.
///
/// # Errors
/// `not-found`.
pub async fn any(conn: &impl ConnectionTrait, id: Uuid) -> Result<enrolment::Model> {
    let row = enrolment::Entity::find_by_id(id).one(conn).await?;
    row.ok_or_else(|| Reason::NotFound.into())
}

/// The same, held until commit.
///
/// # Errors
/// `not-found`.
pub async fn any_locked(tx: &DatabaseTransaction, id: Uuid) -> Result<enrolment::Model> {
    let row = enrolment::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    row.ok_or_else(|| Reason::NotFound.into())
}

/// A page of the signed-in person's enrolments, latest first, those before `before` where given.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &impl ConnectionTrait,
    who: &Principal,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<enrolment::Model>> {
    let mut query = enrolment::Entity::find().filter(enrolment::COLUMN.person_id.eq(who.person_id));
    if let Some(id) = before {
        query = query.filter(enrolment::COLUMN.id.lt(id));
    }
    Ok(query.order_by_desc(enrolment::Column::Id).limit(limit).all(conn).await?)
}

/// The latest enrolment of the signed-in person in a module.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    conn: &impl ConnectionTrait,
    who: &Principal,
    module_id: Uuid,
) -> Result<Option<enrolment::Model>> {
    Ok(enrolment::Entity::find()
        .filter(enrolment::COLUMN.person_id.eq(who.person_id))
        .filter(enrolment::COLUMN.module_id.eq(module_id))
        .order_by_desc(enrolment::Column::Cycle)
        .one(conn)
        .await?)
}

fn mine(row: Option<enrolment::Model>, who: &Principal) -> Result<enrolment::Model> {
    row.filter(|e| e.person_id == who.person_id).ok_or_else(|| Reason::NotFound.into())
}
