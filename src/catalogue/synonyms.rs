//! The synonyms of this database: those imported last from a folder, or else those of the program.
//!
//! They are kept in the database, so that every process searches with the same, and so that trainers
//! extend them without another program. Importing what is in the binary leaves them alone: an upgrade
//! takes nobody's words away.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, Set};
use serde_json::json;

use super::model::synonyms::{ActiveModel, Column, Entity};
use super::revision;
use crate::error::Result;
use crate::journal;

/// The synonyms in the binary.
pub const SHIPPED: &str = include_str!("../../content/synonyms.toml");

/// The one row.
const ROW: i32 = 1;

/// The text of the synonyms in force.
///
/// # Errors
/// When the database fails.
pub async fn current(conn: &impl ConnectionTrait) -> Result<String> {
    let row = Entity::find_by_id(ROW).one(conn).await?;
    Ok(row.map_or_else(|| SHIPPED.to_owned(), |row| row.content))
}

/// Puts these in force, once they were read without a finding; whether they are others than before.
/// Every process searches with them when it next looks at the revision.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &DatabaseTransaction, content: &str, now: DateTime<Utc>) -> Result<bool> {
    if current(tx).await? == content {
        return Ok(false);
    }
    let row = ActiveModel { id: Set(ROW), content: Set(content.to_owned()), kept_at: Set(now) };
    let over =
        OnConflict::column(Column::Id).update_columns([Column::Content, Column::KeptAt]).to_owned();
    Entity::insert(row).on_conflict(over).exec_without_returning(tx).await?;
    revision::bump(tx).await?;
    let detail = json!({ "bytes": content.len() });
    journal::act(tx, None, "synonyms.import", ("synonyms", ROW), detail, now).await?;
    Ok(true)
}
