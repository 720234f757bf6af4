//! Completion, in the transaction of the fact that brings it about.

use sea_orm::{ActiveEnum as _, DatabaseTransaction};

use super::presence;
use super::study::Study;
use crate::attestations::{self, issue::Grounds};
use crate::content::Module;
use crate::enrolments::paths;
use crate::error::Result;
use crate::obligations::{self, Completion, rules::zone};
use crate::people::model::capacity as capacity_row;
use crate::people::{capacity, identity};
use crate::records::model::fact;
use crate::records::told::{Completed, HeldCapacity, ProviderThen, Told};
use crate::records::{self, State, Status};
use crate::territory;

/// Whether every lesson has been read and the quiz, if any, passed.
fn is_complete(content: &Module, status: &Status) -> bool {
    let read = content.lessons.iter().all(|l| status.lessons_done.contains(&l.slug));
    read && (content.quiz.is_empty() || status.passed)
}

/// Completes and attests the enrolment, and the paths to which it was all that was missing, if its `facts`, the one just told included, now allow it.
///
/// # Errors
/// When signing or the database fails; the learning fact is then rolled back with it.
pub async fn complete_if_due(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    facts: &[fact::Model],
) -> Result<Status> {
    let status = records::recorded(facts);
    if status.state == State::Completed || !is_complete(&study.edition.content, &status) {
        return Ok(status);
    }
    let holder = identity::freeze_for_document(tx, study.enrolment.person_id, study.now).await?;
    let completed = snapshot(tx, study, &status, &holder.digest).await?;
    let completion = study.tell(tx, Told::Completed(Box::new(completed))).await?;
    let grounds = Grounds {
        completion: &completion,
        edition: &study.edition,
        holder: &holder,
        percent: status.best_percent,
    };
    let attester = study.attester;
    attestations::issue(tx, attester.keys, attester.issuer, grounds, study.now).await?;
    follow(tx, study).await?;
    Ok(Status { state: State::Completed, completed_at: Some(study.now), ..status })
}

/// What follows from a completion told a moment ago: what a change of the law asks that was published
/// while they were under way, and the paths to which it was all that was missing.
pub(super) async fn follow(tx: &DatabaseTransaction, study: &Study<'_>) -> Result<()> {
    let completion = Completion {
        person_id: study.enrolment.person_id,
        module_id: study.enrolment.module_id,
        number: study.edition.version.number,
        zone: zone(&study.enrolment.time_zone),
    };
    obligations::open_if_overtaken(tx, completion, study.now).await?;
    let (person, module) = (study.enrolment.person_id, study.edition.code());
    paths::complete_due(tx, person, module, study.recorded_by, study.now).await
}

/// What must still be readable in ten years, whatever has been published, renamed or left since.
async fn snapshot(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    status: &Status,
    holder_digest: &str,
) -> Result<Completed> {
    let (enrolment, edition) = (&study.enrolment, &study.edition);
    let spent = presence::minutes(tx, &[enrolment.id]).await?;
    let manifest = &edition.content.manifest;
    Ok(Completed {
        module: edition.module.code.clone(),
        title: edition.version.title.clone(),
        version: edition.version.number,
        tree_digest: edition.version.tree_digest.clone(),
        status: manifest.status.to_string(),
        legal_review: manifest.legal_review.clone(),
        verified_on: manifest.verified_on,
        references: serde_json::to_value(&manifest.references).map_err(anyhow::Error::from)?,
        provider_id: edition.module.provider_id,
        duration_minutes: edition.version.duration_minutes,
        pass_mark_percent: edition.version.pass_mark_percent,
        percent: status.best_percent,
        attempts: status.attempts,
        lessons: status.lessons_done.clone(),
        capacity: capacity_held(tx, study).await?,
        holder: holder_digest.to_owned(),
        spent_minutes: spent.get(&enrolment.id).copied(),
        provider: Some(provider_then(tx, study).await?),
        time_zone: Some(enrolment.time_zone.clone()),
    })
}

/// What is printed of a provider, as it is known when a module is completed.
async fn provider_then(tx: &DatabaseTransaction, study: &Study<'_>) -> Result<ProviderThen> {
    let day = study.now.with_timezone(&zone(&study.enrolment.time_zone)).date_naive();
    let (id, name) = (study.edition.module.provider_id, &study.edition.provider.name);
    attestations::provider_on(tx, id, day, name).await
}

/// The capacity that the learner holds today, of those under which they enrolled.
pub(super) async fn capacity_held(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
) -> Result<Option<HeldCapacity>> {
    let (person, began) = (study.enrolment.person_id, study.enrolment.capacity_id);
    match capacity::still(tx, person, began, study.now.date_naive()).await? {
        Some(held) => Ok(Some(held_capacity(tx, &held).await?)),
        None => Ok(None),
    }
}

async fn held_capacity(
    tx: &DatabaseTransaction,
    held: &capacity_row::Model,
) -> Result<HeldCapacity> {
    let organisation = territory::find::by_id(tx, held.organisation_id).await?;
    Ok(HeldCapacity {
        id: held.id,
        kind: held.kind.to_value(),
        standing: held.standing.to_value(),
        mandate: held.mandate.clone(),
        category: held.category.clone(),
        organisation: Some(organisation.name),
    })
}
