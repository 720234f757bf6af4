//! What was written, apart: kept, read, erased.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait,
    QueryFilter, Set,
};
use uuid::Uuid;

use super::model::feedback_text;
use crate::clock;
use crate::error::Result;

/// Keeps what a person wrote; answers its id.
///
/// # Errors
/// When the database fails.
pub(super) async fn keep(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    text: String,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let id = clock::new_id();
    feedback_text::ActiveModel {
        id: Set(id),
        person_id: Set(person_id),
        text: Set(text),
        written_at: Set(now),
    }
    .insert(tx)
    .await?;
    Ok(id)
}

/// The texts of these rows, by id; those that were erased are not in it.
///
/// # Errors
/// When the database fails.
pub(super) async fn of(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let rows = feedback_text::Entity::find().filter(feedback_text::Column::Id.is_in(ids));
    Ok(rows.all(conn).await?.into_iter().map(|row| (row.id, row.text)).collect())
}

/// Erases a text that was taken back.
///
/// # Errors
/// When the database fails.
pub(super) async fn erase(tx: &DatabaseTransaction, id: Uuid) -> Result<()> {
    feedback_text::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}
