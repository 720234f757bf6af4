//! Whether what somebody completed before is to be completed again.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::known::Known;
use super::list::of_requirement;
use super::model::{ObligationOrigin, obligation};
use super::satisfied::Completion;
use crate::error::Result;

/// Whether an obligation of a requirement that a person owes lacks a completion of this version of a
/// module, which would count if they completed it now: the one that they have is too old, of an earlier
/// version, or was followed where it does not count.
///
/// # Errors
/// When the database fails.
pub async fn asks_again(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    (module_id, number): (Uuid, i32),
    now: DateTime<Utc>,
) -> Result<bool> {
    let rows = obligation::Entity::find()
        .filter(obligation::COLUMN.person_id.eq(person_id))
        .filter(obligation::Column::Origin.eq(ObligationOrigin::Requirement))
        .all(conn)
        .await?;
    let known = Known::about(conn, &rows.iter().collect::<Vec<_>>(), now).await?;
    let owed = |row: &&obligation::Model| of_requirement(&known, row, false, now).is_owed();
    let number = Some(number);
    let new = Completion {
        fact_id: Uuid::nil(),
        person_id,
        module_id,
        number,
        at: now,
        recognised: false,
    };
    Ok(rows.iter().filter(owed).any(|row| known.lacks(row, &new)))
}
