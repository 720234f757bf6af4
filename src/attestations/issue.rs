//! Issuing, in the transaction that completes.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, Set};

use super::code;
use super::model::attestation;
use super::signed::{self, Statement};
use crate::catalogue::Edition;
use crate::clock;
use crate::content;
use crate::error::Result;
use crate::keys::KeyRing;
use crate::people::identity::Frozen;
use crate::records::model::fact;
use crate::records::{self, NewFact, Told};

/// What an attestation is issued for.
#[derive(Debug)]
pub struct Grounds<'a> {
    /// The completion fact.
    pub completion: &'a fact::Model,
    /// The edition completed.
    pub edition: &'a Edition,
    /// The holder's name, frozen.
    pub holder: &'a Frozen,
    /// Best result, in whole percent.
    pub percent: Option<u32>,
}

/// Issues the attestation of a completion, and the fact that it was issued.
///
/// # Errors
/// When signing or the database fails.
pub async fn issue(
    tx: &DatabaseTransaction,
    keys: &KeyRing,
    issuer: &str,
    grounds: Grounds<'_>,
    now: DateTime<Utc>,
) -> Result<attestation::Model> {
    let statement = statement(issuer, &grounds, now);
    let (kid, signed) = signed::sign(keys, &statement)?;
    let completion = grounds.completion;
    let row = attestation::ActiveModel {
        id: Set(clock::new_id()),
        person_id: Set(completion.person_id),
        completion_fact_id: Set(completion.id),
        code: Set(statement.code),
        identity_id: Set(grounds.holder.identity_id),
        kid: Set(kid),
        signed: Set(signed),
        issued_at: Set(now),
    };
    let row = row.insert(tx).await?;
    let told =
        Told::AttestationIssued { attestation_id: row.id, completion_fact_id: completion.id };
    let issued = NewFact {
        kind: told.kind(),
        person_id: completion.person_id,
        enrolment_id: completion.enrolment_id,
        module_id: completion.module_id,
        version_id: completion.version_id,
        organisation_id: completion.organisation_id,
        occurred_at: now,
        recorded_by: completion.recorded_by,
        natural_key: told.natural_key(completion.enrolment_id.unwrap_or_default()),
        supersedes_id: None,
        payload: told.payload(),
    };
    records::append(tx, issued, now).await?;
    Ok(row)
}

fn statement(issuer: &str, grounds: &Grounds<'_>, now: DateTime<Utc>) -> Statement {
    let Grounds { completion, edition, holder, percent } = grounds;
    Statement {
        iss: issuer.to_owned(),
        iat: now.timestamp(),
        code: code::new(),
        module: edition.module.code.clone(),
        title: edition.version.title.clone(),
        version: edition.version.number,
        tree_digest: edition.version.tree_digest.clone(),
        extract: edition.content.manifest.status == content::Status::Extract,
        provider: edition.provider.name.clone(),
        completed_at: completion.occurred_at,
        duration_minutes: edition.version.duration_minutes,
        percent: *percent,
        pass_mark_percent: edition.version.pass_mark_percent,
        holder: holder.digest.clone(),
    }
}
