//! The row of the walk over people: where it is, and what keeps two from writing at once.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QuerySelect,
};

use super::model::requirement_sweep;
use crate::error::{Reason, Result};

/// The one row.
pub(super) const ROW: i32 = 1;

/// Keeps anybody else from writing about obligations of requirements until the transaction ends, and
/// has what they decided meanwhile decided again. Whoever will hold a person holds this first: the walk
/// over people does.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
    let sweep = locked(tx, now).await?;
    moved(tx, sweep, |_| ()).await
}

/// Has everybody walked over again, because of what the caller's transaction changes.
///
/// # Errors
/// When the database fails.
pub(super) async fn restart(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
    let sweep = locked(tx, now).await?;
    moved(tx, sweep, |row| {
        row.after = Set(None);
        row.done = Set(false);
    })
    .await
}

/// What the row says before there is one.
pub(super) const fn unknown(now: DateTime<Utc>) -> requirement_sweep::Model {
    requirement_sweep::Model {
        id: ROW,
        revision: 0,
        quarter: 0,
        after: None,
        done: false,
        seen_at: now,
    }
}

/// The row of the walk, held until the transaction ends.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
) -> Result<requirement_sweep::Model> {
    let held = || requirement_sweep::Entity::find_by_id(ROW).lock_exclusive().one(tx);
    if let Some(row) = held().await? {
        return Ok(row);
    }
    requirement_sweep::Entity::insert(unknown(now).into_active_model().reset_all())
        .on_conflict(OnConflict::column(requirement_sweep::Column::Id).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    held().await?.ok_or_else(|| Reason::Internal.into())
}

/// Says that something was written under the row that is held, and where the walk is now.
pub(super) async fn moved(
    tx: &DatabaseTransaction,
    held: requirement_sweep::Model,
    change: impl FnOnce(&mut requirement_sweep::ActiveModel),
) -> Result<()> {
    let next = held.revision + 1;
    let mut row = held.into_active_model();
    row.revision = Set(next);
    change(&mut row);
    row.update(tx).await?;
    Ok(())
}
