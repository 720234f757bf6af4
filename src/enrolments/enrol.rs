//! Enrolling and withdrawing.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

use super::model::enrolment;
use super::rules;
use crate::accounts::Principal;
use crate::catalogue::Edition;
use crate::catalogue::model::module;
use crate::clock;
use crate::error::{Reason, Result};
use crate::obligations;
use crate::people::capacity;
use crate::people::model::capacity as capacity_row;
use crate::records::model::FactKind;
use crate::records::{self, NewFact, State};
use crate::territory::model::organisation;

/// What a learner asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// The civil date by which to complete, in the organisation's zone.
    pub due_on: Option<NaiveDate>,
}

/// Enrols the signed-in learner in the edition published now. Idempotent: asking twice answers the
/// same enrolment, and `false`.
///
/// # Errors
/// `no-capacity`, `prerequisite-missing`, or `invalid-values` for a due date that is past.
pub async fn enrol(
    tx: &DatabaseTransaction,
    who: &Principal,
    edition: &Edition,
    wish: Wish,
    now: DateTime<Utc>,
) -> Result<(enrolment::Model, bool)> {
    let latest = latest(tx, who.person_id, edition.module.id).await?;
    let cycle = match &latest {
        Some(row) if !is_withdrawn(tx, row.id, now).await? => return Ok((row.clone(), false)),
        Some(row) => row.cycle + 1,
        None => 1,
    };
    let (capacity, zone) = capacity_of(tx, who.person_id, now).await?;
    rules::check_due_on(wish.due_on, rules::today(now, zone))?;
    rules::check_prerequisites(
        &edition.content.manifest,
        &completed_codes(tx, who.person_id).await?,
    )?;
    let row = enrolment::Model {
        id: clock::new_id(),
        person_id: who.person_id,
        module_id: edition.module.id,
        version_id: edition.version.id,
        capacity_id: Some(capacity.id),
        organisation_id: Some(capacity.organisation_id),
        cycle,
        due_on: wish.due_on,
        time_zone: zone.name().to_owned(),
        enrolled_at: now,
        enrolled_by: who.account_id,
    };
    if !insert(tx, &row).await? {
        // Another process enrolled the same person meanwhile: theirs is the enrolment.
        let theirs = latest_cycle(tx, who.person_id, edition.module.id).await?;
        return Ok((theirs.ok_or(Reason::Conflict)?, false));
    }
    record(tx, &row, &capacity, edition, now).await?;
    if let Some(due_on) = wish.due_on {
        let (person, module) = (row.person_id, row.module_id);
        obligations::open_for_enrolment(tx, person, module, row.id, due_on, zone, now).await?;
    }
    Ok((row, true))
}

/// Withdraws from an enrolment of one's own, with a reason that is kept. Idempotent.
///
/// # Errors
/// `already-completed` when there is nothing left to withdraw from.
pub async fn withdraw(
    tx: &DatabaseTransaction,
    who: &Principal,
    enrolment: &enrolment::Model,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let facts = records::read::of_enrolment(tx, enrolment.id).await?;
    match records::status(&facts, now).state {
        State::Completed => return Err(Reason::AlreadyCompleted.into()),
        State::Withdrawn => return Ok(()),
        State::Enrolled | State::InProgress => {}
    }
    let fact = NewFact {
        kind: FactKind::Withdrawn,
        natural_key: format!("withdrawn:{}", enrolment.id),
        payload: json!({ "reason": reason }),
        ..about(enrolment, who.account_id, now)
    };
    records::append(tx, fact, now).await?;
    Ok(())
}

/// A fact about an enrolment, to be completed by what happened.
pub fn about(enrolment: &enrolment::Model, recorded_by: Uuid, now: DateTime<Utc>) -> NewFact {
    NewFact {
        kind: FactKind::Enrolled,
        person_id: enrolment.person_id,
        enrolment_id: Some(enrolment.id),
        module_id: Some(enrolment.module_id),
        version_id: Some(enrolment.version_id),
        organisation_id: enrolment.organisation_id,
        occurred_at: now,
        recorded_by: Some(recorded_by),
        natural_key: format!("enrolled:{}", enrolment.id),
        payload: json!({}),
    }
}

