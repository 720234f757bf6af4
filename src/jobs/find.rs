//! Reading jobs: one's own, what is left of them, and what became of their rows.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use super::model::{job, job_part, job_row};
use crate::error::{Reason, Result};

/// A job.
///
/// # Errors
/// `not-found`.
pub async fn one(conn: &impl ConnectionTrait, id: Uuid) -> Result<job::Model> {
    job::Entity::find_by_id(id).one(conn).await?.ok_or_else(|| Reason::NotFound.into())
}

/// A job that this account asked for; another's does not exist.
///
/// # Errors
/// `not-found`.
pub async fn own(conn: &impl ConnectionTrait, account_id: Uuid, id: Uuid) -> Result<job::Model> {
    let found = job::Entity::find_by_id(id).one(conn).await?;
    found.filter(|job| job.asked_by == account_id).ok_or_else(|| Reason::NotFound.into())
}

/// What became of rows, in their order, after the row `after`; those of one outcome where given.
///
/// # Errors
/// When the database fails.
pub async fn rows(
    conn: &impl ConnectionTrait,
    job_id: Uuid,
    outcome: Option<&str>,
    (limit, after): (u64, i32),
) -> Result<Vec<job_row::Model>> {
    let mut query = job_row::Entity::find()
        .filter(job_row::Column::JobId.eq(job_id))
        .filter(job_row::Column::Number.gt(after));
    if let Some(outcome) = outcome {
        query = query.filter(job_row::Column::Outcome.eq(outcome));
    }
    Ok(query.order_by_asc(job_row::Column::Number).limit(limit).all(conn).await?)
}

/// A part of what was sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Its rows that are not dealt with yet, by number.
    pub rows: Vec<(i32, Value)>,
    /// How many rows of the job are dealt with once these are.
    pub cursor: i32,
}

/// What comes next in a job.
///
/// # Errors
/// `internal` when what was sent has gone before its time.
pub async fn next_part(conn: &impl ConnectionTrait, job: &job::Model) -> Result<Part> {
    let part = job_part::Entity::find_by_id((job.id, job.cursor)).one(conn).await?;
    let Some(Value::Array(all)) = part.map(|part| part.rows) else {
        return Err(Reason::Internal.into());
    };
    let cursor = job.cursor + i32::try_from(all.len()).map_err(|_| Reason::Internal)?;
    let known: BTreeSet<i32> = job_row::Entity::find()
        .select_only()
        .column(job_row::Column::Number)
        .filter(job_row::Column::JobId.eq(job.id))
        .filter(job_row::Column::Number.gt(job.cursor))
        .into_tuple()
        .all(conn)
        .await?
        .into_iter()
        .collect();
    let numbered = (job.cursor + 1..).zip(all);
    let rows = numbered.filter(|(number, _)| !known.contains(number)).collect();
    Ok(Part { rows, cursor })
}

/// The people whom the rows of a job have named so far, with the first row of each.
///
/// # Errors
/// When the database fails.
pub async fn rows_of(conn: &impl ConnectionTrait, job_id: Uuid) -> Result<HashMap<Uuid, i32>> {
    let rows: Vec<(Option<Uuid>, i32)> = job_row::Entity::find()
        .select_only()
        .column(job_row::Column::PersonId)
        .column(job_row::Column::Number)
        .filter(job_row::Column::JobId.eq(job_id))
        .order_by_desc(job_row::Column::Number)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(person, number)| Some((person?, number))).collect())
}
