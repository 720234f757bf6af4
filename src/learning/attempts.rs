//! Quiz attempts: drawn from a stored seed, answered one by one, graded on the server.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use super::accommodation;
use super::model::{attempt, attempt_answer};
use super::rules;
use super::study::Study;
use crate::catalogue::Edition;
use crate::clock;
use crate::content::{self, AnswerError, Answers, Drawn, Quiz, Score};
use crate::error::{Error, Fault, Reason, Refusal, Result};
use crate::records::{self, State};

/// Starts an attempt, or answers the one that is open, and `false`.
///
/// # Errors
/// `no-quiz`, `already-completed`, `attempts-exhausted`, `attempt-too-soon`, `enrolment-closed`,
/// `clock-behind`.
pub async fn start(tx: &DatabaseTransaction, study: &Study<'_>) -> Result<(attempt::Model, bool)> {
    if study.edition.content.quiz.is_empty() {
        return Err(Reason::NoQuiz.into());
    }
    let status = records::recorded(&study.open_facts(tx).await?);
    let latest = attempt::Entity::find()
        .filter(attempt::COLUMN.enrolment_id.eq(study.enrolment.id))
        .order_by_desc(attempt::Column::Number)
        .one(tx)
        .await?;
    if let Some(open) = latest.as_ref().filter(|a| a.submitted_at.is_none()) {
        return Ok((open.clone(), false));
    }
    if status.state == State::Completed || status.passed {
        return Err(Reason::AlreadyCompleted.into());
    }
    let number = latest.as_ref().map_or(0, |a| a.number) + 1;
    let due_at = check_rules(tx, study, number, latest.and_then(|a| a.submitted_at)).await?;
    let row = attempt::ActiveModel {
        id: Set(clock::new_id()),
        enrolment_id: Set(study.enrolment.id),
        number: Set(number),
        seed: Set(i64::from_be_bytes(clock::random())),
        started_at: Set(study.now),
        submitted_at: Set(None),
        due_at: Set(due_at),
    };
    Ok((row.insert(tx).await?, true))
}

/// Whether another attempt may begin now, after one that `ended`; answers when it will be over.
async fn check_rules(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    number: i32,
    ended: Option<DateTime<Utc>>,
) -> Result<Option<DateTime<Utc>>> {
    let manifest = &study.edition.content.manifest;
    let bounded = [manifest.attempt_limit, manifest.attempt_time_minutes];
    let arranged = match bounded.iter().any(Option::is_some) {
        true => accommodation::of(tx, study.enrolment.id).await?,
        false => rules::Arranged::default(),
    };
    rules::check_number(manifest, arranged, number.cast_unsigned())?;
    if manifest.attempt_pause_minutes.is_some() {
        rules::check_clock(ended, study.now)?;
    }
    let zone = study.enrolment.time_zone.parse().map_err(|_| Reason::Internal)?;
    rules::check_pause(manifest, ended, zone, study.now)?;
    Ok(rules::due_at(manifest, arranged, study.now))
}

/// The questions of an attempt, in the order it shows them.
pub fn drawn(attempt: &attempt::Model, edition: &Edition) -> Vec<Drawn> {
    content::draw(&edition.content.quiz, attempt.seed.cast_unsigned())
}

/// The right answer to every question of an attempt, under the ids that it shows.
pub fn key(attempt: &attempt::Model, edition: &Edition) -> Answers {
    let keys: BTreeMap<&str, Vec<String>> =
        edition.content.quiz.questions().map(|q| (q.id.as_str(), q.task.key())).collect();
    let shown = |one: &Drawn| {
        let key = keys.get(one.question.as_str())?;
        let ids = key.iter().filter_map(|id| one.shown_as(id)).map(str::to_owned);
        Some((one.question.clone(), ids.collect()))
    };
    drawn(attempt, edition).iter().filter_map(shown).collect()
}

/// An attempt, and the enrolment it belongs to.
///
/// # Errors
/// `not-found`.
pub async fn find(conn: &impl ConnectionTrait, id: Uuid) -> Result<attempt::Model> {
    attempt::Entity::find_by_id(id).one(conn).await?.ok_or_else(|| Reason::NotFound.into())
}

/// The same, held until commit.
///
/// # Errors
/// `not-found`.
pub async fn find_locked(tx: &DatabaseTransaction, id: Uuid) -> Result<attempt::Model> {
    let row = attempt::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    row.ok_or_else(|| Reason::NotFound.into())
}

/// The attempts of an enrolment, in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_enrolment(
    conn: &impl ConnectionTrait,
    enrolment_id: Uuid,
) -> Result<Vec<attempt::Model>> {
    Ok(attempt::Entity::find()
        .filter(attempt::COLUMN.enrolment_id.eq(enrolment_id))
        .order_by_asc(attempt::Column::Number)
        .all(conn)
        .await?)
}

