//! Opening an obligation.

use std::collections::HashMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect, QueryTrait as _,
};
use uuid::Uuid;

use super::model::{ObligationOrigin, obligation};
use super::rules;
use crate::clock;
use crate::error::{Reason, Result};

/// Opens what a due date given at enrolment makes a person owe. Idempotent: asked again for the same
/// enrolment it answers the obligation already open, unchanged. A person who enrols again has another
/// enrolment, hence another obligation; its own cycle is the first.
///
/// # Errors
/// When the database fails.
pub async fn open_for_enrolment(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    module_id: Uuid,
    enrolment_id: Uuid,
    due_on: NaiveDate,
    time_zone: Tz,
    now: DateTime<Utc>,
) -> Result<obligation::Model> {
    let row = of_enrolment(person_id, module_id, enrolment_id, (due_on, time_zone), now);
    let natural_key = key_of_enrolment(enrolment_id);
    obligation::Entity::insert(row)
        .on_conflict(OnConflict::column(obligation::Column::NaturalKey).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let opened = obligation::Entity::find()
        .filter(obligation::Column::NaturalKey.eq(natural_key))
        .one(tx)
        .await?;
    opened.ok_or_else(|| Reason::Conflict.into())
}

/// The same of many enrolments that were made in this very transaction, in one module, with one due
/// date: `(person, enrolment)`, some hundreds of them.
///
/// # Errors
/// When the database fails.
pub async fn open_for_new_enrolments(
    tx: &DatabaseTransaction,
    module_id: Uuid,
    enrolments: impl IntoIterator<Item = (Uuid, Uuid)>,
    due: (NaiveDate, Tz),
    now: DateTime<Utc>,
) -> Result<()> {
    let row =
        |(person_id, enrolment_id)| of_enrolment(person_id, module_id, enrolment_id, due, now);
    let rows: Vec<_> = enrolments.into_iter().map(row).collect();
    if !rows.is_empty() {
        obligation::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn key_of_enrolment(enrolment_id: Uuid) -> String {
    format!("enrolment:{enrolment_id}:1")
}

fn of_enrolment(
    person_id: Uuid,
    module_id: Uuid,
    enrolment_id: Uuid,
    (due_on, time_zone): (NaiveDate, Tz),
    now: DateTime<Utc>,
) -> obligation::ActiveModel {
    obligation::ActiveModel {
        id: Set(clock::new_id()),
        person_id: Set(person_id),
        module_id: Set(Some(module_id)),
        enrolment_id: Set(Some(enrolment_id)),
        origin: Set(ObligationOrigin::Enrolment),
        cycle: Set(1),
        opened_at: Set(now),
        due_on: Set(due_on),
        time_zone: Set(time_zone.name().to_owned()),
        due_at: Set(rules::due_at(due_on, time_zone)),
        natural_key: Set(key_of_enrolment(enrolment_id)),
        ..of_no_requirement()
    }
}

/// Obligations written by one statement: far under what either engine binds.
const AT_ONCE: usize = 1_000;

/// A version that those who completed an earlier one must complete too.
#[derive(Clone, Copy, Debug)]
pub struct Renewal {
    /// The module.
    pub module_id: Uuid,
    /// The version.
    pub version_id: Uuid,
    /// Its number.
    pub number: i32,
    /// Months given to complete it, counted from today in each person's zone.
    pub months: u32,
}

/// Opens what a change of the law makes people owe who had completed the module before: each one
/// obligation of their next cycle, due in the zone given with them. As many statements as thousands
/// of people. Idempotent by the version and the person; answers how many were opened.
///
/// # Errors
/// When the database fails.
pub async fn open_for_legal_change(
    tx: &DatabaseTransaction,
    renewal: Renewal,
    holders: &[(Uuid, Tz)],
    now: DateTime<Utc>,
) -> Result<u64> {
    let only = match holders {
        [(person_id, _)] => Some(*person_id),
        _ => None,
    };
    let cycles = cycles(tx, renewal.module_id, only).await?;
    let mut dates: HashMap<Tz, (NaiveDate, DateTime<Utc>)> = HashMap::new();
    let mut opened = 0;
    for some in holders.chunks(AT_ONCE) {
        let rows: Vec<_> = some
            .iter()
            .map(|(person_id, zone)| {
                let dates =
                    *dates.entry(*zone).or_insert_with(|| due_in(renewal.months, *zone, now));
                let cycle = cycles.get(person_id).copied().unwrap_or(0) + 1;
                renewed(renewal, (*person_id, cycle), *zone, dates, now)
            })
            .collect();
        opened += obligation::Entity::insert_many(rows)
            .on_conflict(OnConflict::column(obligation::Column::NaturalKey).do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(opened)
}

/// The number of the latest version that a change of the law asks a person to complete, if any does.
///
/// # Errors
/// When the database fails.
pub async fn version_asked(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    module_id: Uuid,
) -> Result<Option<i32>> {
    let asked = obligation::Entity::find()
        .select_only()
        .expr(obligation::Column::FromVersion.max())
        .filter(obligation::Column::PersonId.eq(person_id))
        .filter(obligation::Column::ModuleId.eq(module_id))
        .filter(obligation::Column::Origin.eq(ObligationOrigin::LegalChange))
        .into_tuple::<Option<i32>>()
        .one(conn)
        .await?;
    Ok(asked.flatten())
}

/// How many obligations changes of the law have opened in a module so far, by person: of all, or of one.
async fn cycles(
    conn: &impl ConnectionTrait,
    module_id: Uuid,
    only: Option<Uuid>,
) -> Result<HashMap<Uuid, i32>> {
    let cycles: Vec<(Uuid, i32)> = obligation::Entity::find()
        .select_only()
        .column(obligation::Column::PersonId)
        .expr(obligation::Column::Cycle.max())
        .filter(obligation::Column::ModuleId.eq(module_id))
        .filter(obligation::Column::Origin.eq(ObligationOrigin::LegalChange))
        .apply_if(only, |query, person| query.filter(obligation::Column::PersonId.eq(person)))
        .group_by(obligation::Column::PersonId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(cycles.into_iter().collect())
}

/// The civil date so many months from today in a zone — the last of its month where there is no such
/// day — and the instant from which it is late.
fn due_in(months: u32, zone: Tz, now: DateTime<Utc>) -> (NaiveDate, DateTime<Utc>) {
    let today = now.with_timezone(&zone).date_naive();
    let due_on = today.checked_add_months(Months::new(months)).unwrap_or(today);
    (due_on, rules::due_at(due_on, zone))
}

fn renewed(
    renewal: Renewal,
    (person_id, cycle): (Uuid, i32),
    zone: Tz,
    (due_on, due_at): (NaiveDate, DateTime<Utc>),
    now: DateTime<Utc>,
) -> obligation::ActiveModel {
    obligation::ActiveModel {
        id: Set(clock::new_id()),
        person_id: Set(person_id),
        module_id: Set(Some(renewal.module_id)),
        enrolment_id: Set(None),
        origin: Set(ObligationOrigin::LegalChange),
        cycle: Set(cycle),
        opened_at: Set(now),
        due_on: Set(due_on),
        time_zone: Set(zone.name().to_owned()),
        due_at: Set(due_at),
        natural_key: Set(format!("legal:{}:{person_id}", renewal.version_id)),
        from_version: Set(Some(renewal.number)),
        ..of_no_requirement()
    }
}

/// What an obligation says that no requirement opened.
fn of_no_requirement() -> obligation::ActiveModel {
    obligation::ActiveModel {
        from_version: Set(None),
        requirement_id: Set(None),
        requirement_version_id: Set(None),
        path_id: Set(None),
        path_version: Set(None),
        capacity_id: Set(None),
        organisation_id: Set(None),
        basis: Set(None),
        anchor_on: Set(None),
        accepts_from: Set(None),
        agreed_only: Set(false),
        ..Default::default()
    }
}
