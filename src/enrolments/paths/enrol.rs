//! Enrolling in a path, and leaving it.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::complete::complete;
use super::find;
use crate::accounts::Principal;
use crate::catalogue::paths::PathEdition;
use crate::clock;
use crate::content::PrerequisiteKind;
use crate::enrolments::application::{Learner, capacity_of};
use crate::enrolments::model::path_enrolment;
use crate::enrolments::rules;
use crate::error::{Reason, Refusal, Result};
use crate::people::model::{capacity, person};
use crate::records::model::fact;
use crate::records::path_status::path_status;
use crate::records::told::{EnrolledFor, PathEnrolled, Told};
use crate::records::{self, NewFact};

/// An enrolment in a path as it would be opened, and under which capacity.
#[derive(Clone, Debug)]
pub struct Application {
    row: path_enrolment::Model,
    capacity: capacity::Model,
    enrolled_for: Option<EnrolledFor>,
}

impl Application {
    /// An enrolment for the first time in an edition, under a capacity.
    pub fn new(
        learner: Learner,
        edition: &PathEdition,
        capacity: capacity::Model,
        now: DateTime<Utc>,
    ) -> Self {
        let row = path_enrolment::Model {
            id: clock::new_id(),
            person_id: learner.person_id,
            path_id: edition.path.id,
            version_id: edition.version.id,
            capacity_id: capacity.id,
            organisation_id: capacity.organisation_id,
            cycle: 1,
            enrolled_at: now,
            enrolled_by: learner.by,
        };
        Self { row, capacity, enrolled_for: learner.enrolled_for }
    }
}

/// What enrolling in a path answers.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// The enrolment.
    pub row: path_enrolment::Model,
    /// Whether it was opened now.
    pub new: bool,
}

/// Looks at what enrolling takes, before anything is held.
///
/// # Errors
/// `no-capacity`; `prerequisite-missing`, naming what the path requires first.
pub async fn apply(
    conn: &impl ConnectionTrait,
    who: impl Into<Learner>,
    edition: &PathEdition,
    now: DateTime<Utc>,
) -> Result<Application> {
    let learner = who.into();
    let (capacity, _) = capacity_of(conn, &learner, now).await?;
    let asked = edition.content.prerequisites.iter();
    let required: Vec<_> = asked.filter(|p| p.kind == PrerequisiteKind::Required).collect();
    if !required.is_empty() {
        let completed = find::completed(conn, learner.person_id).await?;
        let completed = completed.into_iter().map(|done| done.module).collect();
        rules::check_completed(required, &completed)?;
    }
    Ok(Application::new(learner, edition, capacity, now))
}

/// Enrols a person in the path as published now, as applied for; completes it at once
/// when nothing is left to do. Idempotent: whoever is enrolled already has that enrolment, in the
/// version begun, even if they could not apply today.
///
/// # Errors
/// Those of the application.
pub async fn enrol(
    tx: &DatabaseTransaction,
    who: impl Into<Learner>,
    edition: &PathEdition,
    application: Result<Application>,
    now: DateTime<Utc>,
) -> Result<Enrolled> {
    let Learner { person_id, by, .. } = who.into();
    hold(tx, person_id).await?;
    let latest = latest(tx, person_id, edition.path.id).await?;
    if let Some((row, facts)) = &latest
        && !path_status(facts, DateTime::<Utc>::MAX_UTC).withdrawn
    {
        return Ok(Enrolled { row: row.clone(), new: false });
    }
    let Application { mut row, capacity, enrolled_for } = application?;
    row.cycle = latest.map_or(0, |(row, _)| row.cycle) + 1;
    if !insert(tx, &row).await? {
        return Err(Reason::Conflict.into());
    }
    let told = PathEnrolled {
        audience: capacity.kind.to_value(),
        manager: capacity.manager,
        standing: capacity.standing.to_value(),
        capacity_id: capacity.id,
        path: edition.path.code.clone(),
        version: edition.version.number,
        digest: edition.version.digest.clone(),
        enrolled_for,
    };
    let fact = fact_of(&row, Told::PathEnrolled(told), by, now);
    records::append(tx, fact, now).await?;
    let completed = find::completed(tx, person_id).await?;
    complete(tx, &row, edition, &completed, Some(by), now).await?;
    Ok(Enrolled { row, new: true })
}

/// Leaves a path of one's own, with a reason that is kept; the modules begun stay. Idempotent.
///
/// # Errors
/// `not-found`; `already-completed` when there is nothing left to leave.
pub async fn withdraw(
    tx: &DatabaseTransaction,
    who: &Principal,
    id: Uuid,
    reason: &'static str,
    now: DateTime<Utc>,
) -> Result<path_enrolment::Model> {
    hold(tx, who.person_id).await?;
    let row = find::own(tx, who, id).await?;
    let facts = records::read::of_enrolment(tx, row.id).await?;
    let status = path_status(&facts, DateTime::<Utc>::MAX_UTC);
    if status.completed_at.is_some() {
        let (fr, en) = ("Le parcours est déjà achevé.", "The path is already completed.");
        return Err(Refusal::new(Reason::AlreadyCompleted).because(fr, en).into());
    }
    if status.is_open() {
        let fact = fact_of(&row, Told::PathWithdrawn { reason }, who.account_id, now);
        records::append(tx, fact, now).await?;
    }
    Ok(row)
}

/// Holds a person until commit: what they do in paths happens one at a time. Not the lock that
/// foreign keys take, so that whoever records a fact about the person meanwhile does not wait.
pub(super) async fn hold(tx: &DatabaseTransaction, person_id: Uuid) -> Result<()> {
    let held = person::Entity::find_by_id(person_id).lock(LockType::NoKeyUpdate).one(tx).await?;
    held.ok_or(Reason::Internal)?;
    Ok(())
}

/// A fact about an enrolment in a path. It is about no module, so that no statement that counts
/// modules counts it.
pub(super) fn fact_of(
    row: &path_enrolment::Model,
    told: Told,
    recorded_by: impl Into<Option<Uuid>>,
    now: DateTime<Utc>,
) -> NewFact {
    NewFact {
        kind: told.kind(),
        person_id: row.person_id,
        enrolment_id: Some(row.id),
        module_id: None,
        version_id: None,
        organisation_id: Some(row.organisation_id),
        occurred_at: now,
        recorded_by: recorded_by.into(),
        natural_key: told.natural_key(row.id),
        supersedes_id: None,
        payload: told.payload(),
    }
}

/// The latest enrolment of a person in a path, and its facts.
async fn latest(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    path_id: Uuid,
) -> Result<Option<(path_enrolment::Model, Vec<fact::Model>)>> {
    let latest = path_enrolment::Entity::find()
        .filter(path_enrolment::COLUMN.person_id.eq(person_id))
        .filter(path_enrolment::COLUMN.path_id.eq(path_id))
        .order_by_desc(path_enrolment::Column::Cycle)
        .limit(1)
        .one(tx)
        .await?;
    let Some(row) = latest else { return Ok(None) };
    let facts = records::read::of_enrolment(tx, row.id).await?;
    Ok(Some((row, facts)))
}

async fn insert(tx: &DatabaseTransaction, row: &path_enrolment::Model) -> Result<bool> {
    use path_enrolment::Column::{Cycle, PathId, PersonId};
    let once = OnConflict::columns([PersonId, PathId, Cycle]).do_nothing().to_owned();
    let added = path_enrolment::Entity::insert(row.clone().into_active_model().reset_all())
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    Ok(added > 0)
}