/// The answers kept so far, under the author's ids.
///
/// # Errors
/// When the database fails.
pub async fn answers(conn: &impl ConnectionTrait, attempt_id: Uuid) -> Result<Answers> {
    let rows = attempt_answer::Entity::find()
        .filter(attempt_answer::COLUMN.attempt_id.eq(attempt_id))
        .all(conn)
        .await?;
    let choices = |row: &attempt_answer::Model| serde_json::from_value(row.choices.clone());
    rows.iter()
        .map(|row| Ok((row.question_id.clone(), choices(row).map_err(anyhow::Error::from)?)))
        .collect()
}

/// Keeps answers, given under the ids that the attempt shows, each replacing the one given before to
/// the same question. Nothing is kept in an enrolment that was left: `study` has been asked for its
/// open facts.
///
/// # Errors
/// `attempt-submitted`, `attempt-time-over`, `clock-behind`, `unknown-answer`.
pub(super) async fn keep(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    attempt: &attempt::Model,
    given: &Answers,
) -> Result<()> {
    if attempt.submitted_at.is_some() {
        return Err(Reason::AttemptSubmitted.into());
    }
    check_time(attempt, study.now)?;
    let given = content::accept(&drawn(attempt, &study.edition), given).map_err(unknown_answer)?;
    let rows = given.iter().map(|(question, choices)| attempt_answer::ActiveModel {
        attempt_id: Set(attempt.id),
        question_id: Set(question.clone()),
        choices: Set(json!(choices)),
        answered_at: Set(study.now),
    });
    use attempt_answer::Column::{AnsweredAt, AttemptId, Choices, QuestionId};
    let latest = OnConflict::columns([AttemptId, QuestionId])
        .update_columns([Choices, AnsweredAt])
        .to_owned();
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        attempt_answer::Entity::insert_many(rows)
            .on_conflict(latest)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Keeps answers while the attempt is open.
///
/// # Errors
/// `enrolment-closed`, `attempt-submitted`, `attempt-time-over`, `clock-behind`, `unknown-answer`.
pub async fn answer(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    attempt: &attempt::Model,
    given: &Answers,
) -> Result<()> {
    study.open_facts(tx).await?;
    keep(tx, study, attempt, given).await
}

/// Refuses an answer to an attempt whose time is over, or of which this clock says that it has not begun.
fn check_time(attempt: &attempt::Model, now: DateTime<Utc>) -> Result<()> {
    let Some(due_at) = attempt.due_at else { return Ok(()) };
    rules::check_clock(Some(attempt.started_at), now)?;
    if !rules::is_over(Some(due_at), now) {
        return Ok(());
    }
    Err(Refusal::new(Reason::AttemptTimeOver)
        .because(
            "Ce qui a été répondu à temps est corrigé ; cette réponse n'est pas prise en compte.",
            "What was answered in time is graded; this answer is not counted.",
        )
        .into())
}

/// The score of an attempt's answers, under the pass mark of the version started; `quiz` is that version's
/// under the keys that hold.
///
/// # Errors
/// `unknown-answer`, which kept answers cannot cause.
pub fn score(
    attempt: &attempt::Model,
    edition: &Edition,
    quiz: &Quiz,
    given: &Answers,
) -> Result<Score> {
    let pass_mark = edition.content.manifest.pass_mark_percent;
    content::grade(&drawn(attempt, edition), quiz, given, pass_mark).map_err(unknown_answer)
}

/// A name that may be repeated: it is such as questions and choices have.
fn named(name: &str) -> Option<&str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (name.len() <= 64 && name.chars().all(plain)).then_some(name)
}

fn at(question: &str) -> String {
    named(question).map_or("/answers".to_owned(), |question| format!("/answers/{question}"))
}

fn unknown_answer(error: AnswerError) -> Error {
    let question = error.questions.iter().map(|q| Fault {
        at: at(q),
        fr: "cette question n'est pas dans la tentative".to_owned(),
        en: "this question is not in the attempt".to_owned(),
    });
    let choice = error.choices.iter().map(|(q, c)| {
        let (fr, en) = named(c)
            .map_or((String::new(), String::new()), |c| (format!(" « {c} »"), format!(" “{c}”")));
        Fault {
            at: at(q),
            fr: format!("ce choix{fr} n'existe pas"),
            en: format!("there is no such choice{en}"),
        }
    });
    let ordering = error.orderings.iter().map(|q| Fault {
        at: at(q),
        fr: "chaque élément est à placer une fois, sans en laisser".to_owned(),
        en: "each item is to be placed once, and none left out".to_owned(),
    });
    let faults = question.chain(choice).chain(ordering).take(50).collect();
    Refusal::naming(Reason::UnknownAnswer, faults).into()
}
