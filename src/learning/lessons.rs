//! Lessons: reading them in the version started, and recording that they were read.

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::complete::{Attester, complete_if_due};
use crate::accounts::Principal;
use crate::catalogue::Edition;
use crate::content::Lesson;
use crate::enrolments::enrol::about;
use crate::enrolments::model::enrolment;
use crate::error::{Reason, Result};
use crate::records::model::{FactKind, fact};
use crate::records::{self, NewFact, State, Status};

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
pub async fn done(
    tx: &DatabaseTransaction,
    who: &Principal,
    attester: Attester<'_>,
    enrolment: &enrolment::Model,
    edition: &Edition,
    slug: &str,
    now: DateTime<Utc>,
) -> Result<Status> {
    let lesson = find(edition, slug)?;
    let mut facts = open_facts(tx, enrolment, now).await?;
    let fact = NewFact {
        kind: FactKind::LessonDone,
        natural_key: format!("lesson:{}:{}", enrolment.id, lesson.slug),
        payload: json!({ "lesson": lesson.slug }),
        ..about(enrolment, who.account_id, now)
    };
    facts.push(records::append(tx, fact, now).await?.0);
    complete_if_due(tx, attester, enrolment, edition, &facts, who.account_id, now).await
}

/// The facts of an enrolment in which something may still be recorded: not one that was left.
///
/// # Errors
/// `enrolment-closed`.
pub async fn open_facts(
    tx: &DatabaseTransaction,
    enrolment: &enrolment::Model,
    now: DateTime<Utc>,
) -> Result<Vec<fact::Model>> {
    let facts = records::read::of_enrolment(tx, enrolment.id).await?;
    if records::status(&facts, now).state == State::Withdrawn {
        return Err(Reason::EnrolmentClosed.into());
    }
    Ok(facts)
}
