//! The end of an attempt: handed in by the learner, or by its time, with what was answered by then.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::attempts::{answers, find_locked, keep, score};
use super::complete::complete_if_due;
use super::mended::Corrections;
use super::model::attempt;
use super::rules;
use super::study::{Attester, Study};
use crate::catalogue::Shelf;
use crate::content::Answers;
use crate::db::Db;
use crate::enrolments::find;
use crate::error::{Error, Reason, Result};
use crate::records::model::{FactKind, fact};
use crate::records::told::{Graded, Told};

/// Attempts ended in one round of the worker: the rest wait for the next.
const AT_ONCE: u64 = 50;

/// Submits an attempt with its last answers: grades it, records the fact, completes the module if
/// this was all that was missing. Submitting twice answers the same result; once its time is over,
/// an attempt is handed in with what was kept.
///
/// # Errors
/// `enrolment-closed`, `unknown-answer`, `attempt-time-over` for further answers, `clock-behind`, and
/// whatever completing refuses.
pub async fn submit(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    attempt: attempt::Model,
    given: &Answers,
) -> Result<attempt::Model> {
    if attempt.submitted_at.is_some() {
        return Ok(attempt);
    }
    let facts = study.open_facts(tx).await?;
    if given.is_empty() && rules::is_over(attempt.due_at, study.now) {
        return end(tx, study, attempt, facts).await;
    }
    keep(tx, study, &attempt, given).await?;
    record(tx, study, attempt, facts, None).await
}

/// Ends an attempt whose time is over; leaves any other as it is.
///
/// # Errors
/// `enrolment-closed`, and whatever completing refuses.
pub async fn close(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    attempt: attempt::Model,
) -> Result<attempt::Model> {
    if attempt.submitted_at.is_some() || !rules::is_over(attempt.due_at, study.now) {
        return Ok(attempt);
    }
    let facts = study.open_facts(tx).await?;
    end(tx, study, attempt, facts).await
}

async fn end(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    attempt: attempt::Model,
    facts: Vec<fact::Model>,
) -> Result<attempt::Model> {
    let ended = attempt.due_at;
    record(tx, study, attempt, facts, ended).await
}

/// Grades what was kept and tells it; `timed_out_at` is when the attempt was over, if nobody handed it in.
async fn record(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    attempt: attempt::Model,
    mut facts: Vec<fact::Model>,
    timed_out_at: Option<DateTime<Utc>>,
) -> Result<attempt::Model> {
    let given = answers(tx, attempt.id).await?;
    let corrections = Corrections::held(tx, &study.edition).await?;
    let quiz = corrections.quiz(&study.edition, corrections.number());
    let score = score(&attempt, &study.edition, &quiz, &given)?;
    let graded = Graded {
        attempt_id: attempt.id,
        number: attempt.number,
        seed: attempt.seed.to_string(),
        started_at: attempt.started_at,
        points: score.points / 100,
        out_of: score.out_of / 100,
        hundredths: score.points,
        percent: score.percent,
        passed: score.passed,
        pass_mark_percent: study.edition.version.pass_mark_percent,
        answers: given,
        timed_out_at,
        keys: corrections.number(),
    };
    facts.push(study.tell(tx, Told::AttemptSubmitted(graded)).await?);
    let mut submitted: attempt::ActiveModel = attempt.into();
    submitted.submitted_at = Set(Some(timed_out_at.unwrap_or(study.now)));
    let submitted = submitted.update(tx).await?;
    complete_if_due(tx, study, &facts).await?;
    Ok(submitted)
}

/// The attempt of an enrolment whose time is over and that nobody has handed in.
///
/// # Errors
/// When the database fails.
pub async fn overdue(
    conn: &impl ConnectionTrait,
    enrolment_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<attempt::Model>> {
    let open = attempt::Entity::find()
        .filter(attempt::COLUMN.enrolment_id.eq(enrolment_id))
        .filter(attempt::COLUMN.submitted_at.is_null())
        .one(conn)
        .await?;
    Ok(open.filter(|open| rules::is_over(open.due_at, now)))
}

/// Ends the attempts whose time is over, each in a transaction of its own. Any number of workers may
/// do so at once. Answers how many this one ended.
///
/// # Errors
/// The first failure; the other attempts are ended all the same.
pub async fn close_due(db: &Db, attester: Attester<'_>, now: DateTime<Utc>) -> Result<u64> {
    let left = Query::select()
        .expr(Expr::val(1))
        .from(fact::Entity)
        .and_where(
            Expr::col((fact::Entity, fact::Column::EnrolmentId))
                .equals((attempt::Entity, attempt::Column::EnrolmentId)),
        )
        .and_where(fact::Column::Kind.eq(FactKind::Withdrawn))
        .to_owned();
    // What was left is left as it is: nothing more is recorded in it.
    let due = attempt::Entity::find()
        .filter(attempt::COLUMN.submitted_at.is_null())
        .filter(attempt::COLUMN.due_at.lt(now - rules::GRACE))
        .filter(Expr::exists(left).not())
        .order_by_asc(attempt::Column::DueAt)
        .limit(AT_ONCE)
        .all(db.read())
        .await?;
    let (shelf, mut ended, mut failure) = (Shelf::default(), 0, None);
    for attempt in due {
        match close_one(db, &shelf, attester, &attempt, now).await {
            Ok(mine) => ended += u64::from(mine),
            Err(Error::Refused(refusal)) if refusal.reason == Reason::EnrolmentClosed => {}
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(ended), Err)
}

/// Ends one; answers whether it was still open.
async fn close_one(
    db: &Db,
    shelf: &Shelf,
    attester: Attester<'_>,
    attempt: &attempt::Model,
    now: DateTime<Utc>,
) -> Result<bool> {
    let tx = db.begin_write().await?;
    let enrolment = find::any_locked(&tx, attempt.enrolment_id).await?;
    let edition = shelf.edition(&tx, enrolment.version_id).await?;
    let study = Study { recorded_by: None, attester, enrolment, edition, now };
    let attempt = find_locked(&tx, attempt.id).await?;
    if attempt.submitted_at.is_some() {
        return Ok(false);
    }
    close(&tx, &study, attempt).await?;
    tx.commit().await?;
    Ok(true)
}
