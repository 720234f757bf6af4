//! A completion that a change of the law overtook: whoever completes an old version after the new one
//! was published owes the new one, like those who had completed it before.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::open::{Renewal, open_for_legal_change};
use crate::catalogue::model::{ChangeKind, module_version};
use crate::catalogue::version;
use crate::error::Result;

/// What was completed, in the transaction at hand.
#[derive(Clone, Copy, Debug)]
pub struct Completion {
    /// By whom.
    pub person_id: Uuid,
    /// The module.
    pub module_id: Uuid,
    /// The number of the version.
    pub number: i32,
    /// The zone of the organisation under which they learn.
    pub zone: Tz,
}

/// Opens what a later version of the law makes a person owe who has just completed an earlier one, due
/// as many months from `now` as its publisher gave. Nothing can be published meanwhile: a version that
/// comes after the transaction finds the completion in it. Idempotent; answers whether it opened
/// something.
///
/// Of several later versions that change the law, the last one is asked: completing it answers for
/// those before. A version that states no months, because it was imported or was published before they
/// were kept, asks nothing.
///
/// # Errors
/// When the database fails.
pub async fn open_if_overtaken(
    tx: &DatabaseTransaction,
    completion: Completion,
    now: DateTime<Utc>,
) -> Result<bool> {
    let Completion { person_id, module_id, number, zone } = completion;
    version::keep_still(tx, module_id).await?;
    let Some(renewal) = renewal_above(tx, module_id, number).await? else { return Ok(false) };
    Ok(open_for_legal_change(tx, renewal, &[(person_id, zone)], now).await? > 0)
}

/// What the last change of the law after a version asks.
async fn renewal_above(
    conn: &impl ConnectionTrait,
    module_id: Uuid,
    number: i32,
) -> Result<Option<Renewal>> {
    let asked: Option<(Uuid, i32, i32)> = module_version::Entity::find()
        .select_only()
        .column(module_version::Column::Id)
        .column(module_version::Column::Number)
        .column(module_version::Column::RenewalMonths)
        .filter(module_version::COLUMN.module_id.eq(module_id))
        .filter(module_version::COLUMN.number.gt(number))
        .filter(module_version::Column::ChangeKind.eq(ChangeKind::Legal))
        .filter(module_version::Column::RenewalMonths.is_not_null())
        .order_by_desc(module_version::Column::Number)
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    let renewal = |(version_id, number, months)| {
        let months = u32::try_from(months).ok()?;
        Some(Renewal { module_id, version_id, number, months })
    };
    Ok(asked.and_then(renewal))
}
