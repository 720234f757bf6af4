//! The next enrolment of somebody who moves to another version mid-course: the same promise, kept in
//! what is published now.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use super::application::{Application, capacity_of};
use super::enrol::{Enrolled, insert, opened};
use super::model::enrolment;
use crate::accounts::Principal;
use crate::catalogue::Edition;
use crate::clock;
use crate::error::{Reason, Result};
use crate::records::model::{FactKind, fact};

/// Opens the next cycle of an enrolment, which the caller holds, in another edition: with the same due
/// date, in the same zone and through the same path, under the capacity held now. Nothing is asked that
/// was asked when the person enrolled.
///
/// # Errors
/// `no-capacity`; `conflict` when another process opened it meanwhile.
pub async fn open_next(
    tx: &DatabaseTransaction,
    who: &Principal,
    (before, facts): (&enrolment::Model, &[fact::Model]),
    edition: &Edition,
    now: DateTime<Utc>,
) -> Result<Enrolled> {
    let (capacity, _) = capacity_of(tx, &who.into(), now).await?;
    let zone = before.time_zone.parse().map_err(|_| Reason::Internal)?;
    let row = enrolment::Model {
        id: clock::new_id(),
        version_id: edition.version.id,
        capacity_id: Some(capacity.id),
        organisation_id: Some(capacity.organisation_id),
        cycle: last_cycle(tx, before).await? + 1,
        enrolled_at: now,
        enrolled_by: who.account_id,
        ..before.clone()
    };
    let (through, enrolled_for) = (through(facts), None);
    let next = Application { row, capacity, zone, through, enrolled_for };
    if !insert(tx, &next.row).await? {
        return Err(Reason::Conflict.into());
    }
    opened(tx, &next, edition, now).await
}

/// The enrolment in a path through which the module was begun.
fn through(facts: &[fact::Model]) -> Option<Uuid> {
    let enrolled = facts.iter().find(|f| f.kind == FactKind::Enrolled)?;
    enrolled.payload["path_enrolment_id"].as_str()?.parse().ok()
}

async fn last_cycle(tx: &DatabaseTransaction, before: &enrolment::Model) -> Result<i32> {
    let last = enrolment::Entity::find()
        .filter(enrolment::COLUMN.person_id.eq(before.person_id))
        .filter(enrolment::COLUMN.module_id.eq(before.module_id))
        .order_by_desc(enrolment::Column::Cycle)
        .one(tx)
        .await?;
    Ok(last.map_or(before.cycle, |last| last.cycle))
}
