//! What is sent and shown of threads.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use super::super::find::{Entry, Line};
use super::super::model::{Side, ThreadKind, ThreadState, feedback_thread};
use super::super::reach::Stand;
use super::super::shown::Subject;
use crate::error::{Reason, Result};
use crate::http::shown::shown;

/// How somebody is called who does not show their name.
const SOMEBODY: &str = "Apprenant·e";

shown! {
    /// What a thread is about.
    #[oai(rename = "ThreadKind")]
    KindShown of ThreadKind {
        /// Something in a module is wrong.
        Error,
        /// A question to the trainers.
        Question,
        /// A complaint.
        Complaint,
    }
}

shown! {
    /// Where a thread stands. Reports and questions: `open`, `answered`, `resolved`, `rejected`.
    /// Complaints: `received`, `in_progress`, `answered`, `closed`.
    #[oai(rename = "ThreadState")]
    pub(super) StateShown of ThreadState {
        /// Waits for an answer.
        Open,
        /// Received, and nobody has taken it in hand.
        Received,
        /// In hand.
        InProgress,
        /// Those who answer spoke last.
        Answered,
        /// Mended, or settled.
        Resolved,
        /// Nothing will be changed, and it was said why.
        Rejected,
        /// Over.
        Closed,
    }
}

shown! {
    /// Which side of a thread speaks.
    #[oai(rename = "ThreadSide")]
    SideShown of Side {
        /// The person who opened it.
        Asker,
        /// Those who answer.
        Staff,
    }
}

/// A message.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct MessageIn {
    /// The words: 1 to 4000 characters, no control character but line feeds and tabs.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) text: String,
}

impl Example for MessageIn {
    fn example() -> Self {
        Self { text: "Le guide de la CNIL traite votre cas à la page 12.".to_owned() }
    }
}

/// Where a thread stands now.
#[derive(Object)]
pub(super) struct Standing {
    /// The thread.
    pub(super) id: Uuid,
    /// Its state.
    pub(super) state: StateShown,
}

/// A thread, as a list shows it.
#[derive(Object)]
pub(super) struct ThreadLine {
    /// Identifier.
    id: Uuid,
    /// What it is about.
    kind: KindShown,
    /// Where it stands.
    state: StateShown,
    /// Code of the module; absent for a complaint about a provider or the platform.
    #[oai(skip_serializing_if_is_none)]
    module: Option<String>,
    /// Its title, in the version that was read.
    #[oai(skip_serializing_if_is_none)]
    title: Option<String>,
    /// The number of that version.
    #[oai(skip_serializing_if_is_none)]
    version: Option<i32>,
    /// Slug of the lesson pointed at.
    #[oai(skip_serializing_if_is_none)]
    lesson: Option<String>,
    /// Its title.
    #[oai(skip_serializing_if_is_none)]
    lesson_title: Option<String>,
    /// Identifier of the question pointed at.
    #[oai(skip_serializing_if_is_none)]
    question: Option<String>,
    /// Its wording.
    #[oai(skip_serializing_if_is_none)]
    question_text: Option<String>,
    /// What it began with; absent once erased.
    #[oai(skip_serializing_if_is_none)]
    text: Option<String>,
    /// When it was opened.
    opened_at: DateTime<Utc>,
    /// When something last happened.
    last_at: DateTime<Utc>,
}

/// A page of threads.
#[derive(Object)]
pub(super) struct ThreadLines {
    /// Threads, latest first.
    pub(super) items: Vec<ThreadLine>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}

/// Something that happened in a thread.
#[derive(Object)]
struct ThreadEntry {
    /// First, second …
    number: i32,
    /// Who did it.
    side: SideShown,
    /// The message; absent for a decision, and once erased.
    #[oai(skip_serializing_if_is_none)]
    text: Option<String>,
    /// Whether there was a message that has been erased.
    erased: bool,
    /// Where it left the thread.
    state: StateShown,
    /// When.
    at: DateTime<Utc>,
}

/// A thread and all that happened in it.
#[derive(Object)]
pub(super) struct Thread {
    /// How it began, and where it stands.
    #[oai(flatten)]
    line: ThreadLine,
    /// Whether it is one's own.
    own: bool,
    /// Who asks: « Apprenant·e », or their name if they show it and have not been erased.
    asker: String,
    /// The enrolment; in one's own only.
    #[oai(skip_serializing_if_is_none)]
    enrolment_id: Option<Uuid>,
    /// The attempt; in one's own only.
    #[oai(skip_serializing_if_is_none)]
    attempt_id: Option<Uuid>,
    /// What happened, in its order.
    entries: Vec<ThreadEntry>,
}

impl ThreadLine {
    pub(super) fn of(line: Line, subject: Subject) -> Self {
        Self::from_parts(line.thread, subject, line.text, (line.last.state, line.last.at))
    }

    fn from_parts(
        thread: feedback_thread::Model,
        subject: Subject,
        text: Option<String>,
        (state, last_at): (ThreadState, DateTime<Utc>),
    ) -> Self {
        Self {
            id: thread.id,
            kind: thread.kind.into(),
            state: state.into(),
            module: subject.module,
            title: subject.title,
            version: subject.version,
            lesson: thread.lesson,
            lesson_title: subject.lesson_title,
            question: thread.question,
            question_text: subject.question_text,
            text,
            opened_at: thread.opened_at,
            last_at,
        }
    }
}

impl Thread {
    /// A thread as it is shown to one side of it.
    ///
    /// # Errors
    /// An internal error for a thread in which nothing happened: there is none.
    pub(super) fn of(
        thread: feedback_thread::Model,
        subject: Subject,
        entries: Vec<Entry>,
        stand: Stand,
        name: Option<String>,
    ) -> Result<Self> {
        let last = entries.last().map(|(entry, _)| (entry.state, entry.at));
        let first = entries.first().and_then(|(_, text)| text.clone());
        let own = stand == Stand::Own;
        Ok(Self {
            own,
            asker: name.unwrap_or_else(|| SOMEBODY.to_owned()),
            enrolment_id: thread.enrolment_id.filter(|_| own),
            attempt_id: thread.attempt_id.filter(|_| own),
            line: ThreadLine::from_parts(thread, subject, first, last.ok_or(Reason::Internal)?),
            entries: entries.into_iter().map(ThreadEntry::from).collect(),
        })
    }
}

impl From<Entry> for ThreadEntry {
    fn from((entry, text): Entry) -> Self {
        Self {
            number: entry.number,
            side: entry.side.into(),
            erased: entry.text_id.is_some() && text.is_none(),
            text,
            state: entry.state.into(),
            at: entry.at,
        }
    }
}
