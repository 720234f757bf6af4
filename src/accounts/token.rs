//! Access tokens: JWT in the profile of RFC 9068 (`typ: at+jwt`), signed with Ed25519 under an
//! access key, good for minutes. What they allow is read from the database on each request.

use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock;
use crate::error::{Error, Reason, Result};
use crate::keys::{KeyRing, KeyUse};

/// The media type that marks an access token, so that no other JWT passes for one.
const TYPE: &str = "at+jwt";
/// The audience of the API's tokens.
const AUDIENCE: &str = "maitrise-api";

/// What an access token says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer: the public URL.
    iss: String,
    /// Audience.
    aud: String,
    /// Account.
    pub sub: Uuid,
    /// Generation of the account's tokens: a higher one revokes them all.
    #[serde(rename = "gen")]
    pub generation: i32,
    /// Token identifier.
    jti: Uuid,
    /// Issued at, seconds.
    iat: i64,
    /// Expires at, seconds.
    exp: i64,
}

/// Signs an access token for `minutes`.
///
/// # Errors
/// When signing fails.
pub fn issue(
    keys: &KeyRing,
    issuer: &str,
    account: (Uuid, i32),
    minutes: i64,
    now: DateTime<Utc>,
) -> Result<String> {
    let (kid, key) = keys.signer(KeyUse::Access);
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(kid.to_owned());
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: account.0,
        generation: account.1,
        jti: clock::new_id(),
        iat: now.timestamp(),
        exp: (now + Duration::minutes(minutes)).timestamp(),
    };
    jsonwebtoken::encode(&header, &claims, key).map_err(|e| Error::Internal(e.into()))
}

/// Verifies an access token: algorithm, type, key of the access set, issuer, audience, dates. A key
/// that is retired signs people in no more, not even with a token that says it is older: whoever
/// holds the key writes that date too.
///
/// # Errors
/// `unauthenticated`, the same for every flaw.
pub fn verify(keys: &KeyRing, issuer: &str, token: &str, now: DateTime<Utc>) -> Result<Claims> {
    let refused = || Error::from(Reason::Unauthenticated);
    let header = jsonwebtoken::decode_header(token).map_err(|_| refused())?;
    if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TYPE) {
        return Err(refused());
    }
    let kid = header.kid.ok_or_else(refused)?;
    let (entry, key) = keys.verifier(KeyUse::Access, &kid).ok_or_else(refused)?;
    if entry.retired_at.is_some() {
        return Err(refused());
    }
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    let claims: Claims =
        jsonwebtoken::decode(token, &key, &validation).map_err(|_| refused())?.claims;
    if now.timestamp() >= claims.exp {
        return Err(refused());
    }
    Ok(claims)
}
