//! Gathering what stands behind an attestation, and who may read it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::owed::{Satisfied, satisfied_by};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::attestations::model::attestation;
use crate::catalogue::model::module_version_file;
use crate::catalogue::{Edition, Shelf};
use crate::error::{Reason, Result};
use crate::learning::model::time_spent;
use crate::providers::{self, model::Regime};
use crate::records;
use crate::records::model::fact;

/// All of it.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The attestation.
    pub attestation: attestation::Model,
    /// The completion that it attests.
    pub completion: fact::Model,
    /// The version completed,
    pub edition: Arc<Edition>,
    /// and its files, in the order of their paths.
    pub files: Vec<module_version_file::Model>,
    /// The facts of the enrolment, in their order.
    pub facts: Vec<fact::Model>,
    /// The time measured on its lessons.
    pub time: Vec<time_spent::Model>,
    /// Under which regimes the provider was declared that day.
    pub regimes: Vec<Regime>,
    /// The number of its agrément of that day.
    pub agrement: Option<String>,
    /// What the completion satisfies.
    pub owed: Vec<Satisfied>,
}

/// An attestation and the completion that it attests, for whoever may read what stands behind them: the
/// holder, an auditor of their organisation then, of the provider or of the nation, a publisher of the
/// provider. Answers whether they are somebody else than the holder.
///
/// # Errors
/// `not-found`, for whoever may not as well.
pub async fn readable(
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    who: &Principal,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<(attestation::Model, fact::Model, Arc<Edition>, bool)> {
    let row = attestation::Entity::find_by_id(id).one(conn).await?.ok_or(Reason::NotFound)?;
    let completion = fact::Entity::find_by_id(row.completion_fact_id).one(conn).await?;
    let completion = completion.ok_or(Reason::Internal)?;
    let version = completion.version_id.ok_or(Reason::Internal)?;
    let edition = shelf.edition(conn, version).await?;
    if row.person_id == who.person_id {
        return Ok((row, completion, edition, false));
    }
    let provider = Target::Provider(edition.module.provider_id);
    let organisation = Target::of(conn, completion.organisation_id, now).await?;
    let may = |target: &Target| policy::allow(who, Action::ReadEvidence, target).is_ok();
    if may(&provider) || may(&organisation) {
        return Ok((row, completion, edition, true));
    }
    Err(Reason::NotFound.into())
}

/// Gathers what stands behind an attestation. The number of statements does not depend on how much
/// there is.
///
/// # Errors
/// When the database fails.
pub async fn gather(
    conn: &impl ConnectionTrait,
    (attestation, completion, edition): (attestation::Model, fact::Model, Arc<Edition>),
    now: DateTime<Utc>,
) -> Result<Evidence> {
    let enrolment = completion.enrolment_id.ok_or(Reason::Internal)?;
    let files = module_version_file::Entity::find()
        .filter(module_version_file::COLUMN.version_id.eq(edition.version.id))
        .order_by_asc(module_version_file::Column::Path)
        .all(conn)
        .await?;
    let time = time_spent::Entity::find()
        .filter(time_spent::COLUMN.enrolment_id.eq(enrolment))
        .order_by_asc(time_spent::Column::Day)
        .order_by_asc(time_spent::Column::Lesson)
        .all(conn)
        .await?;
    let facts = records::read::of_enrolment(conn, enrolment).await?;
    let day = completion.occurred_at.with_timezone(&Paris).date_naive();
    let provider = edition.module.provider_id;
    let regimes = providers::regimes_on(conn, provider, day).await?;
    let agrement = providers::agrement_on(conn, provider, day).await?.map(|row| row.number);
    let owed = satisfied_by(conn, &completion, edition.version.number, now).await?;
    Ok(Evidence { attestation, completion, edition, files, facts, time, regimes, agrement, owed })
}
