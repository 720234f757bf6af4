//! The credential of an attestation and its compact proof: made when first asked for, kept from then on,
//! so that they are the same bytes whatever keys sign later, and erased with the holder's name.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait, IntoActiveModel as _};
use uuid::Uuid;

use super::badge::{self, Ground};
use super::entry::{self, Place};
use super::model::{attestation, credential};
use super::proof::{self, Claims};
use super::signed::{self, Statement};
use super::then;
use crate::catalogue::{Edition, Shelf};
use crate::config::CredentialAlgorithm;
use crate::content::Digest;
use crate::db::Db;
use crate::error::{Error, Reason, Result};
use crate::keys::{Algorithm, KeyRing};
use crate::people::model::identity;
use crate::records::model::{FactKind, fact};
use crate::records::read;
use crate::records::told::ProviderThen;

/// What makes credentials.
#[derive(Clone, Copy, Debug)]
pub struct Maker<'a> {
    /// Published versions.
    pub shelf: &'a Shelf,
    /// The keys that sign.
    pub keys: &'a KeyRing,
    /// How credentials are signed.
    pub algorithm: Algorithm,
    /// The public URL, with no slash at its end.
    pub issuer: &'a str,
    /// Who runs the service; empty when it has not said.
    pub operator: &'a str,
}

/// The algorithm that the settings name.
pub const fn algorithm(setting: CredentialAlgorithm) -> Algorithm {
    match setting {
        CredentialAlgorithm::EdDsa => Algorithm::EdDsa,
        CredentialAlgorithm::Es256 => Algorithm::Es256,
        CredentialAlgorithm::Rs256 => Algorithm::Rs256,
    }
}

/// The credential of an attestation and its proof, made now if they were not yet.
///
/// # Errors
/// `not-found` when the holder's name has been erased: nothing is made of it any more.
pub async fn of(
    db: &Db,
    maker: Maker<'_>,
    row: &attestation::Model,
    now: DateTime<Utc>,
) -> Result<credential::Model> {
    if let Some(kept) = kept(db.read(), row.id).await? {
        return Ok(kept);
    }
    let known = Known::read(db.read(), maker, row).await?;
    let tx = db.begin_write().await?;
    let place = entry::ensure(&tx, row.id).await?;
    let made = known.make(maker, row, place, now)?;
    let once = OnConflict::column(credential::Column::AttestationId).do_nothing().to_owned();
    credential::Entity::insert(made.into_active_model().reset_all())
        .on_conflict(once)
        .exec_without_returning(&tx)
        .await?;
    // Made meanwhile by another process, that one counts.
    let kept = kept(&tx, row.id).await?.ok_or(Reason::Internal)?;
    tx.commit().await?;
    Ok(kept)
}

async fn kept(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<credential::Model>> {
    Ok(credential::Entity::find_by_id(id).one(conn).await?)
}

/// What a credential says, read.
struct Known {
    statement: Statement,
    edition: std::sync::Arc<Edition>,
    provider: ProviderThen,
    began_at: DateTime<Utc>,
    ended_on: chrono::NaiveDate,
    name: String,
    salt: String,
}

impl Known {
    async fn read(
        conn: &impl ConnectionTrait,
        maker: Maker<'_>,
        row: &attestation::Model,
    ) -> Result<Self> {
        let statement = signed::open(maker.keys, &row.signed).ok_or(Reason::Internal)?;
        let name = identity::Entity::find_by_id(row.identity_id).one(conn).await?;
        let name = name.ok_or(Reason::NotFound)?;
        let completion = fact::Entity::find_by_id(row.completion_fact_id).one(conn).await?;
        let completion = completion.ok_or(Reason::Internal)?;
        let (_, zone) = then::organisation_of(conn, &completion).await?;
        let version = completion.version_id.ok_or(Reason::Internal)?;
        Ok(Self {
            edition: maker.shelf.edition(conn, version).await?,
            provider: then::provider_of(conn, &completion, &statement, zone).await?,
            began_at: began_at(conn, &completion).await?,
            ended_on: completion.occurred_at.with_timezone(&zone).date_naive(),
            statement,
            name: format!("{} {}", name.given_name, name.family_name),
            salt: name.salt.ok_or(Reason::Internal)?,
        })
    }

    fn make(
        &self,
        maker: Maker<'_>,
        row: &attestation::Model,
        place: Place,
        now: DateTime<Utc>,
    ) -> Result<credential::Model> {
        let manifest = &self.edition.content.manifest;
        let operator = if maker.operator.is_empty() { maker.issuer } else { maker.operator };
        let payload = badge::payload(&Ground {
            issuer: maker.issuer,
            operator,
            statement: &self.statement,
            issued_at: row.issued_at,
            made_at: now.max(row.issued_at),
            began_at: self.began_at,
            summary: &manifest.summary,
            objectives: &manifest.objectives,
            language: &manifest.language,
            provider: &self.provider,
            holder: (&self.name, &self.salt),
            place,
        });
        let (kid, jwt) = badge::sign(maker.keys, maker.algorithm, &payload)?;
        let proof = proof::sign(maker.keys, &self.claims(place)?)?;
        Ok(credential::Model { attestation_id: row.id, kid, jwt, proof, made_at: now })
    }

    fn claims(&self, place: Place) -> Result<Claims> {
        let said = &self.statement;
        let digest: Digest = said.tree_digest.parse().map_err(|_| Reason::Internal)?;
        let day = (self.ended_on - chrono::NaiveDate::default()).num_days();
        let day = u32::try_from(day).context("a day before 1970").map_err(Error::Internal)?;
        Ok(Claims {
            c: said.code.clone(),
            m: said.module.clone(),
            v: said.version,
            d: URL_SAFE_NO_PAD.encode(digest.0),
            t: day,
            i: place.number(),
            h: proof::name_digest(&said.code, &self.name),
        })
    }
}

/// The first activity recorded in the enrolment: a lesson read, an attempt started, or a half-day
/// attended. Enrolling is none.
///
/// # Errors
/// When the database fails.
pub async fn began_at(
    conn: &impl ConnectionTrait,
    completion: &fact::Model,
) -> Result<DateTime<Utc>> {
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
