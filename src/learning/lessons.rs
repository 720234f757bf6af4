//! Lessons: reading them in the version started, and recording that they were read.

use sea_orm::DatabaseTransaction;

use super::complete::complete_if_due;
use super::study::Study;
use crate::catalogue::Edition;
use crate::content::Lesson;
use crate::error::{Reason, Result};
use crate::records::{Status, Told};

/// A lesson of an edition.
///
/// # Errors
/// `not-found`.
pub fn find<'a>(edition: &'a Edition, slug: &str) -> Result<&'a Lesson> {
    let found = edition.content.lessons.iter().find(|lesson| lesson.slug == slug);
    found.ok_or_else(|| Reason::NotFound.into())
}

/// Records a lesson as read. Idempotent. Completes the module if this was all that was missing.
///
/// # Errors
/// `not-found` for another slug, `enrolment-closed` after a withdrawal.
pub async fn done(tx: &DatabaseTransaction, study: &Study<'_>, slug: &str) -> Result<Status> {
    let lesson = find(&study.edition, slug)?.slug.clone();
    let mut facts = study.open_facts(tx).await?;
    facts.push(study.tell(tx, Told::LessonDone { lesson, carried_from: None }).await?);
    complete_if_due(tx, study, &facts).await
}