async fn record(
    tx: &DatabaseTransaction,
    row: &enrolment::Model,
    capacity: &capacity_row::Model,
    edition: &Edition,
    now: DateTime<Utc>,
) -> Result<()> {
    use sea_orm::ActiveEnum as _;
    let payload = json!({
        "audience": capacity.kind.to_value(),
        "manager": capacity.manager,
        "standing": capacity.standing.to_value(),
        "capacity_id": capacity.id,
        "module": edition.module.code,
        "version": edition.version.number,
        "tree_digest": edition.version.tree_digest,
        "due_on": row.due_on,
    });
    let fact = NewFact { payload, ..about(row, row.enrolled_by, now) };
    records::append(tx, fact, now).await?;
    Ok(())
}

/// The capacity a person learns under, and the time zone of its organisation.
async fn capacity_of(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    now: DateTime<Utc>,
) -> Result<(capacity_row::Model, Tz)> {
    let held = capacity::in_force(tx, person_id, now.date_naive()).await?;
    let capacity = held.into_iter().next().ok_or(Reason::NoCapacity)?;
    let organisation = organisation::Entity::find_by_id(capacity.organisation_id)
        .one(tx)
        .await?
        .ok_or(Reason::Internal)?;
    let zone = organisation.time_zone.parse().map_err(|_| Reason::Internal)?;
    Ok((capacity, zone))
}

async fn completed_codes(tx: &DatabaseTransaction, person_id: Uuid) -> Result<BTreeSet<String>> {
    let ids = records::read::completed_modules(tx, person_id).await?;
    let modules = module::Entity::find().filter(module::COLUMN.id.is_in(ids)).all(tx).await?;
    Ok(modules.into_iter().map(|m| m.code).collect())
}

async fn latest(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    module_id: Uuid,
) -> Result<Option<enrolment::Model>> {
    let Some(row) = latest_cycle(tx, person_id, module_id).await? else { return Ok(None) };
    // Held until commit, so that a withdrawal and an enrolment at the same instant queue up.
    Ok(enrolment::Entity::find_by_id(row.id).lock_exclusive().one(tx).await?)
}

async fn latest_cycle(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    module_id: Uuid,
) -> Result<Option<enrolment::Model>> {
    Ok(enrolment::Entity::find()
        .filter(enrolment::COLUMN.person_id.eq(person_id))
        .filter(enrolment::COLUMN.module_id.eq(module_id))
        .order_by_desc(enrolment::Column::Cycle)
        .one(tx)
        .await?)
}

async fn is_withdrawn(
    tx: &DatabaseTransaction,
    enrolment_id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool> {
    let facts = records::read::of_enrolment(tx, enrolment_id).await?;
    Ok(records::status(&facts, now).state == State::Withdrawn)
}

async fn insert(tx: &DatabaseTransaction, row: &enrolment::Model) -> Result<bool> {
    use enrolment::Column::{Cycle, ModuleId, PersonId};
    let active = enrolment::ActiveModel {
        id: Set(row.id),
        person_id: Set(row.person_id),
        module_id: Set(row.module_id),
        version_id: Set(row.version_id),
        capacity_id: Set(row.capacity_id),
        organisation_id: Set(row.organisation_id),
        cycle: Set(row.cycle),
        due_on: Set(row.due_on),
        time_zone: Set(row.time_zone.clone()),
        enrolled_at: Set(row.enrolled_at),
        enrolled_by: Set(row.enrolled_by),
    };
    let once = OnConflict::columns([PersonId, ModuleId, Cycle]).do_nothing().to_owned();
    let added =
        enrolment::Entity::insert(active).on_conflict(once).exec_without_returning(tx).await?;
    Ok(added > 0)
}
