//! Going through the results of a version after its keys were corrected: attempt by attempt, each in its
//! own transaction, from where the walk was left. Any number of processes may do so at once.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::json;
use uuid::Uuid;

use super::model::regrade;
use super::preview::{Marker, results};
use super::rules::Outcome;
use crate::catalogue::{Edition, Shelf};
use crate::clock::Clock;
use crate::db::Db;
use crate::enrolments::enrol::fact_of;
use crate::enrolments::find;
use crate::error::{Reason, Result};
use crate::learning::annul::{self, Wish};
use crate::learning::complete::complete_if_due;
use crate::learning::mended::{Corrections, Worth};
use crate::learning::study::{Attester, Study};
use crate::mail::model::Template;
use crate::mail::{self, Message};
use crate::records::graded;
use crate::records::model::{FactKind, fact};
use crate::records::told::{Graded, Regraded, Told, WasGraded};
use crate::records::{self, NewFact, State, Status};

/// Results looked at before the cursor moves.
pub const PAGE: u64 = 200;

/// How long it is worth telling somebody that they pass, or no longer do.
const USEFUL: Duration = Duration::days(30);

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Results that were marked again and told.
    pub told: u64,
    /// Whether there may be more to do.
    pub more: bool,
}

/// What a walk needs.
#[derive(Clone, Copy, Debug)]
pub struct Means<'a> {
    /// The database.
    pub db: &'a Db,
    /// The editions.
    pub shelf: &'a Shelf,
    /// What signs attestations.
    pub attester: Attester<'a>,
    /// Now.
    pub clock: &'a Clock,
}

/// One page, of at most `page` results, of the oldest regrade that is not finished.
///
/// # Errors
/// The first failure: the cursor stays, and the next step goes through the page again.
pub async fn advance(means: Means<'_>, page: u64) -> Result<Step> {
    let Some(row) = oldest(means.db.read()).await? else { return Ok(Step::default()) };
    let edition = means.shelf.edition(means.db.read(), row.version_id).await?;
    let corrections = Corrections::of(means.db.read(), row.version_id).await?;
    let marker = Marker::new(&edition, &corrections, row.number, row.lower);
    let some = results(means.db.read(), &edition, row.cursor, page).await?;
    let mut told = 0;
    for fact in &some {
        // Looked at before anything is held: most results do not change.
        if let Some((_, Outcome::Becomes(_))) = marker.outcome(fact) {
            told += u64::from(mend(means, &edition, (&row, &marker), fact).await?);
        }
    }
    let last = some.last().map(|fact| fact.id);
    let finished = (some.len() as u64) < page;
    move_on(means, &row, last, finished).await?;
    Ok(Step { told, more: true })
}

/// The regrade to go on with. Those of one version follow one another in the order of their numbers,
/// which is that of their decisions.
async fn oldest(conn: &impl ConnectionTrait) -> Result<Option<regrade::Model>> {
    Ok(regrade::Entity::find()
        .filter(regrade::COLUMN.finished_at.is_null())
        .order_by_asc(regrade::Column::DecidedAt)
        .order_by_asc(regrade::Column::Number)
        .one(conn)
        .await?)
}

/// Moves the cursor, unless another process has gone further.
async fn move_on(
    means: Means<'_>,
    row: &regrade::Model,
    last: Option<Uuid>,
    finished: bool,
) -> Result<()> {
    use regrade::Column::{Cursor, FinishedAt, Id};
    let from = match row.cursor {
        Some(cursor) => Cursor.eq(cursor),
        None => Cursor.is_null(),
    };
    let tx = means.db.begin_write().await?;
    let mut update = regrade::Entity::update_many()
        .filter(Id.eq(row.id))
        .filter(FinishedAt.is_null())
        .filter(from)
        .col_expr(Cursor, Expr::value(last.or(row.cursor)));
    if finished {
        update = update.col_expr(FinishedAt, Expr::value(means.clock.now()));
    }
    update.exec(&tx).await?;
    Ok(tx.commit().await?)
}

