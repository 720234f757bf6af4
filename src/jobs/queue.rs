//! The queue: asking for a job, claiming it, saying what became of its rows, ending it.
//!
//! A claim is a lease. Whoever applies rows holds the job's row meanwhile and checks that the lease is
//! still theirs: a worker that was thought dead and comes back finds that it is not, and writes nothing.

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction,
    EntityTrait, IntoActiveModel as _, PaginatorTrait as _, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{JobKind, JobState, job, job_part, job_row};
use crate::clock;
use crate::db::Db;
use crate::error::{Reason, Result};

/// Rows read and decided together, while nothing is held; they are written in several transactions.
pub const PART: usize = 1_000;

/// How long a claim holds: far longer than a part takes, renewed by each.
const LEASE: Duration = Duration::seconds(30);

/// A job to be asked for.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// What it does.
    pub kind: JobKind,
    /// The account that asks.
    pub asked_by: Uuid,
    /// The organisation whose people it is about.
    pub organisation_id: Uuid,
    /// What holds for every row.
    pub terms: Value,
    /// The rows, as they were sent.
    pub rows: Vec<Value>,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDone {
    /// Its number, from 1.
    pub number: i32,
    /// A word.
    pub outcome: &'static str,
    /// What is particular to it: codes, numbers of rows; never a name.
    pub detail: Option<String>,
    /// The person whom it names, if it names somebody within reach.
    pub person_id: Option<Uuid>,
    /// What the outcome is about: an enrolment, an invitation.
    pub thing_id: Option<Uuid>,
}

/// Asks for a job; it is begun once this is committed.
///
/// # Errors
/// When the database fails.
pub async fn open(tx: &DatabaseTransaction, new: NewJob, now: DateTime<Utc>) -> Result<job::Model> {
    let row = job::Model {
        id: clock::new_id(),
        kind: new.kind,
        state: JobState::Queued,
        asked_by: new.asked_by,
        organisation_id: new.organisation_id,
        terms: new.terms,
        total: number(new.rows.len())?,
        cursor: 0,
        done: 0,
        counts: json!({}),
        failure: None,
        asked_at: now,
        started_at: None,
        finished_at: None,
        lease_by: None,
        lease_until: None,
    };
    job::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    for (nth, rows) in new.rows.chunks(PART).enumerate() {
        let part = job_part::Model {
            job_id: row.id,
            first: number(nth * PART)?,
            rows: Value::Array(rows.to_vec()),
        };
        let part = part.into_active_model().reset_all();
        job_part::Entity::insert(part).exec_without_returning(tx).await?;
    }
    Ok(row)
}

fn number(count: usize) -> Result<i32> {
    Ok(i32::try_from(count).map_err(|_| Reason::TooLarge)?)
}

/// Claims the job of this kind that has waited longest, or goes on with one's own; none when nothing
/// is left to do, or others do it.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    db: &Db,
    kind: JobKind,
    worker: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<job::Model>> {
    let free = Condition::any()
        .add(job::Column::LeaseUntil.is_null())
        .add(job::Column::LeaseUntil.lte(now))
        .add(job::Column::LeaseBy.eq(worker));
    let waiting = job::Entity::find()
        .filter(job::Column::FinishedAt.is_null())
        .filter(job::Column::Kind.eq(kind))
        .filter(free)
        .order_by_asc(job::Column::AskedAt);
    // Most rounds find nothing: the writer is not taken to look.
    if waiting.clone().count(db.read()).await? == 0 {
        return Ok(None);
    }
    let tx = db.begin_write().await?;
    let waiting = waiting.limit(1).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let Some(found) = waiting.one(&tx).await? else { return Ok(None) };
    let mut claimed = found.clone().into_active_model();
    claimed.state = Set(JobState::Running);
    claimed.started_at = Set(Some(found.started_at.unwrap_or(now)));
    claimed.lease_by = Set(Some(worker));
    claimed.lease_until = Set(Some(now + LEASE));
    let claimed = claimed.update(&tx).await?;
    tx.commit().await?;
    Ok(Some(claimed))
}

