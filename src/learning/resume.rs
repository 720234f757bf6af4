//! Where to go on: the attempt that is open, else the first lesson that was not read, else the quiz.

use std::collections::HashMap;

use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::model::attempt;
use crate::content::Module;
use crate::error::Result;
use crate::records::{State, Status};

/// Where a learner goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resume {
    /// In the attempt that is open.
    Attempt(Uuid),
    /// With a lesson, by its slug.
    Lesson(String),
    /// With the quiz, which has not been passed.
    Quiz,
}

/// Where to go on in an enrolment; nowhere once it is completed or was left.
pub fn resume(content: &Module, status: &Status, open: Option<Uuid>) -> Option<Resume> {
    if matches!(status.state, State::Completed | State::Withdrawn) {
        return None;
    }
    if let Some(attempt) = open {
        return Some(Resume::Attempt(attempt));
    }
    let unread = content.lessons.iter().find(|l| !status.lessons_done.contains(&l.slug));
    let quiz = !content.quiz.is_empty() && !status.passed;
    unread.map(|lesson| Resume::Lesson(lesson.slug.clone())).or(quiz.then_some(Resume::Quiz))
}

/// The open attempts of several enrolments, by enrolment.
///
/// # Errors
/// When the database fails.
pub async fn open_attempts(
    conn: &impl ConnectionTrait,
    enrolment_ids: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>> {
    let rows = attempt::Entity::find()
        .filter(attempt::Column::EnrolmentId.is_in(enrolment_ids.iter().copied()))
        .filter(attempt::COLUMN.submitted_at.is_null())
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.enrolment_id, row.id)).collect())
}
