//! What a person thought of a training, once it is over: three fixed questions, none of them required
//! (Qualiopi, indicator 30). Each answer is a new row, and the latest counts.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    Set,
};

use super::model::satisfaction;
use super::texts;
use crate::clock;
use crate::enrolments::model::enrolment;
use crate::error::{Faults, Reason, Result};
use crate::records::{self, State};

/// Days for which what was answered may be changed.
pub const CHANGEABLE_DAYS: i64 = 30;
/// Characters of a comment, at most.
pub const COMMENT: usize = 1000;

/// The questions: a stable code, and the question as people read it. 1 is « pas du tout », 5 is
/// « tout à fait ».
pub const QUESTIONS: [(&str, &str); 3] = [
    ("useful", "Ce module vous a-t-il été utile ?"),
    ("clear", "Les explications étaient-elles claires ?"),
    (
        "applicable",
        "Pourrez-vous appliquer ce que vous avez appris, dans votre mandat ou votre métier ?",
    ),
];

/// Answers, in the order of the questions, 1 to 5 or no opinion; and a comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opinion {
    /// The answers.
    pub marks: [Option<i32>; 3],
    /// A word more.
    pub comment: Option<String>,
}

/// What was answered about one enrolment, and until when it may be changed.
#[derive(Clone, Debug)]
pub struct Given {
    /// The latest.
    pub opinion: Opinion,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// Until when it may be changed.
    pub changeable_until: DateTime<Utc>,
}

/// What was answered about an enrolment, if anything.
///
/// # Errors
/// When the database fails.
pub async fn given(
    conn: &impl ConnectionTrait,
    enrolment: &enrolment::Model,
) -> Result<Option<Given>> {
    let rows = rows(conn, enrolment).await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(None) };
    Ok(Some(read(conn, first, last).await?))
}

/// Answers about an enrolment of one's own, which the caller holds. Idempotent. A comment that is
/// taken back is erased.
///
/// # Errors
/// `invalid-values` for a comment, `enrolment-open` while the training goes on,
/// `satisfaction-closed` thirty days after the first answer.
pub async fn answer(
    tx: &DatabaseTransaction,
    enrolment: &enrolment::Model,
    opinion: Opinion,
    now: DateTime<Utc>,
) -> Result<Given> {
    check(&opinion)?;
    let facts = records::read::of_enrolment(tx, enrolment.id).await?;
    if !matches!(records::recorded(&facts).state, State::Completed | State::Withdrawn) {
        return Err(Reason::EnrolmentOpen.into());
    }
    let rows = rows(tx, enrolment).await?;
    let (first, last) = (rows.first(), rows.last());
    if let (Some(first), Some(last)) = (first, last) {
        let given = read(tx, first, last).await?;
        if given.opinion == opinion {
            return Ok(given);
        }
        if given.changeable_until <= now {
            return Err(Reason::SatisfactionClosed.into());
        }
    }
    let row = insert(tx, enrolment, &opinion, now).await?;
    if let Some(taken_back) = last.and_then(|last| last.text_id) {
        texts::erase(tx, taken_back).await?;
    }
    let changeable_until = changeable_until(first.unwrap_or(&row));
    Ok(Given { opinion, at: row.at, changeable_until })
}

fn check(opinion: &Opinion) -> Result<()> {
    let mut faults = Faults::default();
    for ((code, _), mark) in QUESTIONS.iter().zip(opinion.marks) {
        let fits = mark.is_none_or(|mark| (1..=5).contains(&mark));
        faults.check(fits, &format!("/{code}"), "de 1 à 5, ou rien", "1 to 5, or nothing");
    }
    if let Some(comment) = &opinion.comment {
        faults.check_text(comment, "/comment", COMMENT);
    }
    faults.refuse()
}

/// What was answered about an enrolment, in its order.
async fn rows(
    conn: &impl ConnectionTrait,
    enrolment: &enrolment::Model,
) -> Result<Vec<satisfaction::Model>> {
    Ok(satisfaction::Entity::find()
        .filter(satisfaction::COLUMN.enrolment_id.eq(enrolment.id))
        .order_by_asc(satisfaction::Column::Number)
        .all(conn)
        .await?)
}

async fn read(
    conn: &impl ConnectionTrait,
    first: &satisfaction::Model,
    last: &satisfaction::Model,
) -> Result<Given> {
    let comment = texts::of(conn, last.text_id).await?.into_values().next();
    let marks = [last.useful, last.clear, last.applicable];
    let changeable_until = changeable_until(first);
    Ok(Given { opinion: Opinion { marks, comment }, at: last.at, changeable_until })
}

fn changeable_until(first: &satisfaction::Model) -> DateTime<Utc> {
    first.at + Duration::days(CHANGEABLE_DAYS)
}

/// Adds the next row of a person about a module. Its unique number refuses a second one at once, from
/// another enrolment in the same module.
async fn insert(
    tx: &DatabaseTransaction,
    enrolment: &enrolment::Model,
    opinion: &Opinion,
    now: DateTime<Utc>,
) -> Result<satisfaction::Model> {
    let latest = satisfaction::Entity::find()
        .filter(satisfaction::COLUMN.person_id.eq(enrolment.person_id))
        .filter(satisfaction::COLUMN.module_id.eq(enrolment.module_id))
        .order_by_desc(satisfaction::Column::Number)
        .one(tx)
        .await?;
    let text_id = match &opinion.comment {
        Some(text) => Some(texts::keep(tx, enrolment.person_id, text.clone(), now).await?),
        None => None,
    };
    let [useful, clear, applicable] = opinion.marks;
    let row = satisfaction::ActiveModel {
        id: Set(clock::new_id()),
        enrolment_id: Set(enrolment.id),
        person_id: Set(enrolment.person_id),
        module_id: Set(enrolment.module_id),
        version_id: Set(enrolment.version_id),
        number: Set(latest.map_or(0, |row| row.number) + 1),
        useful: Set(useful),
        clear: Set(clear),
        applicable: Set(applicable),
        text_id: Set(text_id),
        at: Set(now),
    };
    Ok(row.insert(tx).await?)
}