/// Holds a job that one has claimed until the transaction ends; none when it is over, or the claim was
/// lost: nothing may be written for it then.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &DatabaseTransaction, id: Uuid, worker: Uuid) -> Result<Option<job::Model>> {
    let held = job::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    Ok(held.filter(|job| job.state == JobState::Running && job.lease_by == Some(worker)))
}

/// Says what became of some rows of a job that is held; `cursor` is how many are dealt with from the
/// first one on, once a part is. The job is done with its last row.
///
/// # Errors
/// When the database fails.
pub async fn record(
    tx: &DatabaseTransaction,
    held: job::Model,
    rows: Vec<RowDone>,
    cursor: Option<i32>,
    now: DateTime<Utc>,
) -> Result<job::Model> {
    let mut counts = held.counts.clone();
    for row in &rows {
        counts[row.outcome] = json!(counts[row.outcome].as_i64().unwrap_or(0) + 1);
    }
    let (id, done) = (held.id, held.done + number(rows.len())?);
    let cursor = cursor.unwrap_or(held.cursor);
    let over = cursor >= held.total;
    let mut next = held.into_active_model();
    next.counts = Set(counts);
    next.done = Set(done);
    next.cursor = Set(cursor);
    next.lease_until = Set((!over).then_some(now + LEASE));
    if over {
        next.state = Set(JobState::Done);
        next.finished_at = Set(Some(now));
        next.lease_by = Set(None);
    }
    let next = next.update(tx).await?;
    let rows = rows.into_iter().map(|row| job_row::ActiveModel {
        job_id: Set(id),
        number: Set(row.number),
        outcome: Set(row.outcome.to_owned()),
        detail: Set(row.detail),
        person_id: Set(row.person_id),
        thing_id: Set(row.thing_id),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        job_row::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(next)
}

/// Ends a job that one has claimed before its last row, and says why: a word.
///
/// # Errors
/// When the database fails.
pub async fn fail(db: &Db, id: Uuid, worker: Uuid, why: &str, now: DateTime<Utc>) -> Result<()> {
    let tx = db.begin_write().await?;
    if let Some(held) = hold(&tx, id, worker).await? {
        stop(&tx, held, (JobState::Failed, Some(why.to_owned())), now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Gives back the jobs that a worker has claimed, for any other to go on with at once.
///
/// # Errors
/// When the database fails; they are taken again once their lease has passed.
pub async fn put_down(db: &Db, worker: Uuid) -> Result<()> {
    let tx = db.begin_write().await?;
    job::Entity::update_many()
        .col_expr(job::Column::LeaseBy, Expr::value(None::<Uuid>))
        .col_expr(job::Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(job::Column::FinishedAt.is_null())
        .filter(job::Column::LeaseBy.eq(worker))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Cancels a job that is not over: what is done stays done. Idempotent.
///
/// # Errors
/// `job-over` when it ended otherwise.
pub async fn cancel(tx: &DatabaseTransaction, id: Uuid, now: DateTime<Utc>) -> Result<job::Model> {
    let held = job::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let held = held.ok_or(Reason::NotFound)?;
    match held.state {
        JobState::Cancelled => Ok(held),
        JobState::Done | JobState::Failed => Err(Reason::JobOver.into()),
        JobState::Queued | JobState::Running => {
            stop(tx, held, (JobState::Cancelled, None), now).await
        }
    }
}

pub(super) async fn stop(
    tx: &DatabaseTransaction,
    held: job::Model,
    (state, failure): (JobState, Option<String>),
    now: DateTime<Utc>,
) -> Result<job::Model> {
    let mut over = held.into_active_model();
    over.state = Set(state);
    over.failure = Set(failure);
    over.finished_at = Set(Some(now));
    over.lease_by = Set(None);
    over.lease_until = Set(None);
    Ok(over.update(tx).await?)
}
