//! Enrolling and withdrawing.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::application::{Application, Learner};
use super::model::enrolment;
use crate::accounts::Principal;
use crate::catalogue::Edition;
use crate::catalogue::model::module_version;
use crate::error::{Reason, Result};
use crate::obligations;
use crate::records::model::fact;
use crate::records::told::Told;
use crate::records::{self, NewFact, State};

/// What enrolling answers.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// The enrolment.
    pub row: enrolment::Model,
    /// Its facts so far.
    pub facts: Vec<fact::Model>,
    /// Whether it was opened now.
    pub new: bool,
}

/// Enrols a person in the edition published now, as applied for. Idempotent: whoever is enrolled
/// already has that enrolment, even if they could not apply today.
///
/// # Errors
/// Those of the application.
pub async fn enrol(
    tx: &DatabaseTransaction,
    who: impl Into<Learner>,
    edition: &Edition,
    application: Result<Application>,
    now: DateTime<Utc>,
) -> Result<Enrolled> {
    let person_id = who.into().person_id;
    // Most enrol for the first time: the unique key tells at once, without asking first.
    if let Ok(first) = &application
        && insert(tx, &first.row).await?
    {
        return opened(tx, first, edition, now).await;
    }
    let latest = latest_locked(tx, person_id, edition.module.id).await?;
    if let Some(latest) = &latest
        && !may_begin_again(tx, latest, edition, now).await?
    {
        return Ok(latest.clone());
    }
    let mut again = application?;
    again.row.cycle = latest.ok_or(Reason::Conflict)?.row.cycle + 1;
    if insert(tx, &again.row).await? {
        return opened(tx, &again, edition, now).await;
    }
    // Another process enrolled the same person meanwhile: theirs is the enrolment.
    let theirs = latest_locked(tx, person_id, edition.module.id).await?;
    theirs.ok_or_else(|| Reason::Conflict.into())
}

/// Whether a further enrolment may follow this one: they withdrew from it, or they completed it and
/// owe it again, because a requirement is to be renewed or a change of the law asks since for a
/// version that it is not.
pub(super) async fn may_begin_again(
    conn: &impl ConnectionTrait,
    latest: &Enrolled,
    edition: &Edition,
    now: DateTime<Utc>,
) -> Result<bool> {
    match records::recorded(&latest.facts).state {
        State::Withdrawn => return Ok(true),
        State::Enrolled | State::InProgress => return Ok(false),
        State::Completed => {}
    }
    let (person, module) = (latest.row.person_id, latest.row.module_id);
    if obligations::asks_again(conn, person, (module, edition.version.number), now).await? {
        return Ok(true);
    }
    let Some(asked) = obligations::version_asked(conn, person, module).await? else {
        return Ok(false);
    };
    let followed = module_version::Entity::find_by_id(latest.row.version_id).one(conn).await?;
    let followed = followed.ok_or(Reason::Internal)?.number;
    // A process that has not seen the new version yet must not enrol them in the old one again.
    Ok(followed < asked && asked <= edition.version.number)
}

/// Tells that an enrolment was opened, and what it makes the person owe.
pub(super) async fn opened(
    tx: &DatabaseTransaction,
    application: &Application,
    edition: &Edition,
    now: DateTime<Utc>,
) -> Result<Enrolled> {
    let row = &application.row;
    let (fact, _) = records::append(tx, fact_that_enrols(application, edition, now), now).await?;
    if let Some(due_on) = row.due_on {
        let (person, module, zone) = (row.person_id, row.module_id, application.zone);
        obligations::open_for_enrolment(tx, person, module, row.id, due_on, zone, now).await?;
    }
    Ok(Enrolled { row: row.clone(), facts: vec![fact], new: true })
}

/// The fact that tells an enrolment.
pub(super) fn fact_that_enrols(
    application: &Application,
    edition: &Edition,
    now: DateTime<Utc>,
) -> NewFact {
    let row = &application.row;
    fact_of(row, Told::Enrolled(application.told(edition)), row.enrolled_by, now)
}

/// Withdraws from an enrolment of one's own, which the caller holds, with a reason that is kept.
/// Idempotent.
///
/// # Errors
/// `already-completed` when there is nothing left to withdraw from.
pub async fn withdraw(
    tx: &DatabaseTransaction,
    who: &Principal,
    enrolment: &enrolment::Model,
    reason: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    let facts = records::read::of_enrolment(tx, enrolment.id).await?;
    match records::recorded(&facts).state {
        State::Completed => return Err(Reason::AlreadyCompleted.into()),
        State::Withdrawn => return Ok(()),
        State::Enrolled | State::InProgress => {}
    }
    let fact = fact_of(enrolment, Told::Withdrawn { reason }, who.account_id, now);
    records::append(tx, fact, now).await?;
    Ok(())
}

/// A fact about an enrolment.
pub fn fact_of(
    enrolment: &enrolment::Model,
    told: Told,
    recorded_by: impl Into<Option<Uuid>>,
    now: DateTime<Utc>,
) -> NewFact {
    NewFact {
        kind: told.kind(),
        person_id: enrolment.person_id,
        enrolment_id: Some(enrolment.id),
        module_id: Some(enrolment.module_id),
        version_id: Some(enrolment.version_id),
        organisation_id: enrolment.organisation_id,
        occurred_at: now,
        recorded_by: recorded_by.into(),
        natural_key: told.natural_key(enrolment.id),
        supersedes_id: None,
        payload: told.payload(),
    }
}

/// The latest enrolment of a person in a module, held until commit, so that a withdrawal and an
/// enrolment at the same instant queue up.
async fn latest_locked(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    module_id: Uuid,
) -> Result<Option<Enrolled>> {
    let latest = enrolment::Entity::find()
        .filter(enrolment::COLUMN.person_id.eq(person_id))
        .filter(enrolment::COLUMN.module_id.eq(module_id))
        .order_by_desc(enrolment::Column::Cycle)
        .limit(1)
        .lock_exclusive()
        .one(tx)
        .await?;
    let Some(row) = latest else { return Ok(None) };
    let facts = records::read::of_enrolment(tx, row.id).await?;
    Ok(Some(Enrolled { row, facts, new: false }))
}

/// Writes the row, unless one of the same person, module and cycle is there.
pub(super) async fn insert(tx: &DatabaseTransaction, row: &enrolment::Model) -> Result<bool> {
    use enrolment::Column::{Cycle, ModuleId, PersonId};
    let once = OnConflict::columns([PersonId, ModuleId, Cycle]).do_nothing().to_owned();
    let added = enrolment::Entity::insert(row.clone().into_active_model().reset_all())
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    Ok(added > 0)
}
