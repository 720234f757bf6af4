//! The counter that moves with every publication, so that each process knows when to look again.

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, Set};

use crate::error::Result;
use crate::instance::revision;

/// The one row.
const ROW: i32 = 1;

/// How many publications this database has seen; 0 when none.
///
/// # Errors
/// When the database fails.
pub async fn current(conn: &impl ConnectionTrait) -> Result<i64> {
    let row = revision::Entity::find_by_id(ROW).one(conn).await?;
    Ok(row.map_or(0, |row| row.value))
}

/// Moves the counter, in the transaction that publishes.
///
/// # Errors
/// When the database fails.
pub async fn bump(tx: &DatabaseTransaction) -> Result<()> {
    let next = Expr::col((revision::Entity, revision::Column::Value)).add(1);
    let or_add =
        OnConflict::column(revision::Column::Id).value(revision::Column::Value, next).to_owned();
    revision::Entity::insert(revision::ActiveModel { id: Set(ROW), value: Set(1) })
        .on_conflict(or_add)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
