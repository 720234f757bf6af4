//! Reading what the documents of an attestation say: the completion fact, the signed statement, the
//! version followed, the frozen name, the provider.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::TryStreamExt as _;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::Value;
use uuid::Uuid;

use super::model::{Capacity, Outcome, Provider, Subject, Training};
use crate::attestations::model::attestation;
use crate::attestations::signed::{self, Statement};
use crate::catalogue::Shelf;
use crate::content::Digest;
use crate::error::{Reason, Result};
use crate::keys::KeyRing;
use crate::media::MediaStore;
use crate::people::model::identity;
use crate::providers;
use crate::records::model::{FactKind, fact};
use crate::records::read;
use crate::sessions::attended;
use crate::territory;

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
    let (organisation, zone) = organisation(conn, completion.organisation_id).await?;
    let civil = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let ended_on = civil(completion.occurred_at);
    let address = format!("{}/verifier/{}", sources.public_url, row.code);
    Ok(Subject {
        code: row.code.clone(),
        qr: address.clone(),
        verification_url: address,
        holder: format!("{} {}", name.given_name, name.family_name),
        capacity: capacity(&completion.payload, organisation),
        provider: provider(conn, sources.media, &completion, &statement, ended_on).await?,
        began_on: civil(began_at(conn, &completion).await?),
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

/// The name and the time zone of the organisation in whose service the person completed.
async fn organisation(
    conn: &impl ConnectionTrait,
    id: Option<Uuid>,
) -> Result<(Option<String>, Tz)> {
    let Some(id) = id else { return Ok((None, Tz::Europe__Paris)) };
    let found = territory::find::by_id(conn, id).await?;
    let zone = found.time_zone.parse().unwrap_or(Tz::Europe__Paris);
    Ok((Some(found.name), zone))
}

fn capacity(completed: &Value, organisation: Option<String>) -> Option<Capacity> {
    let held = completed.get("capacity").filter(|held| !held.is_null())?;
    Some(Capacity {
        elu: held["kind"] == "elu",
        confirmed: held["standing"] == "confirmed",
        organisation,
    })
}

/// The first activity recorded in the enrolment: a lesson read, an attempt started, or a half-day
/// attended. Enrolling is none.
async fn began_at(conn: &impl ConnectionTrait, completion: &fact::Model) -> Result<DateTime<Utc>> {
    let Some(enrolment) = completion.enrolment_id else { return Ok(completion.occurred_at) };
    let facts = read::of_enrolment(conn, enrolment).await?;
    let begins = facts.iter().filter_map(|fact| match fact.kind {
        FactKind::LessonDone => Some(fact.occurred_at),
        FactKind::Attended if fact.payload["minutes"] != 0 => Some(fact.occurred_at),
        FactKind::AttemptSubmitted => {
            let started = fact.payload["started_at"].as_str()?;
            Some(started.parse().unwrap_or(fact.occurred_at))
        }
        _ => None,
    });
    Ok(begins.chain([completion.occurred_at]).min().unwrap_or(completion.occurred_at))
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

/// The provider, under the name that was signed.
async fn provider(
    conn: &impl ConnectionTrait,
    media: &MediaStore,
    completion: &fact::Model,
    statement: &Statement,
    day: NaiveDate,
) -> Result<Provider> {
    let id = completion.payload["provider_id"].as_str().and_then(|id| id.parse().ok());
    let known = providers::by_id(conn, id.ok_or(Reason::Internal)?).await?;
    let agrement = known.told.agrement_on(day).map(|row| row.number.clone());
    let name = statement.provider.clone();
    let Some(profile) = known.told.profile else {
        return Ok(Provider { name, agrement, ..Provider::default() });
    };
    let address = providers::rules::address_of(&profile);
    let address = address.map(|a| [a.lines, vec![format!("{} {}", a.postcode, a.city)]].concat());
    Ok(Provider {
        name,
        legal_name: Some(profile.legal_name),
        address: address.unwrap_or_default(),
        siret: profile.siret,
        activity_number: profile.activity_number,
        agrement,
        logo: logo(media, profile.logo.as_deref()).await,
    })
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
