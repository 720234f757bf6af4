//! Who is told by mail, and how often: a message for each thing that happens, and no more than one an
//! hour about the same thing to the same person. What comes second in an hour is told in the next one;
//! what comes third is in that mail's list. No mail holds a word of what was written.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    Set,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::find;
use super::model::{ThreadKind, feedback_notice, feedback_thread};
use super::shown::Subject;
use crate::accounts::grants;
use crate::accounts::model::Role;
use crate::clock;
use crate::error::Result;
use crate::mail::model::{Template, mail_message};
use crate::mail::{self, Message};

const HOUR: i64 = 3_600;
/// Days for which a notice is worth sending.
const USEFUL_DAYS: i64 = 7;

/// What is to be told, and about what it is told once an hour.
struct Notice {
    template: Template,
    about: String,
    subject_id: Uuid,
    context: Value,
}

/// Tells that a thread was opened: to those who answer, and for a complaint to whoever complains.
///
/// # Errors
/// When the database fails.
pub(super) async fn opened(
    tx: &DatabaseTransaction,
    thread: &feedback_thread::Model,
    subject: &Subject,
    now: DateTime<Utc>,
) -> Result<()> {
    if thread.kind == ThreadKind::Complaint {
        let receipt = of_complaint(Template::ComplaintReceived, thread);
        queue(tx, receipt, vec![thread.person_id], now).await?;
    }
    written_again(tx, thread, subject, now).await
}

/// Tells those who answer that whoever opened a thread has written.
///
/// # Errors
/// When the database fails.
pub(super) async fn written_again(
    tx: &DatabaseTransaction,
    thread: &feedback_thread::Model,
    subject: &Subject,
    now: DateTime<Utc>,
) -> Result<()> {
    let notice = match thread.kind {
        ThreadKind::Complaint => {
            let desk = thread.provider_id.map_or("platform".to_owned(), |id| id.to_string());
            let notice = of_complaint(Template::ComplaintToHandle, thread);
            Notice { about: format!("complaint_to_handle:{desk}"), ..notice }
        }
        ThreadKind::Error | ThreadKind::Question => Notice {
            template: Template::FeedbackReceived,
            about: format!("feedback_received:{}", thread.module_id.unwrap_or(thread.id)),
            subject_id: thread.id,
            context: json!({
                "module_title": subject.title,
                "place": subject.place(thread),
                "is_error": thread.kind == ThreadKind::Error,
                "thread": thread.id,
            }),
        },
    };
    let mut people = staff(tx, thread, now).await?;
    people.retain(|person| *person != thread.person_id);
    queue(tx, notice, people, now).await
}

/// Tells whoever opened a thread that it was answered.
///
/// # Errors
/// When the database fails.
pub(super) async fn answered(
    tx: &DatabaseTransaction,
    thread: &feedback_thread::Model,
    subject: &Subject,
    now: DateTime<Utc>,
) -> Result<()> {
    let notice = match thread.kind {
        ThreadKind::Complaint => of_complaint(Template::ComplaintAnswered, thread),
        ThreadKind::Error | ThreadKind::Question => Notice {
            template: Template::FeedbackAnswered,
            about: format!("feedback_answered:{}", thread.id),
            subject_id: thread.id,
            context: json!({ "module_title": subject.title, "thread": thread.id }),
        },
    };
    queue(tx, notice, vec![thread.person_id], now).await
}

fn of_complaint(template: Template, thread: &feedback_thread::Model) -> Notice {
    let what = match template {
        Template::ComplaintReceived => "complaint_received",
        _ => "complaint_answered",
    };
    Notice {
        template,
        about: format!("{what}:{}", thread.id),
        subject_id: thread.id,
        context: json!({
            "thread": thread.id,
            "received_on": thread.opened_at.with_timezone(&chrono_tz::Europe::Paris).date_naive(),
        }),
    }
}

