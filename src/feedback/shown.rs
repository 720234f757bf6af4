//! What a thread is about, in the words of the version that the learner read.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::model::feedback_thread;
use crate::catalogue::{Edition, Shelf};
use crate::error::Result;

/// The module and the place that a thread is about; empty for a complaint about neither.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Code of the module.
    pub module: Option<String>,
    /// Its title in that version.
    pub title: Option<String>,
    /// The version's number.
    pub version: Option<i32>,
    /// Title of the lesson pointed at.
    pub lesson_title: Option<String>,
    /// Wording of the question pointed at.
    pub question_text: Option<String>,
}

impl Subject {
    /// What a thread is about, read from its edition.
    pub fn of(thread: &feedback_thread::Model, edition: Option<&Edition>) -> Self {
        let Some(edition) = edition else { return Self::default() };
        let slug = thread.lesson.as_deref();
        let lesson = edition.content.lessons.iter().find(|one| Some(one.slug.as_str()) == slug);
        let id = thread.question.as_deref();
        let question = edition.content.quiz.questions().find(|one| Some(one.id.as_str()) == id);
        Self {
            module: Some(edition.module.code.clone()),
            title: Some(edition.version.title.clone()),
            version: Some(edition.version.number),
            lesson_title: lesson.map(|lesson| lesson.title.clone()),
            question_text: question.map(|question| question.text.clone()),
        }
    }

    /// The place in a few French words, for a mail; none when no place is pointed at.
    pub fn place(&self, thread: &feedback_thread::Model) -> Option<String> {
        let lesson = self.lesson_title.as_ref().map(|title| format!("leçon « {title} »"));
        lesson.or_else(|| thread.question.as_ref().map(|id| format!("question {id} du quiz")))
    }
}

/// What one thread is about.
///
/// # Errors
/// When the database fails.
pub async fn subject(
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    thread: &feedback_thread::Model,
) -> Result<Subject> {
    let edition = match thread.version_id {
        Some(version) => Some(shelf.edition(conn, version).await?),
        None => None,
    };
    Ok(Subject::of(thread, edition.as_deref()))
}

/// What these threads are about, by thread; as many statements, however many there are.
///
/// # Errors
/// When the database fails.
pub async fn subjects(
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    threads: &[feedback_thread::Model],
) -> Result<HashMap<Uuid, Subject>> {
    let versions = threads.iter().filter_map(|thread| thread.version_id);
    let editions = shelf.editions_of(conn, versions).await?;
    let subject = |thread: &feedback_thread::Model| {
        let edition = thread.version_id.and_then(|version| editions.get(&version));
        (thread.id, Subject::of(thread, edition.map(AsRef::as_ref)))
    };
    Ok(threads.iter().map(subject).collect())
}
