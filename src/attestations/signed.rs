//! The signed form: a compact JWS (RFC 7515) under an attestation key, whose type no access check
//! accepts.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::keys::{KeyRing, KeyUse};

/// The type that marks an attestation among JWS.
const TYPE: &str = "maitrise-attestation+jwt";

/// What an attestation says. No name: `holder` is a salted digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Issuer: the public URL of the service.
    pub iss: String,
    /// When it was issued, seconds.
    pub iat: i64,
    /// The verification code.
    pub code: String,
    /// Code of the module.
    pub module: String,
    /// Title of the module, in the version followed.
    pub title: String,
    /// Version followed.
    pub version: i32,
    /// Digest of that version's file tree.
    pub tree_digest: String,
    /// Whether the version was an extract of the module.
    pub extract: bool,
    /// Name of the provider.
    pub provider: String,
    /// When the module was completed.
    pub completed_at: DateTime<Utc>,
    /// Announced duration, in minutes.
    pub duration_minutes: i32,
    /// Best result, in whole percent; absent without a quiz.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u32>,
    /// Percent of right answers that passed.
    pub pass_mark_percent: i32,
    /// Salted digest of the holder's name.
    pub holder: String,
}

/// Signs a statement. Answers the key identifier and the compact form.
///
/// # Errors
/// When signing fails.
pub fn sign(keys: &KeyRing, statement: &Statement) -> Result<(String, String)> {
    let (kid, key) = keys.signer(KeyUse::Attestation);
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(kid.to_owned());
    let signed = jsonwebtoken::encode(&header, statement, key);
    Ok((kid.to_owned(), signed.map_err(|e| Error::Internal(e.into()))?))
}

/// The statement that a compact form carries, if an attestation key of ours signed it.
pub fn open(keys: &KeyRing, signed: &str) -> Option<Statement> {
    let header = jsonwebtoken::decode_header(signed).ok()?;
    if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TYPE) {
        return None;
    }
    let (entry, key) = keys.verifier(KeyUse::Attestation, &header.kid?)?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims::<&str>(&[]);
    let statement: Statement = jsonwebtoken::decode(signed, &key, &validation).ok()?.claims;
    // A key signs nothing after it has been retired.
    let outlived = entry.retired_at.is_some_and(|retired| statement.iat > retired.timestamp());
    (!outlived).then_some(statement)
}
