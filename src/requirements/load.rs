//! People with their capacities, and the organisations of those with what they are in.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::audience::{Place, applies};
use super::decide::Entry;
use super::due::{self, began_on};
use super::force::Ready;
use crate::db::MOST_BOUND;
use crate::error::Result;
use crate::obligations::rules::zone;
use crate::people::model::{capacity, person};
use crate::territory::model::{AffiliationKind, affiliation, organisation, organisation_link};

/// Organisations already read, by id.
pub(super) type Places = HashMap<Uuid, Place>;

/// The capacities of some people, by person.
pub(super) type People = HashMap<Uuid, Vec<capacity::Model>>;

/// The next persons, in the order of their ids: all of them, since those who never held a capacity are
/// few, and to tell them apart would read every capacity for each batch.
pub(super) async fn persons_after(
    conn: &impl ConnectionTrait,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Uuid>> {
    let mut persons = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .order_by_asc(person::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        persons = persons.filter(person::COLUMN.id.gt(after));
    }
    Ok(persons.into_tuple().all(conn).await?)
}

/// Persons of whom a capacity was recorded after an instant, at most `limit`.
pub(super) async fn recorded_after(
    conn: &impl ConnectionTrait,
    since: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Uuid>> {
    Ok(capacity::Entity::find()
        .select_only()
        .column(capacity::Column::PersonId)
        .filter(capacity::Column::RecordedAt.gt(since))
        .distinct()
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?)
}

/// That a column names one of these persons. The range that they are in is said as well: while a table
/// has no statistics, PostgreSQL takes a list of two hundred for all of it, and reads it whole for each
/// batch; a range it takes for a two-hundredth.
pub(super) fn of_persons(column: impl ColumnTrait, persons: &[Uuid]) -> Condition {
    let among = Condition::all().add(column.is_in(persons.iter().copied()));
    match (persons.iter().min(), persons.iter().max()) {
        (Some(first), Some(last)) => among.add(column.between(*first, *last)),
        _ => among,
    }
}

/// The capacities of these persons; their organisations are added to `places`.
pub(super) async fn people(
    conn: &impl ConnectionTrait,
    persons: &[Uuid],
    places: &mut Places,
) -> Result<People> {
    let mut people = People::new();
    for some in persons.chunks(MOST_BOUND) {
        let held = capacity::Entity::find()
            .filter(of_persons(capacity::Column::PersonId, some))
            .all(conn)
            .await?;
        for row in held {
            people.entry(row.person_id).or_default().push(row);
        }
    }
    let wanted: HashSet<Uuid> = people.values().flatten().map(|row| row.organisation_id).collect();
    let missing: Vec<Uuid> = wanted.into_iter().filter(|id| !places.contains_key(id)).collect();
    for some in missing.chunks(MOST_BOUND) {
        add_places(conn, some, places).await?;
    }
    Ok(people)
}

async fn add_places(conn: &impl ConnectionTrait, ids: &[Uuid], places: &mut Places) -> Result<()> {
    let among = || ids.iter().copied();
    let found = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(among()))
        .all(conn)
        .await?;
    for row in found {
        let within = vec![(row.id, chrono::NaiveDate::MIN, None)];
        let (kind, population, time_zone) = (row.kind, row.population, row.time_zone);
        places.insert(row.id, Place { id: row.id, kind, population, time_zone, within });
    }
    let links = organisation_link::Entity::find()
        .filter(organisation_link::Column::ChildId.is_in(among()))
        .all(conn)
        .await?;
    for link in links {
        if let Some(place) = places.get_mut(&link.child_id) {
            place.within.push((link.parent_id, link.valid_from, link.valid_to));
        }
    }
    let affiliations = affiliation::Entity::find()
        .filter(affiliation::Column::OrganisationId.is_in(among()))
        .filter(affiliation::Column::Kind.ne(AffiliationKind::None))
        .all(conn)
        .await?;
    for row in affiliations {
        if let (Some(place), Some(cdg)) = (places.get_mut(&row.organisation_id), row.cdg_id) {
            place.within.push((cdg, row.valid_from, row.valid_to));
        }
    }
    Ok(())
}

/// The capacities under which a requirement concerns somebody at `now`, each on the civil day of its
/// organisation. One that another has replaced by that day is none.
pub(super) fn entries(
    requirement: &Ready,
    held: &[capacity::Model],
    places: &Places,
    now: DateTime<Utc>,
) -> Vec<Entry> {
    let entry = |row: &capacity::Model| {
        let place = places.get(&row.organisation_id)?;
        let zone = zone(&place.time_zone);
        let today = now.with_timezone(&zone).date_naive();
        let replaced = held.iter().any(|o| o.replaces_id == Some(row.id) && o.valid_from <= today);
        let concerned = !replaced
            && applies(&requirement.audience, row, place, &requirement.territories, today);
        if !concerned {
            return None;
        }
        let began = began_on(row, held);
        let due = due::due(&requirement.due, row, began, requirement.milestones, today)?;
        let (capacity_id, organisation_id) = (row.id, row.organisation_id);
        Some(Entry { capacity_id, organisation_id, zone, today, due })
    };
    held.iter().filter_map(entry).collect()
}
