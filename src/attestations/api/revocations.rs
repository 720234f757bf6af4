//! Revoking and reinstating, by whoever answers for the training.

use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use sea_orm::{DatabaseTransaction, EntityTrait as _};
use uuid::Uuid;

use super::{AttestationStatus, StatementBody};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::attestations::model::attestation;
use crate::attestations::revoke::{self, Verdict, Wish};
use crate::attestations::signed::{self, Statement};
use crate::attestations::{find, standing, then};
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::guards::AttestationRevoker;
use crate::http::problem::Problem;
use crate::records::model::fact;

/// Revocations.
pub struct RevocationsApi {
    /// The application.
    pub app: App,
}

/// Why an attestation is revoked, or is valid again: a word from a list, because what is kept for ever
/// must name nobody.
#[derive(Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
enum RevocationReason {
    /// A mistake of ours: in issuing it, or in revoking it.
    Error,
    /// Another person did it under this account.
    AnotherPerson,
    /// It was not done by the person themselves.
    Fraud,
    /// A court or an authority decided so.
    Decision,
    /// Something else, which the sentence says.
    Other,
}

impl RevocationReason {
    const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::AnotherPerson => "another_person",
            Self::Fraud => "fraud",
            Self::Decision => "decision",
            Self::Other => "other",
        }
    }
}

/// A revocation, or its end.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct RevocationWish {
    /// Why.
    reason: RevocationReason,
    /// A sentence to the holder, who alone reads it; required with `other`.
    #[oai(default, validator(max_length = 500))]
    sentence: Option<String>,
}

impl Example for RevocationWish {
    fn example() -> Self {
        let sentence = Some("Le quiz a été passé par une collègue.".to_owned());
        Self { reason: RevocationReason::AnotherPerson, sentence }
    }
}

impl From<RevocationWish> for Wish {
    fn from(wish: RevocationWish) -> Self {
        Self { reason: wish.reason.word(), sentence: wish.sentence }
    }
}

/// An attestation, and where it stands.
#[derive(Object)]
struct AttestationStanding {
    /// Identifier.
    id: Uuid,
    /// Whether it still stands.
    status: AttestationStatus,
    /// Since when it is no longer merely genuine.
    #[oai(skip_serializing_if_is_none)]
    since: Option<DateTime<Utc>>,
    /// Why.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    /// What it attests.
    statement: StatementBody,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Attestations")]
impl RevocationsApi {
    /// Revoke an attestation; what it attests stays recorded, and its holder is told
    #[oai(path = "/attestations/:id/revoke", method = "post", operation_id = "revoke_attestation")]
    async fn revoke(
        &self,
        who: AttestationRevoker,
        /// Identifier, or verification code.
        #[oai(example = "crate::http::examples::code")]
        id: Path<String>,
        body: Json<RevocationWish>,
    ) -> Result<Json<AttestationStanding>, Problem> {
        Ok(self.decide(&who, &id, Verdict::Revoked, body.0.into()).await?)
    }

    /// Say that a revoked attestation is valid again; its holder is told
    #[oai(
        path = "/attestations/:id/reinstate",
        method = "post",
        operation_id = "reinstate_attestation"
    )]
    async fn reinstate(
        &self,
        who: AttestationRevoker,
        /// Identifier, or verification code.
        #[oai(example = "crate::http::examples::code")]
        id: Path<String>,
        body: Json<RevocationWish>,
    ) -> Result<Json<AttestationStanding>, Problem> {
        Ok(self.decide(&who, &id, Verdict::Reinstated, body.0.into()).await?)
    }
}

impl RevocationsApi {
    async fn decide(
        &self,
        who: &Principal,
        named: &str,
        verdict: Verdict,
        wish: Wish,
    ) -> Result<Json<AttestationStanding>> {
        wish.check()?;
        let tx = self.app.db.begin_write().await?;
        let (row, statement) = self.within(&tx, who, named).await?;
        let now = self.app.clock.now();
        revoke::decide(&tx, who, (&row, &statement), (verdict, &wish), now).await?;
        let told = told(&tx, row, statement).await?;
        tx.commit().await?;
        Ok(Json(told))
    }

    /// An attestation of a provider that they answer for.
    async fn within(
        &self,
        tx: &DatabaseTransaction,
        who: &Principal,
        named: &str,
    ) -> Result<(attestation::Model, Statement)> {
        let row = find::any(tx, named).await?;
        let completion = fact::Entity::find_by_id(row.completion_fact_id).one(tx).await?;
        let provider = then::provider_id(&completion.ok_or(Reason::Internal)?)?;
        policy::allow(who, Action::RevokeAttestations, &Target::Provider(provider))?;
        let statement = signed::open(&self.app.keys, &row.signed).ok_or(Reason::Internal)?;
        Ok((row, statement))
    }
}

async fn told(
    tx: &DatabaseTransaction,
    row: attestation::Model,
    statement: Statement,
) -> Result<AttestationStanding> {
    let standing = standing::of_one(tx, &row).await?;
    Ok(AttestationStanding {
        id: row.id,
        status: (&standing).into(),
        since: standing.since(),
        reason: standing.mark().map(|mark| mark.reason.clone()),
        statement: statement.into(),
    })
}
