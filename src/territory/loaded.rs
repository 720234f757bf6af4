//! Which reference data were loaded last, so that the same are not compared again row by row.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, Set};

use super::model::referential_load::{ActiveModel, Column, Entity};
use crate::error::Result;

/// The digest of the files loaded last, to their end.
///
/// # Errors
/// When the database fails.
pub(super) async fn last(conn: &impl ConnectionTrait) -> Result<Option<String>> {
    Ok(Entity::find().one(conn).await?.map(|row| row.digest))
}

/// Remembers files as loaded to their end.
///
/// # Errors
/// When the database fails.
pub(super) async fn remember(
    tx: &DatabaseTransaction,
    digest: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = ActiveModel { id: Set(1), digest: Set(digest.to_owned()), loaded_at: Set(now) };
    let over = OnConflict::column(Column::Id)
        .update_columns([Column::Digest, Column::LoadedAt])
        .to_owned();
    Entity::insert(row).on_conflict(over).exec_without_returning(tx).await?;
    Ok(())
}
