//! What enrolling takes, looked at before anything is held: a capacity, a date to come, what comes before.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::{
    ActiveEnum as _, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::model::enrolment;
use super::rules;
use crate::accounts::Principal;
use crate::catalogue::Edition;
use crate::catalogue::model::module;
use crate::clock;
use crate::error::{Reason, Result};
use crate::people::capacity;
use crate::people::model::capacity as capacity_row;
use crate::records;
use crate::records::told::{self, EnrolledFor};
use crate::territory::model::organisation;

/// What a learner asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// The civil date by which to complete, in the organisation's zone.
    pub due_on: Option<NaiveDate>,
    /// The enrolment in a path through which it is asked.
    pub through: Option<Uuid>,
}

/// Who is enrolled, by whom, and on whose behalf when it is not their own doing alone.
#[derive(Clone, Debug)]
pub struct Learner {
    /// The person.
    pub person_id: Uuid,
    /// The account that enrols them.
    pub by: Uuid,
    /// On whose behalf.
    pub enrolled_for: Option<EnrolledFor>,
}

impl From<&Principal> for Learner {
    fn from(who: &Principal) -> Self {
        Self { person_id: who.person_id, by: who.account_id, enrolled_for: None }
    }
}

/// An enrolment as it would be opened: under which capacity, by when.
#[derive(Clone, Debug)]
pub struct Application {
    pub(super) row: enrolment::Model,
    pub(super) capacity: capacity_row::Model,
    pub(super) zone: Tz,
    pub(super) through: Option<Uuid>,
    pub(super) enrolled_for: Option<EnrolledFor>,
}

impl Application {
    /// An enrolment for the first time in an edition, under a capacity.
    pub fn new(
        learner: Learner,
        edition: &Edition,
        (capacity, zone): (capacity_row::Model, Tz),
        wish: Wish,
        now: DateTime<Utc>,
    ) -> Self {
        let row = enrolment::Model {
            id: clock::new_id(),
            person_id: learner.person_id,
            module_id: edition.module.id,
            version_id: edition.version.id,
            capacity_id: Some(capacity.id),
            organisation_id: Some(capacity.organisation_id),
            cycle: 1,
            due_on: wish.due_on,
            time_zone: zone.name().to_owned(),
            enrolled_at: now,
            enrolled_by: learner.by,
        };
        let (through, enrolled_for) = (wish.through, learner.enrolled_for);
        Self { row, capacity, zone, through, enrolled_for }
    }

    /// Whom it enrols.
    pub fn person_id(&self) -> Uuid {
        self.row.person_id
    }

    /// The enrolment, if it is opened.
    pub fn id(&self) -> Uuid {
        self.row.id
    }

    /// What the fact says that tells it.
    pub(super) fn told(&self, edition: &Edition) -> told::Enrolled {
        let Self { row, capacity, through, enrolled_for, .. } = self;
        told::Enrolled {
            audience: capacity.kind.to_value(),
            manager: capacity.manager,
            standing: capacity.standing.to_value(),
            capacity_id: capacity.id,
            module: edition.module.code.clone(),
            version: edition.version.number,
            tree_digest: edition.version.tree_digest.clone(),
            due_on: row.due_on,
            path_enrolment_id: *through,
            enrolled_for: enrolled_for.clone(),
        }
    }
}

/// Looks at what enrolling takes, before anything is held.
///
/// # Errors
/// `no-capacity`, `prerequisite-missing`, or `invalid-values` for a due date that is past.
pub async fn apply(
    conn: &impl ConnectionTrait,
    who: impl Into<Learner>,
    edition: &Edition,
    wish: Wish,
    now: DateTime<Utc>,
) -> Result<Application> {
    let learner = who.into();
    let (capacity, zone) = capacity_of(conn, &learner, now).await?;
    rules::check_due_on(wish.due_on, rules::today(now, zone))?;
    check_prerequisites(conn, learner.person_id, edition).await?;
    Ok(Application::new(learner, edition, (capacity, zone), wish, now))
}

/// The capacity a person learns under, and the time zone of its organisation: of several, that of the
/// organisation which enrols them.
pub(super) async fn capacity_of(
    conn: &impl ConnectionTrait,
    learner: &Learner,
    now: DateTime<Utc>,
) -> Result<(capacity_row::Model, Tz)> {
    let mut held = capacity::of_person(learner.person_id)
        .select_also(organisation::Entity)
        .join(JoinType::LeftJoin, organisation_of_capacity())
        .all(conn)
        .await?;
    let had = !held.is_empty();
    capacity::keep_in_force(&mut held, now.date_naive(), |(capacity, _)| capacity);
    let here = learner.enrolled_for.as_ref().map(|enrolled_for| enrolled_for.organisation_id);
    let at = held.iter().position(|(c, _)| Some(c.organisation_id) == here).unwrap_or(0);
    let (capacity, organisation) =
        held.into_iter().nth(at).ok_or_else(|| rules::no_capacity(had))?;
    let zone = organisation.ok_or(Reason::Internal)?.time_zone;
    Ok((capacity, zone.parse().map_err(|_| Reason::Internal)?))
}

fn organisation_of_capacity() -> RelationDef {
    capacity_row::Entity::belongs_to(organisation::Entity)
        .from(capacity_row::Column::OrganisationId)
        .to(organisation::Column::Id)
        .into()
}

/// Asks what has been completed only where something is required.
async fn check_prerequisites(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    edition: &Edition,
) -> Result<()> {
    let manifest = &edition.content.manifest;
    if rules::required(manifest).next().is_none() {
        return Ok(());
    }
    let ids = records::read::completed_modules(conn, person_id).await?;
    let modules = module::Entity::find().filter(module::COLUMN.id.is_in(ids)).all(conn).await?;
    let completed: BTreeSet<String> = modules.into_iter().map(|m| m.code).collect();
    rules::check_prerequisites(manifest, &completed)
}
