//! Opening a thread: its head, its first message, who is told.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::model::{Side, ThreadKind, ThreadState, feedback_entry, feedback_thread};
use super::place::Place;
use super::reach::Desk;
use super::shown::Subject;
use super::{notice, rules, texts};
use crate::accounts::Principal;
use crate::catalogue::Edition;
use crate::clock;
use crate::enrolments::model::enrolment;
use crate::error::{Faults, Reason, Result};
use crate::people::model::person;

/// What is about to be said.
#[derive(Clone, Debug)]
pub struct Said {
    /// The words, 1 to 4,000 printable characters.
    pub text: String,
    /// Whether those who answer may see who asks.
    pub show_name: bool,
}

/// What a complaint is about.
#[derive(Clone, Debug)]
pub enum About {
    /// A module, in the version published now.
    Module(Arc<Edition>),
    /// A provider.
    Provider(Uuid),
    /// The platform itself.
    Platform,
}

/// A text as it may be kept.
///
/// # Errors
/// `invalid-values` at `/text` for one that is blank, too long, or holds control characters.
pub fn check_text(text: &str) -> Result<()> {
    let mut faults = Faults::default();
    faults.check_text(text, "/text", 4000);
    faults.refuse()
}

/// Opens a report or a question about a place in an enrolment of one's own. The same words about the
/// same place within a day are the same thread, and `false`.
///
/// # Errors
/// `invalid-values` for the text, `too-many-requests`.
pub async fn report(
    tx: &DatabaseTransaction,
    who: &Principal,
    (enrolment, edition): (&enrolment::Model, &Edition),
    (kind, place): (ThreadKind, Place),
    said: Said,
    now: DateTime<Utc>,
) -> Result<(feedback_thread::Model, bool)> {
    let mut head = head(kind, who.person_id, said.show_name, now);
    head.provider_id = Some(edition.module.provider_id);
    head.module_id = Some(enrolment.module_id);
    head.version_id = Some(enrolment.version_id);
    head.enrolment_id = Some(enrolment.id);
    match place {
        Place::Lesson(slug) => head.lesson = Some(slug),
        Place::Question { attempt, question } => {
            (head.attempt_id, head.question) = (Some(attempt), Some(question));
        }
    }
    let subject = Subject::of(&head, Some(edition));
    open(tx, who, (Desk::Feedback, head, &subject), said.text, now).await
}

/// Opens a complaint.
///
/// # Errors
/// `invalid-values` for the text, `too-many-requests`.
pub async fn complain(
    tx: &DatabaseTransaction,
    who: &Principal,
    about: About,
    said: Said,
    now: DateTime<Utc>,
) -> Result<(feedback_thread::Model, bool)> {
    let mut head = head(ThreadKind::Complaint, who.person_id, said.show_name, now);
    let edition = match about {
        About::Module(edition) => {
            head.provider_id = Some(edition.module.provider_id);
            head.module_id = Some(edition.module.id);
            head.version_id = Some(edition.version.id);
            Some(edition)
        }
        About::Provider(provider) => {
            head.provider_id = Some(provider);
            None
        }
        About::Platform => None,
    };
    let subject = Subject::of(&head, edition.as_deref());
    open(tx, who, (Desk::Complaints, head, &subject), said.text, now).await
}

fn head(
    kind: ThreadKind,
    person_id: Uuid,
    show_name: bool,
    now: DateTime<Utc>,
) -> feedback_thread::Model {
    feedback_thread::Model {
        id: clock::new_id(),
        kind,
        person_id,
        provider_id: None,
        module_id: None,
        version_id: None,
        enrolment_id: None,
        lesson: None,
        attempt_id: None,
        question: None,
        show_name,
        opened_at: now,
    }
}

