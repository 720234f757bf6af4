//! Reading what the documents of an attestation say: the completion fact, the signed statement, the
//! version followed, the frozen name, the provider.

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::Value;

use super::model::{Capacity, Outcome, Provider, Subject, Training};
use crate::attestations::credential;
use crate::attestations::model::attestation;
use crate::attestations::signed::{self, Statement};
use crate::attestations::then;
use crate::catalogue::Shelf;
use crate::content::Digest;
use crate::error::{Reason, Result};
use crate::keys::KeyRing;
use crate::media::MediaStore;
use crate::people::model::identity;
use crate::records::model::fact;
use crate::records::told::ProviderThen;
use crate::sessions::attended;

/// Where to read from, besides the database.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Published versions.
    pub shelf: &'a Shelf,
    /// Logos.
    pub media: &'a MediaStore,
    /// The keys under which statements were signed.
    pub keys: &'a KeyRing,
    /// The public URL, with no slash at its end.
    pub public_url: &'a str,
}

/// What the documents of an attestation say.
///
/// # Errors
/// `not-found` when the holder's name has been erased: nothing nominative is made any more.
pub async fn subject(
    conn: &impl ConnectionTrait,
    sources: Sources<'_>,
    row: &attestation::Model,
) -> Result<Subject> {
    let statement = signed::open(sources.keys, &row.signed).ok_or(Reason::Internal)?;
    let name = identity::Entity::find_by_id(row.identity_id).one(conn).await?;
    let name = name.ok_or(Reason::NotFound)?;
    let completion = fact::Entity::find_by_id(row.completion_fact_id).one(conn).await?;
    let completion = completion.ok_or(Reason::Internal)?;
    let (organisation, zone) = then::organisation_of(conn, &completion).await?;
    let provided = then::provider_of(conn, &completion, &statement, zone).await?;
    let civil = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let ended_on = civil(completion.occurred_at);
    let address = format!("{}/verifier/{}", sources.public_url, row.code);
    Ok(Subject {
        code: row.code.clone(),
        qr: address.clone(),
        verification_url: address,
        holder: format!("{} {}", name.given_name, name.family_name),
        capacity: capacity(&completion.payload, organisation),
        provider: provider(sources.media, provided).await,
        began_on: civil(credential::began_at(conn, &completion).await?),
        ended_on,
        completed_at: completion.occurred_at,
        issued_on: civil(row.issued_at),
        result: statement
            .percent
            .map(|percent| Outcome { percent, pass_mark_percent: statement.pass_mark_percent }),
        training: training(conn, sources.shelf, &completion, statement).await?,
        attended: attended::of(conn, completion.enrolment_id, ended_on).await?,
    })
}

fn capacity(completed: &Value, organisation: Option<String>) -> Option<Capacity> {
    let held = completed.get("capacity").filter(|held| !held.is_null())?;
    Some(Capacity {
        elu: held["kind"] == "elu",
        confirmed: held["standing"] == "confirmed",
        organisation,
    })
}

async fn training(
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    completion: &fact::Model,
    statement: Statement,
) -> Result<Training> {
    let version = completion.version_id.ok_or(Reason::Internal)?;
    let edition = shelf.edition(conn, version).await?;
    Ok(Training {
        module: statement.module,
        title: statement.title,
        version: statement.version,
        extract: statement.extract,
        minutes: statement.duration_minutes,
        objectives: edition.content.manifest.objectives.clone(),
    })
}

/// The provider, with the bytes of its logo.
async fn provider(media: &MediaStore, then: ProviderThen) -> Provider {
    Provider {
        logo: logo(media, then.logo.as_deref()).await,
        name: then.name,
        legal_name: then.legal_name,
        address: then.address,
        siret: then.siret,
        activity_number: then.activity_number,
        agrement: then.agrement,
    }
}

/// The bytes of a logo. A document is worth more than its ornament: one that cannot be read is left out.
async fn logo(media: &MediaStore, digest: Option<&str>) -> Option<Vec<u8>> {
    let digest: Digest = digest?.parse().ok()?;
    let bytes = media.get(&digest, None).await.ok()?;
    let read = bytes.try_fold(Vec::new(), |mut whole, part| async move {
        whole.extend_from_slice(&part);
        Ok(whole)
    });
    read.await.inspect_err(|error| tracing::warn!(%error, "a logo could not be read")).ok()
}