/// Marks one attempt again, its enrolment held: what was told meanwhile is seen. Answers whether it told
/// anything.
async fn mend(
    means: Means<'_>,
    edition: &Arc<Edition>,
    (row, marker): (&regrade::Model, &Marker<'_>),
    seen: &fact::Model,
) -> Result<bool> {
    let tx = means.db.begin_write().await?;
    let enrolment = find::any_locked(&tx, seen.enrolment_id.ok_or(Reason::Internal)?).await?;
    // A process that lags behind must not go back on a later regrade.
    let held = regrade::Entity::find_by_id(row.id).one(&tx).await?;
    if held.is_none_or(|held| held.finished_at.is_some()) {
        return Ok(false);
    }
    let mut facts = records::read::of_enrolment(&tx, enrolment.id).await?;
    let attempt = seen.payload["attempt_id"].as_str().and_then(|id| id.parse().ok());
    let attempt: Uuid = attempt.ok_or(Reason::Internal)?;
    let fact = graded::fact_of(&facts, attempt);
    let outcome = fact.and_then(|fact| Some((fact, marker.outcome(fact)?.1)));
    let Some((fact, Outcome::Becomes(worth))) = outcome else { return Ok(false) };
    let (recorded_by, attester) = (Some(row.decided_by), means.attester);
    let (edition, now) = (edition.clone(), means.clock.now());
    let study = Study { recorded_by, attester, enrolment, edition, now };
    let again = tell(&tx, &study, row, fact, worth).await?;
    let passed = records::recorded(&facts).passed;
    facts.push(again);
    let status = records::recorded(&facts);
    let completion = follow(&tx, &study, row, (&facts, &status)).await?;
    if status.passed != passed {
        write(&tx, &study, attempt, (status.passed, completion)).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Tells the new result, which supersedes the one of `fact`.
async fn tell(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    row: &regrade::Model,
    fact: &fact::Model,
    worth: Worth,
) -> Result<fact::Model> {
    let told = Told::AttemptRegraded(Box::new(regraded(row, fact, worth).ok_or(Reason::Internal)?));
    // Dated no earlier than what it corrects, whatever the clock.
    let at = study.now.max(fact.occurred_at);
    let new = NewFact {
        supersedes_id: Some(fact.id),
        ..fact_of(&study.enrolment, told, study.recorded_by, at)
    };
    Ok(records::append(tx, new, study.now).await?.0)
}

/// All that the first result says, and what it is worth now.
fn regraded(row: &regrade::Model, fact: &fact::Model, worth: Worth) -> Option<Regraded> {
    let said = &fact.payload;
    let before = graded::told(fact)?;
    let instant = |key: &str| said[key].as_str().and_then(|at| at.parse::<DateTime<Utc>>().ok());
    let graded = Graded {
        attempt_id: said["attempt_id"].as_str()?.parse().ok()?,
        number: i32::try_from(said["number"].as_i64()?).ok()?,
        seed: said["seed"].as_str()?.to_owned(),
        started_at: instant("started_at")?,
        points: worth.hundredths / 100,
        out_of: worth.out_of,
        hundredths: worth.hundredths,
        percent: worth.percent,
        passed: worth.passed,
        pass_mark_percent: i32::from(before.pass_mark_percent),
        answers: serde_json::from_value(said["answers"].clone()).ok()?,
        timed_out_at: instant("timed_out_at"),
        keys: Some(row.number),
    };
    let was = WasGraded {
        fact_id: fact.id,
        hundredths: before.hundredths,
        percent: before.percent,
        passed: before.passed,
    };
    Some(Regraded { graded, regrade_id: row.id, was })
}

/// What follows from the new result: whoever passes completes, unless they left; whoever passes no more,
/// by decision, has not completed. Answers whether a completion was told or annulled.
async fn follow(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    row: &regrade::Model,
    (facts, status): (&[fact::Model], &Status),
) -> Result<bool> {
    match status.state {
        State::Enrolled | State::InProgress => {
            Ok(complete_if_due(tx, study, facts).await?.state == State::Completed)
        }
        State::Completed if !status.passed && row.lower => undo(tx, study, row, facts).await,
        State::Completed | State::Withdrawn => Ok(false),
    }
}

/// Annuls the completion that rested on a result which passes no more; answers whether there was one.
async fn undo(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    row: &regrade::Model,
    facts: &[fact::Model],
) -> Result<bool> {
    let corrected = |f: &fact::Model| facts.iter().any(|later| later.supersedes_id == Some(f.id));
    let completion = facts.iter().find(|f| f.kind == FactKind::Completed && !corrected(f));
    let Some(completion) = completion else { return Ok(false) };
    let wish = Wish { fact_id: completion.id, reason: "regraded", document: None };
    let of = (&study.enrolment, &*study.edition);
    annul::annul(tx, row.decided_by, of, &wish, study.now).await?;
    Ok(true)
}

/// Writes to whoever passes by the correction, or by a decision no longer does.
async fn write(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    attempt: Uuid,
    (passed, completion): (bool, bool),
) -> Result<()> {
    let manifest = &study.edition.content.manifest;
    let message = Message {
        template: Template::ResultCorrected,
        person_id: study.enrolment.person_id,
        subject_id: Some(attempt),
        context: json!({
            "module_title": manifest.title, "module_code": manifest.code, "attempt": attempt,
            "passed": passed, "completion": completion,
        }),
        not_before: study.now,
        expires_at: study.now + USEFUL,
    };
    mail::enqueue(tx, message, study.now).await?;
    Ok(())
}
