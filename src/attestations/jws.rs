//! Opening what an attestation key signed: the public keys at hand are all that is asked, so that the
//! same code answers on the server and offline.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Header, Validation};
use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::keys::{Algorithm, KeyEntry, KeyRing, KeyUse};

/// Why a signed text is not what it says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Not three parts in base64url, a header and a body in JSON.
    #[error("it is no signed text, or it was cut")]
    Unreadable,
    /// Of another type than what is read here.
    #[error("it is not of the expected type")]
    Type,
    /// No attestation key of that identifier and algorithm.
    #[error("no attestation key at hand has signed it")]
    UnknownKey,
    /// The signature is not that of the key.
    #[error("the signature does not fit: something was altered")]
    Signature,
    /// Dated after the key had ceased to sign.
    #[error("the key had been retired by the date that it carries")]
    Outlived,
    /// Signed, but not the fields that are read here.
    #[error("it does not say what such a text says")]
    Content,
}

/// Signs claims with the newest attestation key of an algorithm. Answers its identifier and the compact
/// form (RFC 7515).
///
/// # Errors
/// When there is no such key, or signing fails.
pub fn sign(
    keys: &KeyRing,
    algorithm: Algorithm,
    fill: impl FnOnce(&mut Header, &str),
    claims: &impl Serialize,
) -> Result<(String, String)> {
    let missing = || anyhow::anyhow!("no attestation key signs with {}", algorithm.word());
    let (kid, key) = keys.attestation_signer(algorithm).ok_or_else(missing)?;
    let mut header = Header::new(algorithm.jwa());
    header.typ = None;
    header.kid = Some(kid.to_owned());
    fill(&mut header, kid);
    let signed = jsonwebtoken::encode(&header, claims, key);
    Ok((kid.to_owned(), signed.map_err(|error| Error::Internal(error.into()))?))
}

/// The claims of a compact form of that type, if an attestation key among `keys` signed it while it was
/// in force; `dated` reads when from the claims.
///
/// # Errors
/// What is wrong with it.
pub fn open<'k>(
    keys: &'k [KeyEntry],
    typ: Option<&str>,
    signed: &str,
    dated: impl FnOnce(&Value) -> Option<DateTime<Utc>>,
) -> Result<(&'k KeyEntry, Value), Flaw> {
    let header = jsonwebtoken::decode_header(signed).map_err(|_| Flaw::Unreadable)?;
    if header.typ.as_deref() != typ {
        return Err(Flaw::Type);
    }
    let kid = header.kid.ok_or(Flaw::UnknownKey)?;
    let signer = |key: &&KeyEntry| key.usage == KeyUse::Attestation && key.kid == kid;
    let entry = keys.iter().find(signer).ok_or(Flaw::UnknownKey)?;
    if header.alg != entry.algorithm.jwa() {
        return Err(Flaw::UnknownKey);
    }
    let mut rules = Validation::new(entry.algorithm.jwa());
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.set_required_spec_claims::<&str>(&[]);
    let key = entry.decoding().ok_or(Flaw::UnknownKey)?;
    let claims = jsonwebtoken::decode::<Value>(signed, &key, &rules);
    let claims = claims.map_err(|_| Flaw::Signature)?.claims;
    let at = dated(&claims).ok_or(Flaw::Content)?;
    if entry.retired_at.is_some_and(|retired| at > retired) {
        return Err(Flaw::Outlived);
    }
    Ok((entry, claims))
}
