//! Completion, in the transaction of the fact that brings it about.

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use crate::attestations::{self, issue::Grounds};
use crate::catalogue::Edition;
use crate::content::Module;
use crate::enrolments::enrol::about;
use crate::enrolments::model::enrolment;
use crate::error::Result;
use crate::keys::KeyRing;
use crate::people::capacity;
use crate::people::identity;
use crate::records::model::{FactKind, fact};
use crate::records::{self, NewFact, State, Status};

/// What completing needs besides the enrolment.
#[derive(Clone, Copy, Debug)]
pub struct Attester<'a> {
    /// The keys that sign.
    pub keys: &'a KeyRing,
    /// The public URL, as issuer.
    pub issuer: &'a str,
}

/// Whether every lesson has been read and the quiz, if any, passed.
pub fn is_complete(content: &Module, status: &Status) -> bool {
    let read = content.lessons.iter().all(|l| status.lessons_done.contains(&l.slug));
    read && (content.questions.is_empty() || status.passed)
}

/// Completes and attests the enrolment if its `facts`, the one just told included, now allow it. The
/// caller holds the enrolment row.
///
/// # Errors
/// When signing or the database fails; the learning fact is then rolled back with it.
pub async fn complete_if_due(
    tx: &DatabaseTransaction,
    attester: Attester<'_>,
    enrolment: &enrolment::Model,
    edition: &Edition,
    facts: &[fact::Model],
    account_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Status> {
    let status = records::status(facts, now);
    if status.state == State::Completed || !is_complete(&edition.content, &status) {
        return Ok(status);
    }
    let holder = identity::freeze_for_document(tx, enrolment.person_id, now).await?;
    let fact = NewFact {
        kind: FactKind::Completed,
        natural_key: format!("completed:{}", enrolment.id),
        payload: snapshot(tx, enrolment, edition, &status, &holder.digest, now).await?,
        ..about(enrolment, account_id, now)
    };
    let (completion, _) = records::append(tx, fact, now).await?;
    let grounds =
        Grounds { completion: &completion, edition, holder: &holder, percent: status.best_percent };
    attestations::issue(tx, attester.keys, attester.issuer, grounds, now).await?;
    Ok(Status { state: State::Completed, completed_at: Some(now), ..status })
}

/// What must still be readable in ten years, whatever has been published, renamed or left since.
async fn snapshot(
    tx: &DatabaseTransaction,
    enrolment: &enrolment::Model,
    edition: &Edition,
    status: &Status,
    holder_digest: &str,
    now: DateTime<Utc>,
) -> Result<serde_json::Value> {
    use sea_orm::ActiveEnum as _;
    let held = capacity::in_force(tx, enrolment.person_id, now.date_naive()).await?;
    let capacity = held.iter().find(|c| Some(c.id) == enrolment.capacity_id).or(held.first());
    let manifest = &edition.content.manifest;
    Ok(json!({
        "module": edition.module.code,
        "title": edition.version.title,
        "version": edition.version.number,
        "tree_digest": edition.version.tree_digest,
        "status": manifest.status,
        "legal_review": manifest.legal_review,
        "verified_on": manifest.verified_on,
        "references": manifest.references,
        "provider_id": edition.module.provider_id,
        "duration_minutes": edition.version.duration_minutes,
        "pass_mark_percent": edition.version.pass_mark_percent,
        "percent": status.best_percent,
        "attempts": status.attempts,
        "lessons": status.lessons_done,
        "capacity": capacity.map(|c| json!({
            "id": c.id, "kind": c.kind.to_value(), "standing": c.standing.to_value(),
            "mandate": c.mandate, "category": c.category,
        })),
        "holder": holder_digest,
    }))
}
