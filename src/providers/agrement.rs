//! Agréments for the training of élus (CGCT, L1221-3): granted for a time, sometimes withdrawn, never
//! rewritten.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveModelTrait as _, DatabaseTransaction, EntityTrait, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

use super::model::provider_agrement;
use super::rules::{self, Granted};
use super::save::{Held, keep};
use crate::clock;
use crate::error::{Reason, Result};

/// Records an agrément.
///
/// # Errors
/// `invalid-values`: it ends before it begins, is of a decision to come, overlaps another.
pub async fn grant(
    tx: &DatabaseTransaction,
    by: Option<Uuid>,
    held: Held,
    new: Granted,
    now: DateTime<Utc>,
) -> Result<(Held, Uuid)> {
    let id = held.provider.id;
    let told = super::told(tx, [id]).await?.remove(&id).unwrap_or_default();
    rules::check_agrement(&new, &told, now.date_naive())?;
    let row = provider_agrement::ActiveModel {
        id: Set(clock::new_id()),
        provider_id: Set(id),
        number: Set(new.number),
        granted_on: Set(new.granted_on),
        valid_from: Set(new.valid_from),
        valid_to: Set(new.valid_to),
        withdraws: Set(None),
        reason: Set(None),
        recorded_at: Set(now),
    };
    let row = row.insert(tx).await?;
    let detail = json!({ "agrement": row.id, "from": row.valid_from, "to": row.valid_to });
    Ok((keep(tx, by, held, ("agrement.grant", detail), now).await?, row.id))
}

/// Withdraws an agrément from a day on, by a further row. One that is withdrawn already stays as it
/// was withdrawn.
///
/// # Errors
/// `not-found` for an agrément of another provider; `invalid-values` for a day on which it does not
/// hold.
pub async fn withdraw(
    tx: &DatabaseTransaction,
    by: Option<Uuid>,
    held: Held,
    agrement: Uuid,
    (from, reason): (NaiveDate, &str),
    now: DateTime<Utc>,
) -> Result<Held> {
    let found = provider_agrement::Entity::find_by_id(agrement)
        .filter(provider_agrement::COLUMN.provider_id.eq(held.provider.id))
        .filter(provider_agrement::COLUMN.withdraws.is_null())
        .one(tx)
        .await?;
    let granted = found.ok_or(Reason::NotFound)?;
    rules::check_withdrawal(&granted, from, reason)?;
    let already = provider_agrement::Entity::find()
        .filter(provider_agrement::COLUMN.withdraws.eq(agrement))
        .one(tx);
    if already.await?.is_some() {
        return Ok(held);
    }
    let row = provider_agrement::ActiveModel {
        id: Set(clock::new_id()),
        provider_id: Set(granted.provider_id),
        number: Set(granted.number),
        granted_on: Set(granted.granted_on),
        valid_from: Set(from),
        valid_to: Set(granted.valid_to),
        withdraws: Set(Some(agrement)),
        reason: Set(Some(reason.to_owned())),
        recorded_at: Set(now),
    };
    row.insert(tx).await?;
    let detail = json!({ "agrement": agrement, "from": from });
    keep(tx, by, held, ("agrement.withdraw", detail), now).await
}
