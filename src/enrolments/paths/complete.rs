//! Completing a path, in the transaction of what completes it.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::enrol::{fact_of, hold};
use super::find::{self, Done};
use super::progress::{MemberState, progress};
use crate::catalogue::paths::{self, PathEdition};
use crate::content::{LearningPath, ModuleCode};
use crate::enrolments::model::path_enrolment;
use crate::error::{Reason, Result};
use crate::records;
use crate::records::path_status::path_status;
use crate::records::told::{PathCompleted, PathModule, Told};

/// Completes every path that a person follows and to which the completion of `module`, told a moment
/// ago in this transaction, was all that was missing.
///
/// # Errors
/// When the database fails; the completion of the module is then rolled back with it.
pub async fn complete_due(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    module: &ModuleCode,
    recorded_by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    // Held before anything is read: of two last modules completed at once, the second sees the first.
    hold(tx, person_id).await?;
    let rows = path_enrolment::Entity::find()
        .filter(path_enrolment::COLUMN.person_id.eq(person_id))
        .all(tx)
        .await?;
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let facts = records::read::by_enrolment(tx, &ids).await?;
    let editions = paths::find::editions(tx, rows.iter().map(|row| row.version_id)).await?;
    let completed = find::completed(tx, person_id).await?;
    for row in &rows {
        let facts = facts.get(&row.id).map_or(&[][..], Vec::as_slice);
        let edition = editions.get(&row.version_id).ok_or(Reason::Internal)?;
        let concerned = edition.content.members().any(|member| member == module);
        if concerned && path_status(facts, DateTime::<Utc>::MAX_UTC).is_open() {
            complete(tx, row, edition, &completed, recorded_by, now).await?;
        }
    }
    Ok(())
}

/// Tells that a path is completed, when it is. The person is held.
pub(super) async fn complete(
    tx: &DatabaseTransaction,
    row: &path_enrolment::Model,
    edition: &PathEdition,
    completed: &[Done],
    recorded_by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    let stands = |code: &ModuleCode| match completed.iter().any(|done| done.module == code.as_str())
    {
        true => MemberState::Completed,
        false => MemberState::NotStarted,
    };
    if !progress(&edition.content, stands).is_complete() {
        return Ok(());
    }
    let modules = modules(&edition.content, completed);
    let told = PathCompleted {
        path: edition.path.code.clone(),
        title: edition.version.title.clone(),
        version: edition.version.number,
        digest: edition.version.digest.clone(),
        provider_id: edition.path.provider_id,
        minutes: modules.iter().map(|module| module.minutes).sum(),
        modules,
        capacity_id: row.capacity_id,
    };
    let fact = fact_of(row, Told::PathCompleted(Box::new(told)), recorded_by, now);
    records::append(tx, fact, now).await?;
    Ok(())
}

/// What was completed of a path, in its order, each by its first completion.
fn modules(path: &LearningPath, completed: &[Done]) -> Vec<PathModule> {
    let of_member = |code: &ModuleCode, optional: bool| {
        let done = completed.iter().find(|done| done.module == code.as_str())?;
        Some(PathModule {
            module: done.module.clone(),
            version: done.version,
            minutes: done.minutes,
            optional,
            completed_at: done.at,
            completion_fact_id: done.fact_id,
        })
    };
    let steps = path.steps.iter();
    steps
        .flat_map(|step| step.any_of.iter().filter_map(|code| of_member(code, step.optional)))
        .collect()
}
