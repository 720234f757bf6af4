//! Doing what was asked: the worker's part. A part of the rows is read and decided while nothing is
//! held, then written in short transactions, each of which says what became of its rows: whoever is
//! killed loses nothing, and whoever comes after goes on.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum as _, ConnectionTrait, EntityTrait as _};
use uuid::Uuid;

use super::apply::{apply, in_turns};
use super::model::OnBehalf;
use super::plan::{Course, Order, plan};
use super::rows::{Named, Terms};
use crate::accounts::Principal;
use crate::accounts::grants::names;
use crate::accounts::model::account;
use crate::accounts::policy::{self, Action};
use crate::catalogue::Shelf;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, Reason, Result};
use crate::jobs::model::{JobKind, JobState, job};
use crate::jobs::{find, queue};
use crate::territory;

/// Parts done in one call: the worker has other things to do.
const PARTS: usize = 2;

/// Goes on with the bulk enrolment that has waited longest. Answers whether there is more to do at once.
///
/// # Errors
/// When the database fails; what is written stays, and whoever claims the job next goes on from there.
pub async fn work(db: &Db, shelf: &Shelf, worker: Uuid, clock: &Clock) -> Result<bool> {
    let claimed = queue::claim(db, JobKind::Enrolment, worker, clock.now()).await?;
    let Some(mut job) = claimed else { return Ok(false) };
    for _ in 0..PARTS {
        match part(db, shelf, &job, worker, clock.now()).await {
            Ok(Some(next)) => job = next,
            Ok(None) => return Ok(true),
            // What will not pass by itself: the module has left the catalogue, the right is lost.
            Err(Error::Refused(refusal))
                if !matches!(refusal.reason, Reason::Internal | Reason::Conflict) =>
            {
                let why = refusal.reason.code();
                queue::fail(db, job.id, worker, why, clock.now()).await?;
                return Ok(true);
            }
            Err(error) => return Err(error),
        }
        if job.state != JobState::Running {
            return Ok(true);
        }
    }
    Ok(true)
}

/// One part of a job; none when the claim was lost, or the job is over.
async fn part(
    db: &Db,
    shelf: &Shelf,
    job: &job::Model,
    worker: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<job::Model>> {
    let conn = db.read();
    let order = order(conn, shelf, job).await?;
    still_may(conn, &order, now).await?;
    let find::Part { rows, cursor } = find::next_part(conn, job).await?;
    let named = |(number, kept)| Ok((number, Named::of(kept)?));
    let rows: Vec<(i32, Named)> = rows.into_iter().map(named).collect::<Result<_>>()?;
    let mut before = find::rows_of(conn, job.id).await?;
    let planned = plan(conn, &order, &rows, &mut before, now).await?;
    let mut turns = in_turns(planned).into_iter().peekable();
    let mut last = None;
    while let Some(turn) = turns.next() {
        let tx = db.begin_write().await?;
        let Some(held) = queue::hold(&tx, job.id, worker).await? else { return Ok(None) };
        let done = apply(&tx, &order, turn, now).await?;
        let cursor = turns.peek().is_none().then_some(cursor);
        last = Some(queue::record(&tx, held, done, cursor, now).await?);
        tx.commit().await?;
    }
    Ok(last)
}

/// What a job asks, in what is published now.
async fn order(conn: &impl ConnectionTrait, shelf: &Shelf, job: &job::Model) -> Result<Order> {
    let terms: Terms = serde_json::from_value(job.terms.clone()).map_err(|_| Reason::Internal)?;
    let by = OnBehalf::try_from_value(&terms.by).map_err(|_| Reason::Internal)?;
    let course = Course::of(shelf, conn, &terms).await?;
    let organisation = territory::by_id(conn, job.organisation_id).await?;
    Ok(Order { organisation, asked_by: job.asked_by, by, terms, course })
}

/// Whether who asked may still enrol the people of the organisation: what is revoked lets nothing more.
async fn still_may(conn: &impl ConnectionTrait, order: &Order, now: DateTime<Utc>) -> Result<()> {
    let account = account::Entity::find_by_id(order.asked_by).one(conn).await?;
    let account = account.ok_or(Reason::Forbidden)?;
    let who = Principal::load(conn, account.id, account.generation, now).await;
    let who = who.map_err(forbidden)?;
    let id = order.organisation.id;
    let cdgs = territory::cdgs_of(conn, id, now.date_naive()).await?;
    let target = names::target(conn, id, &cdgs, now).await?;
    policy::allow(&who, Action::EnrolPeople, &target).map_err(forbidden)
}

fn forbidden(error: Error) -> Error {
    match error {
        Error::Refused(_) => Reason::Forbidden.into(),
        other => other,
    }
}
