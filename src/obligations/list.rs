//! Reading obligations with where they stand, in a constant number of statements.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::model::obligation;
use super::renewed;
use super::rules::{Status, status};
use crate::catalogue::find::{self, ModuleName};
use crate::error::Result;
use crate::records;

/// An obligation, what it is about, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The row.
    pub obligation: obligation::Model,
    /// The module to complete.
    pub module: ModuleName,
    /// Where it stands.
    pub status: Status,
}

/// At most `limit` obligations of a person with their status at `at`, the earliest deadline first,
/// after the one whose `(due_at, id)` is given.
///
/// # Errors
/// When the database fails.
pub async fn of_person(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    limit: u64,
    after: Option<(DateTime<Utc>, Uuid)>,
    at: DateTime<Utc>,
) -> Result<Vec<Owed>> {
    use obligation::Column::{DueAt, Id, PersonId};
    let beyond = after.map(|(due_at, id)| {
        Condition::any()
            .add(DueAt.gt(due_at))
            .add(Condition::all().add(DueAt.eq(due_at)).add(Id.gt(id)))
    });
    let rows = obligation::Entity::find()
        .filter(PersonId.eq(person_id))
        .filter(Condition::all().add_option(beyond))
        .order_by_asc(DueAt)
        .order_by_asc(Id)
        .limit(limit)
        .all(conn)
        .await?;
    let statuses = statuses(conn, &rows, at).await?;
    let mut names = find::names(conn, rows.iter().map(|row| row.module_id)).await?;
    Ok(rows
        .into_iter()
        .zip(statuses)
        .map(|(row, status)| Owed {
            module: names.entry(row.module_id).or_default().clone(),
            obligation: row,
            status,
        })
        .collect())
}

/// The status of each of these obligations at `at`, in their order.
///
/// # Errors
/// When the database fails.
pub async fn statuses(
    conn: &impl ConnectionTrait,
    obligations: &[obligation::Model],
    at: DateTime<Utc>,
) -> Result<Vec<Status>> {
    let enrolments: HashSet<Uuid> = obligations.iter().filter_map(|o| o.enrolment_id).collect();
    let enrolments: Vec<Uuid> = enrolments.into_iter().collect();
    let facts = records::read::by_enrolment(conn, &enrolments).await?;
    let completed = renewed::completed_versions(conn, obligations, at).await?;
    let left = renewed::left(conn, obligations, at).await?;
    let of = |o: &obligation::Model| {
        if let Some(asked) = o.from_version {
            let completed = completed.get(&(o.person_id, o.module_id)).copied();
            return status(
                renewed::state(asked, completed, left.contains(&o.module_id)),
                o.due_at,
                at,
            );
        }
        let facts = o.enrolment_id.and_then(|id| facts.get(&id));
        let known = records::status::status(facts.map_or(&[], Vec::as_slice), at);
        status(known.state, o.due_at, at)
    };
    Ok(obligations.iter().map(of).collect())
}
