//! The compact proof: what a QR code holds after the verification address. An Ed25519 JWS of at most 400
//! characters, so that a telephone reads it from paper; checked offline against the name typed.
//!
//! The digest of the name is salted with the verification code, 128 random bits that whoever shows the
//! document shows. No copy of it stands on the server but in `credential`, which is erased with the name.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::jws::{self, Flaw};
use crate::error::{Reason, Result};
use crate::keys::{Algorithm, KeyEntry, KeyRing};
use crate::text;

/// The longest that a proof may be, in characters.
pub const LONGEST: usize = 400;
/// Bytes of the digest of a name: what makes another name with the same digest impossible to find.
const NAME_BYTES: usize = 16;

/// What a proof says. Names are short because each character is ink.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Verification code.
    pub c: String,
    /// Code of the module.
    pub m: String,
    /// Version followed.
    pub v: i32,
    /// Digest of that version's files: SHA-256, base64url.
    pub d: String,
    /// Day of the completion, counted from 1970-01-01.
    pub t: u32,
    /// Place in the status lists: 131,072 times the number of the list, plus the position.
    pub i: u32,
    /// Digest of the holder's name, salted with the code.
    pub h: String,
}

impl Claims {
    /// The day of the completion.
    pub fn day(&self) -> Option<NaiveDate> {
        NaiveDate::default().checked_add_days(Days::new(u64::from(self.t)))
    }

    /// The digest of the version's files, in hexadecimal; none when it is no digest.
    pub fn tree_digest(&self) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.d).ok().filter(|bytes| bytes.len() == 32)?;
        Some(text::hex(&bytes))
    }

    /// Whether that is the holder's name, however it is typed.
    pub fn is_of(&self, name: &str) -> bool {
        self.h == name_digest(&self.c, name)
    }
}

/// A name as it is compared: case, accents, hyphens, apostrophes and the order of its words do not
/// matter, since people and registers write them each in their own way.
pub fn name_key(name: &str) -> String {
    // Apostrophes that Unicode counts among letters.
    let plain = name.replace(['\u{2bb}', '\u{2bc}', '\u{2bd}', '\u{2be}', '\u{2bf}'], " ");
    let folded = text::folded(&plain);
    let mut words: Vec<&str> = folded.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

/// The digest of a name, salted with a verification code.
pub fn name_digest(code: &str, name: &str) -> String {
    let digest = Sha256::digest(format!("{code}\n{}", name_key(name)));
    URL_SAFE_NO_PAD.encode(&digest[..NAME_BYTES])
}

/// Signs a proof with the newest Ed25519 key of attestations.
///
/// # Errors
/// When signing fails, or the proof would be too long for its place.
pub fn sign(keys: &KeyRing, claims: &Claims) -> Result<String> {
    let (_, signed) = jws::sign(keys, Algorithm::EdDsa, |_, _| (), claims)?;
    if signed.len() > LONGEST {
        return Err(Reason::Internal.into());
    }
    Ok(signed)
}

/// What a proof says, if an Ed25519 key of attestations signed it.
///
/// # Errors
/// What is wrong with it.
pub fn open<'k>(keys: &'k [KeyEntry], signed: &str) -> Result<(&'k KeyEntry, Claims), Flaw> {
    // The day alone is known: a key signs on the day on which it is retired.
    let dated = |claims: &serde_json::Value| {
        let day = u64::from(u32::try_from(claims["t"].as_u64()?).ok()?);
        let day = NaiveDate::default().checked_add_days(Days::new(day))?;
        Some(DateTime::<Utc>::from_naive_utc_and_offset(day.and_time(NaiveTime::MIN), Utc))
    };
    let (key, claims) = jws::open(keys, None, signed, dated)?;
    if key.algorithm != Algorithm::EdDsa {
        return Err(Flaw::UnknownKey);
    }
    Ok((key, serde_json::from_value(claims).map_err(|_| Flaw::Content)?))
}
