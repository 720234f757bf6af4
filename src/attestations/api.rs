//! My attestations, their signed form, the public verification and keys.

use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::attestation;
use super::signed::{self, Statement};
use super::{find, verify};
use crate::app::App;
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::keys::KeyUse;

/// Attestations.
pub struct AttestationsApi {
    /// The application.
    pub app: App,
}

/// An attestation of mine.
#[derive(Object)]
struct Attestation {
    /// Identifier.
    id: Uuid,
    /// Verification code: whoever has it may verify.
    code: String,
    /// Where anyone may verify.
    verification_url: String,
    /// When it was issued.
    issued_at: DateTime<Utc>,
    /// What it attests.
    statement: StatementBody,
}

/// What an attestation says; it carries no name.
#[derive(Object)]
#[oai(rename = "AttestationStatement")]
struct StatementBody {
    /// Code of the module.
    module: String,
    /// Title of the module.
    title: String,
    /// Version followed.
    version: i32,
    /// Digest of that version's files.
    tree_digest: String,
    /// Whether the version was an extract of the module.
    extract: bool,
    /// Name of the provider.
    provider: String,
    /// When the module was completed.
    completed_at: DateTime<Utc>,
    /// Announced duration, in minutes.
    duration_minutes: i32,
    /// Best result, in whole percent.
    #[oai(skip_serializing_if_is_none)]
    percent: Option<u32>,
    /// Percent of right answers that passed.
    pass_mark_percent: i32,
}

/// My attestations.
#[derive(Object)]
struct Attestations {
    /// Attestations, latest first.
    items: Vec<Attestation>,
    /// Cursor of the next page.
    next: Option<String>,
}

/// The signed form, for another system to check.
#[derive(Object)]
struct Credential {
    /// Compact JWS (RFC 7515, EdDSA), verifiable with `/.well-known/attestation-keys.json`.
    jws: String,
    /// The key that signed.
    kid: String,
}

/// What verification says: nothing about the person.
#[derive(Object)]
struct Verification {
    /// `genuine`, or `unknown`.
    status: String,
    /// What is attested, when genuine.
    #[oai(skip_serializing_if_is_none)]
    statement: Option<StatementBody>,
}

#[OpenApi(tag = "Tag::Attestations")]
impl AttestationsApi {
    /// My attestations, latest first
    #[oai(path = "/api/v1/me/attestations", method = "get", operation_id = "my_attestations")]
    async fn mine(
        &self,
        who: SignedIn,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Attestations>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let conn = self.app.db.read();
        let rows = find::of_person(conn, who.person_id, page.limit, page.before()?).await?;
        let next = page.next(&rows, |row| row.id);
        let items = rows.into_iter().map(|row| self.shown(row)).collect::<Result<_>>()?;
        Ok(Json(Attestations { items, next }))
    }

    /// One of my attestations
    #[oai(path = "/api/v1/attestations/:id", method = "get", operation_id = "get_attestation")]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Attestation>, Problem> {
        let row = find::own(self.app.db.read(), who.person_id, id.0).await?;
        Ok(Json(self.shown(row)?))
    }

    /// The signed form of one of my attestations
    #[oai(
        path = "/api/v1/attestations/:id/credential.json",
        method = "get",
        operation_id = "get_credential"
    )]
    async fn credential(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Credential>, Problem> {
        let row = find::own(self.app.db.read(), who.person_id, id.0).await?;
        Ok(Json(Credential { jws: row.signed, kid: row.kid }))
    }

    /// Is this attestation genuine? For anyone who has its code
    #[oai(path = "/api/v1/verify/:code", method = "get", operation_id = "verify_attestation")]
    async fn verify(
        &self,
        #[oai(example = "crate::http::examples::code")] code: Path<String>,
    ) -> Result<Json<Verification>, Problem> {
        let found = verify::verify(self.app.db.read(), &self.app.keys, &code.0).await?;
        let status = if found.is_some() { "genuine" } else { "unknown" };
        let statement = found.map(StatementBody::from);
        Ok(Json(Verification { status: status.to_owned(), statement }))
    }

    /// Public keys of attestations, with their dates; never removed
    #[oai(
        path = "/.well-known/attestation-keys.json",
        method = "get",
        operation_id = "attestation_keys"
    )]
    async fn keys(&self) -> Json<Value> {
        let keys = self.app.keys.public(KeyUse::Attestation).map(|entry| {
            let mut key = entry.jwk();
            key["nbf"] = json!(entry.created_at);
            key["retired_at"] = json!(entry.retired_at);
            key
        });
        Json(json!({ "keys": keys.collect::<Vec<_>>() }))
    }
}

impl AttestationsApi {
    fn shown(&self, row: attestation::Model) -> Result<Attestation> {
        let statement = signed::open(&self.app.keys, &row.signed).ok_or(Reason::Internal)?;
        Ok(Attestation {
            id: row.id,
            verification_url: format!(
                "{}/verifier/{}",
                self.app.settings.http.public_url, row.code
            ),
            code: row.code,
            issued_at: row.issued_at,
            statement: statement.into(),
        })
    }
}

impl From<Statement> for StatementBody {
    fn from(said: Statement) -> Self {
        Self {
            module: said.module,
            title: said.title,
            version: said.version,
            tree_digest: said.tree_digest,
            extract: said.extract,
            provider: said.provider,
            completed_at: said.completed_at,
            duration_minutes: said.duration_minutes,
            percent: said.percent,
            pass_mark_percent: said.pass_mark_percent,
        }
    }
}
