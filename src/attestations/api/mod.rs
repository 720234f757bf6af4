//! My attestations, the public verification and keys.

mod credentials;
mod revocations;

pub use credentials::CredentialsApi;
pub use revocations::RevocationsApi;

use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::credential::{self, Maker};
use super::model::attestation;
use super::signed::{self, Statement};
use super::standing::{self, Standing};
use super::{find, revoke, verify};
use crate::app::App;
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::keys::{KeyEntry, KeyUse};

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
    /// Whether it still stands.
    status: AttestationStatus,
    /// Since when it is no longer merely genuine.
    #[oai(skip_serializing_if_is_none)]
    since: Option<DateTime<Utc>>,
    /// Why: what was said when it was revoked, `correction` or `later_version` when it is superseded.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    /// The sentence that goes with it.
    #[oai(skip_serializing_if_is_none)]
    sentence: Option<String>,
    /// What it attests.
    statement: StatementBody,
}

/// Whether an attestation still stands.
#[derive(Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
enum AttestationStatus {
    /// It does.
    Genuine,
    /// It does, and was replaced: by a correction, or because the law changed and the holder completed a
    /// later version.
    Superseded,
    /// It does not any more.
    Revoked,
}

impl From<&Standing> for AttestationStatus {
    fn from(standing: &Standing) -> Self {
        match (&standing.revoked, &standing.superseded) {
            (Some(_), _) => Self::Revoked,
            (None, Some(_)) => Self::Superseded,
            (None, None) => Self::Genuine,
        }
    }
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

/// What verification says: nothing about the person.
#[derive(Object)]
struct Verification {
    /// `genuine`, `superseded` (genuine, and replaced), `revoked`, or `unknown`.
    status: String,
    /// Since when it is superseded or revoked.
    #[oai(skip_serializing_if_is_none)]
    since: Option<DateTime<Utc>>,
    /// What is attested, unless unknown.
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
        Ok(Json(Attestations { items: self.shown(conn, rows).await?, next }))
    }

    /// One of my attestations
    #[oai(path = "/api/v1/attestations/:id", method = "get", operation_id = "get_attestation")]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Attestation>, Problem> {
        let conn = self.app.db.read();
        let row = find::own(conn, who.person_id, id.0).await?;
        Ok(Json(self.one(conn, row).await?))
    }

    /// Is this attestation genuine? For anyone who has its code
    #[oai(path = "/api/v1/verify/:code", method = "get", operation_id = "verify_attestation")]
    async fn verify(
        &self,
        #[oai(example = "crate::http::examples::code")] code: Path<String>,
    ) -> Result<Json<Verification>, Problem> {
        let found = verify::verify(self.app.db.read(), &self.app.keys, &code.0).await?;
        let status = found.as_ref().map_or("unknown", |found| found.standing.word()).to_owned();
        let since = found.as_ref().and_then(|found| found.standing.since());
        let statement = found.map(|found| found.statement.into());
        Ok(Json(Verification { status, since, statement }))
    }

    /// Public keys of attestations, with their dates; never removed
    #[oai(
        path = "/.well-known/attestation-keys.json",
        method = "get",
        operation_id = "attestation_keys"
    )]
    async fn keys(&self) -> Json<Value> {
        let keys = self.app.keys.public(KeyUse::Attestation).map(KeyEntry::dated_jwk);
        Json(json!({ "keys": keys.collect::<Vec<_>>() }))
    }
}

/// What makes credentials in an application.
pub fn maker(app: &App) -> Maker<'_> {
    Maker {
        shelf: &app.shelf,
        keys: &app.keys,
        algorithm: credential::algorithm(app.settings.keys.credential_algorithm),
        issuer: &app.settings.http.public_url,
        operator: &app.settings.operator.name,
    }
}

impl AttestationsApi {
    async fn one(
        &self,
        conn: &impl ConnectionTrait,
        row: attestation::Model,
    ) -> Result<Attestation> {
        Ok(self.shown(conn, vec![row]).await?.pop().ok_or(Reason::Internal)?)
    }

    async fn shown(
        &self,
        conn: &impl ConnectionTrait,
        rows: Vec<attestation::Model>,
    ) -> Result<Vec<Attestation>> {
        let mut standings = standing::of(conn, &rows).await?;
        let marked = standings.values().filter_map(|told| told.mark().map(|mark| mark.fact_id));
        let sentences = revoke::sentences(conn, marked.collect::<Vec<_>>()).await?;
        let whole = |row: attestation::Model| {
            let standing = standings.remove(&row.id).unwrap_or_default();
            let statement = signed::open(&self.app.keys, &row.signed).ok_or(Reason::Internal)?;
            let public_url = &self.app.settings.http.public_url;
            let mark = standing.mark();
            Ok(Attestation {
                id: row.id,
                verification_url: format!("{public_url}/verifier/{}", row.code),
                code: row.code,
                issued_at: row.issued_at,
                status: (&standing).into(),
                since: standing.since(),
                reason: mark.map(|mark| mark.reason.clone()),
                sentence: mark.and_then(|mark| sentences.get(&mark.fact_id).cloned()),
                statement: statement.into(),
            })
        };
        rows.into_iter().map(whole).collect()
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