async fn open(
    tx: &DatabaseTransaction,
    who: &Principal,
    (desk, head, subject): (Desk, feedback_thread::Model, &Subject),
    text: String,
    now: DateTime<Utc>,
) -> Result<(feedback_thread::Model, bool)> {
    check_text(&text)?;
    hold_person(tx, who.person_id).await?;
    let recent = of_the_day(tx, who, desk, now).await?;
    if let Some(same) = said_already(tx, &recent, &head, &text).await? {
        return Ok((same, false));
    }
    let instants: Vec<_> = recent.iter().map(|thread| thread.opened_at).collect();
    rules::check_pace(&instants, rules::THREADS_A_DAY, now)?;
    feedback_thread::Entity::insert(head.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    let first = rules::first(head.kind);
    append(tx, &head, 1, (who, Side::Asker), (Some(text), first), now).await?;
    notice::opened(tx, &head, subject, now).await?;
    Ok((head, true))
}

/// Holds a person until commit, so that what is bounded for one is counted one at a time. Rows that
/// refer to the person go on being written meanwhile: the key itself is not held.
pub(super) async fn hold_person(tx: &DatabaseTransaction, person_id: Uuid) -> Result<()> {
    let held = person::Entity::find_by_id(person_id).lock(LockType::NoKeyUpdate).one(tx).await?;
    held.map(drop).ok_or_else(|| Reason::Internal.into())
}

/// The threads that a person opened at a desk within a day, latest first.
async fn of_the_day(
    conn: &impl ConnectionTrait,
    who: &Principal,
    desk: Desk,
    now: DateTime<Utc>,
) -> Result<Vec<feedback_thread::Model>> {
    Ok(feedback_thread::Entity::find()
        .filter(feedback_thread::COLUMN.person_id.eq(who.person_id))
        .filter(desk.lies_here())
        .filter(feedback_thread::COLUMN.opened_at.gt(now - rules::day()))
        .order_by_desc(feedback_thread::Column::OpenedAt)
        .all(conn)
        .await?)
}

/// The thread of the day that begins with the same words about the same thing.
async fn said_already(
    conn: &impl ConnectionTrait,
    recent: &[feedback_thread::Model],
    head: &feedback_thread::Model,
    text: &str,
) -> Result<Option<feedback_thread::Model>> {
    let same = |one: &&feedback_thread::Model| {
        let blank = |thread: &feedback_thread::Model| feedback_thread::Model {
            id: Uuid::nil(),
            opened_at: DateTime::default(),
            ..thread.clone()
        };
        blank(one) == blank(head)
    };
    let alike: Vec<_> = recent.iter().filter(same).collect();
    let entries = feedback_entry::Entity::find()
        .filter(feedback_entry::Column::ThreadId.is_in(alike.iter().map(|one| one.id)))
        .filter(feedback_entry::COLUMN.number.eq(1))
        .all(conn)
        .await?;
    let texts = texts::of(conn, entries.iter().filter_map(|entry| entry.text_id)).await?;
    let said = |entry: &&feedback_entry::Model| {
        entry.text_id.and_then(|id| texts.get(&id)).is_some_and(|said| said == text)
    };
    let found = entries.iter().find(said).map(|entry| entry.thread_id);
    Ok(alike.into_iter().find(|one| Some(one.id) == found).cloned())
}

/// Appends an entry to a thread that is new or held.
pub(super) async fn append(
    tx: &DatabaseTransaction,
    thread: &feedback_thread::Model,
    number: i32,
    (who, side): (&Principal, Side),
    (text, state): (Option<String>, ThreadState),
    now: DateTime<Utc>,
) -> Result<feedback_entry::Model> {
    debug_assert!(side == Side::Staff || thread.person_id == who.person_id);
    let text_id = match text {
        Some(text) => Some(texts::keep(tx, who.person_id, text, now).await?),
        None => None,
    };
    let row = feedback_entry::ActiveModel {
        id: Set(clock::new_id()),
        thread_id: Set(thread.id),
        number: Set(number),
        side: Set(side),
        account_id: Set(who.account_id),
        text_id: Set(text_id),
        state: Set(state),
        at: Set(now),
    };
    Ok(row.insert(tx).await?)
}