/// Whom what is written in a thread is told to: the trainers of the provider, or its publishers for a
/// complaint; where the provider has none, whoever else could do something about it.
async fn staff(
    conn: &impl ConnectionTrait,
    thread: &feedback_thread::Model,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    let roles: &[&[Role]] = match thread.kind {
        ThreadKind::Complaint => &[&[Role::Publisher]],
        ThreadKind::Error | ThreadKind::Question => &[&[Role::Trainer], &[Role::Publisher]],
    };
    if let Some(provider) = thread.provider_id {
        for some in roles {
            let people = grants::people_of_provider(conn, some, provider, now).await?;
            if !people.is_empty() {
                return Ok(people);
            }
        }
    }
    match thread.kind {
        ThreadKind::Complaint => grants::people_of_nation(conn, &[Role::NationalAdmin], now).await,
        ThreadKind::Error | ThreadKind::Question => Ok(Vec::new()),
    }
}

/// Queues a notice to these people: now to those who had none about the same thing in this hour, at
/// the beginning of the next hour to the others, unless one is waiting for them already.
async fn queue(
    tx: &DatabaseTransaction,
    notice: Notice,
    people: Vec<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    let hour = now.timestamp().div_euclid(HOUR);
    let (at_once, others) = claim(tx, &notice.about, people, hour, now).await?;
    let (later, _) = claim(tx, &notice.about, others, hour + 1, now).await?;
    let next = DateTime::from_timestamp((hour + 1) * HOUR, 0).unwrap_or(now);
    let message = |person_id: Uuid, not_before: DateTime<Utc>| Message {
        template: notice.template,
        person_id,
        subject_id: Some(notice.subject_id),
        context: notice.context.clone(),
        not_before,
        expires_at: not_before + Duration::days(USEFUL_DAYS),
    };
    let at_once = at_once.into_iter().map(|(id, person)| (id, message(person, now)));
    let later = later.into_iter().map(|(id, person)| (id, message(person, next)));
    mail::enqueue_many(tx, at_once.chain(later).collect(), now).await
}

/// Takes an hour for each of these people, in their order: those who got it, with the id of their
/// message, and the others. The unique key decides, between processes too.
async fn claim(
    tx: &DatabaseTransaction,
    about: &str,
    people: Vec<Uuid>,
    hour: i64,
    now: DateTime<Utc>,
) -> Result<(Vec<(Uuid, Uuid)>, Vec<Uuid>)> {
    if people.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let wished: Vec<(Uuid, Uuid)> =
        people.into_iter().map(|person| (clock::new_id(), person)).collect();
    let rows = wished.iter().map(|(id, person)| feedback_notice::ActiveModel {
        id: Set(*id),
        natural_key: Set(format!("{about}:{person}:{hour}")),
        person_id: Set(*person),
        at: Set(now),
    });
    let once = OnConflict::column(feedback_notice::Column::NaturalKey).do_nothing().to_owned();
    feedback_notice::Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await?;
    let kept: Vec<Uuid> = feedback_notice::Entity::find()
        .select_only()
        .column(feedback_notice::Column::Id)
        .filter(feedback_notice::Column::Id.is_in(wished.iter().map(|(id, _)| *id)))
        .into_tuple()
        .all(tx)
        .await?;
    let kept: HashSet<Uuid> = kept.into_iter().collect();
    let (got, others): (Vec<_>, Vec<_>) = wished.into_iter().partition(|(id, _)| kept.contains(id));
    Ok((got, others.into_iter().map(|(_, person)| person).collect()))
}

/// Whether a notice to those who answer still has a reason when its turn comes: something about the
/// same module, or at the same desk, still waits; and the person still answers for it.
///
/// # Errors
/// When the database fails.
pub async fn still_due(
    conn: &impl ConnectionTrait,
    message: &mail_message::Model,
    now: DateTime<Utc>,
) -> Result<bool> {
    let Some(id) = message.subject_id else { return Ok(false) };
    let thread = feedback_thread::Entity::find_by_id(id).one(conn).await?;
    let Some(thread) = thread else { return Ok(false) };
    let still_theirs = staff(conn, &thread, now).await?.contains(&message.person_id);
    Ok(still_theirs && find::waits_beside(conn, &thread).await?)
}
