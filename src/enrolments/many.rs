//! Enrolling many people in a module at once: where each stands is read for all of them together, and
//! those who enrol for the first time are written together.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel as _, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::application::Application;
use super::enrol::{Enrolled, fact_that_enrols, may_begin_again};
use super::model::enrolment;
use crate::catalogue::Edition;
use crate::error::Result;
use crate::obligations;
use crate::records::{self, State};

/// Where somebody who has begun a module before stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// They follow it: the enrolment.
    Follows(Uuid),
    /// They have completed it, and nothing asks for it again: the enrolment.
    Completed(Uuid),
    /// They left it, or owe it again: enrolling opens another cycle.
    MayAgain,
}

/// Where those of these people who have begun a module before stand in it; the others are not in it.
///
/// # Errors
/// When the database fails.
pub async fn begun(
    conn: &impl ConnectionTrait,
    edition: &Edition,
    people: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Begun>> {
    let rows = enrolment::Entity::find()
        .filter(enrolment::Column::ModuleId.eq(edition.module.id))
        .filter(enrolment::Column::PersonId.is_in(people.iter().copied()))
        .order_by_asc(enrolment::Column::Cycle)
        .all(conn)
        .await?;
    // In the order of their cycles: of several, the last is the one that stays.
    let latest: HashMap<Uuid, enrolment::Model> =
        rows.into_iter().map(|row| (row.person_id, row)).collect();
    let ids: Vec<Uuid> = latest.values().map(|row| row.id).collect();
    let mut facts = match ids.is_empty() {
        true => HashMap::new(),
        false => records::read::by_enrolment(conn, &ids).await?,
    };
    let mut begun = HashMap::new();
    for (person_id, row) in latest {
        let facts = facts.remove(&row.id).unwrap_or_default();
        let (id, state) = (row.id, records::recorded(&facts).state);
        let stands = match state {
            State::Enrolled | State::InProgress => Begun::Follows(id),
            State::Withdrawn => Begun::MayAgain,
            State::Completed => {
                let latest = Enrolled { row, facts, new: false };
                match may_begin_again(conn, &latest, edition, now).await? {
                    true => Begun::MayAgain,
                    false => Begun::Completed(id),
                }
            }
        };
        begun.insert(person_id, stands);
    }
    Ok(begun)
}

/// Enrols people who have never begun a module, as applied for, all with the same due date: a handful
/// of statements for some hundreds of them. Answers the enrolments that were opened; who is missing has
/// enrolled meanwhile, by another process.
///
/// # Errors
/// When the database fails.
pub async fn enrol_first(
    tx: &DatabaseTransaction,
    edition: &Edition,
    mut applications: Vec<Application>,
    now: DateTime<Utc>,
) -> Result<BTreeSet<Uuid>> {
    use enrolment::Column::{Cycle, ModuleId, PersonId};
    if applications.is_empty() {
        return Ok(BTreeSet::new());
    }
    // Two that enrol the same people take them in the same order, and never wait for one another.
    applications.sort_by_key(|application| application.row.person_id);
    let rows = applications.iter().map(|a| a.row.clone().into_active_model().reset_all());
    let once = OnConflict::columns([PersonId, ModuleId, Cycle]).do_nothing().to_owned();
    enrolment::Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await?;
    let opened = opened(tx, &applications).await?;
    applications.retain(|application| opened.contains(&application.row.id));
    let facts = applications.iter().map(|a| fact_that_enrols(a, edition, now)).collect();
    records::append_new(tx, facts, now).await?;
    if let Some(Application { row, zone, .. }) = applications.first()
        && let Some(due_on) = row.due_on
    {
        let pairs = applications.iter().map(|a| (a.row.person_id, a.row.id));
        let (module, due) = (edition.module.id, (due_on, *zone));
        obligations::open_for_new_enrolments(tx, module, pairs, due, now).await?;
    }
    Ok(opened)
}

/// Of those rows, the ones that are there: the others met one of the same person.
async fn opened(tx: &DatabaseTransaction, wanted: &[Application]) -> Result<BTreeSet<Uuid>> {
    let ids: Vec<Uuid> = enrolment::Entity::find()
        .select_only()
        .column(enrolment::Column::Id)
        .filter(enrolment::Column::Id.is_in(wanted.iter().map(|a| a.row.id)))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(ids.into_iter().collect())
}
