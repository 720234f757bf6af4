//! A version superseded mid-course: whoever began it may finish it, or move to the one published now.
//!
//! Moving closes the enrolment and opens the next cycle, in one transaction. A lesson whose file is the
//! same byte for byte stays read; an attempt does not move, because its questions were another bank's.

use std::collections::BTreeMap;
use std::sync::Arc;

use sea_orm::{ActiveEnum as _, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::complete::complete_if_due;
use super::study::Study;
use crate::accounts::Principal;
use crate::catalogue::Edition;
use crate::catalogue::model::{ChangeKind, module_version, module_version_file};
use crate::enrolments::again::open_next;
use crate::enrolments::{Enrolled, find};
use crate::error::{Reason, Refusal, Result};
use crate::records::model::{FactKind, fact};
use crate::records::told::{Moved, Told};
use crate::records::{self, State};

/// Where a learner has moved.
#[derive(Clone, Debug)]
pub struct MovedTo {
    /// The next enrolment.
    pub enrolment_id: Uuid,
    /// The version that it is pinned to.
    pub version: i32,
    /// Slugs of the lessons that stay read.
    pub kept: Vec<String>,
}

/// Moves the signed-in learner from the enrolment being studied to `current`, which is published now.
/// Said again, answers where they moved.
///
/// # Errors
/// `already-completed`, `enrolment-closed` for one that was left, `already-current`, `no-capacity`.
pub async fn move_to(
    tx: &DatabaseTransaction,
    who: &Principal,
    study: &Study<'_>,
    current: Arc<Edition>,
) -> Result<MovedTo> {
    let facts = records::read::of_enrolment(tx, study.enrolment.id).await?;
    if let Some(moved) = moved(&facts) {
        return told_before(tx, who, moved).await;
    }
    match records::recorded(&facts).state {
        State::Completed => return Err(Reason::AlreadyCompleted.into()),
        State::Withdrawn => return Err(Reason::EnrolmentClosed.into()),
        State::Enrolled | State::InProgress => {}
    }
    if current.version.number <= study.edition.version.number {
        return Err(Refusal::new(Reason::AlreadyCurrent).into());
    }
    let before = (&study.enrolment, facts.as_slice());
    let Enrolled { row, facts: opened, .. } =
        open_next(tx, who, before, &current, study.now).await?;
    let left = Moved {
        reason: "moved",
        to_enrolment_id: row.id,
        to_version: current.version.number,
        change: strongest(tx, study, &current).await?.to_value(),
    };
    study.tell(tx, Told::Moved(left)).await?;
    let next = Study { enrolment: row, edition: current, ..study.clone() };
    keep(tx, study, &next, &facts, opened).await
}

/// Tells in the next enrolment the lessons that are the same, and completes it if nothing is missing.
async fn keep(
    tx: &DatabaseTransaction,
    before: &Study<'_>,
    next: &Study<'_>,
    facts: &[fact::Model],
    mut told: Vec<fact::Model>,
) -> Result<MovedTo> {
    let was = lesson_digests(tx, before.edition.version.id).await?;
    let is = lesson_digests(tx, next.edition.version.id).await?;
    let same = |slug: &str| was.get(slug).is_some_and(|digest| is.get(slug) == Some(digest));
    let read = records::recorded(facts).lessons_done;
    let mut kept = Vec::new();
    for lesson in &next.edition.content.lessons {
        let slug = &lesson.slug;
        if !read.contains(slug) || !same(slug) {
            continue;
        }
        let done =
            |f: &&fact::Model| f.kind == FactKind::LessonDone && f.payload["lesson"] == **slug;
        let from = facts.iter().find(done).map(|f| f.id);
        let again = Told::LessonDone { lesson: slug.clone(), carried_from: from };
        told.push(next.tell(tx, again).await?);
        kept.push(slug.clone());
    }
    complete_if_due(tx, next, &told).await?;
    let version = next.edition.version.number;
    Ok(MovedTo { enrolment_id: next.enrolment.id, version, kept })
}

/// The digest of each lesson's file in a version, by slug.
async fn lesson_digests(
    conn: &impl ConnectionTrait,
    version_id: Uuid,
) -> Result<BTreeMap<String, String>> {
    let files = module_version_file::Entity::find()
        .filter(module_version_file::COLUMN.version_id.eq(version_id))
        .all(conn)
        .await?;
    let slug = |path: &str| Some(path.strip_prefix("lessons/")?.strip_suffix(".md")?.to_owned());
    Ok(files.into_iter().filter_map(|f| Some((slug(&f.path)?, f.blob_digest))).collect())
}

/// The strongest of the changes between the version being studied and another.
async fn strongest(
    conn: &impl ConnectionTrait,
    study: &Study<'_>,
    current: &Edition,
) -> Result<ChangeKind> {
    let changes = module_version::Entity::find()
        .filter(module_version::COLUMN.module_id.eq(study.enrolment.module_id))
        .filter(module_version::COLUMN.number.gt(study.edition.version.number))
        .filter(module_version::COLUMN.number.lte(current.version.number))
        .all(conn)
        .await?;
    Ok(changes.into_iter().map(|v| v.change_kind).max().unwrap_or(current.version.change_kind))
}

/// The fact that closed an enrolment because its learner moved.
fn moved(facts: &[fact::Model]) -> Option<&fact::Model> {
    facts.iter().find(|f| f.kind == FactKind::Withdrawn && f.payload["reason"] == "moved")
}

/// Where somebody moved before.
async fn told_before(
    tx: &DatabaseTransaction,
    who: &Principal,
    moved: &fact::Model,
) -> Result<MovedTo> {
    let id = moved.payload["to_enrolment_id"].as_str().and_then(|id| id.parse().ok());
    let next = find::own(tx, who, id.ok_or(Reason::Internal)?).await?;
    let version = moved.payload["to_version"].as_i64().and_then(|n| i32::try_from(n).ok());
    let facts = records::read::of_enrolment(tx, next.id).await?;
    let carried = facts.iter().filter(|f| f.payload["carried_from"].is_string());
    let kept = carried.filter_map(|f| f.payload["lesson"].as_str().map(str::to_owned));
    let version = version.ok_or(Reason::Internal)?;
    Ok(MovedTo { enrolment_id: next.id, version, kept: kept.collect() })
}
