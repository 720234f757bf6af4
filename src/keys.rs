//! Signing keys, which are files and never rows.
//!
//! Two sets that are never accepted for one another: `access` keys sign the short-lived tokens of
//! the API, `attestation` keys sign what must still verify in ten years. A folder holds one PEM file
//! (PKCS#8) per private key, `link.secret` for one-use links, and `keys.toml`, the
//! public part with its dates: a retired attestation key loses its private file, never its entry.

mod algorithm;
mod folder;

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;

pub use algorithm::Algorithm;
use folder::{check_pair, file, pem_path, read, read_manifest};
pub use folder::{create, create_link_secret, create_missing, create_of, list, retire};

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyUse {
    /// Access tokens of the API.
    Access,
    /// Attestations.
    Attestation,
}

impl KeyUse {
    /// The word used in file names and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            KeyUse::Access => "access",
            KeyUse::Attestation => "attestation",
        }
    }
}

/// The public part of a key, as `keys.toml` keeps it for ever.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeyEntry {
    /// Key identifier, carried by what it signs.
    pub kid: String,
    /// What it is for.
    #[serde(rename = "use")]
    pub usage: KeyUse,
    /// How it signs; Ed25519 where nothing is said.
    #[serde(default, skip_serializing_if = "Algorithm::is_default")]
    pub algorithm: Algorithm,
    /// The public key, in base64url.
    pub public: String,
    /// When it began to sign.
    pub created_at: DateTime<Utc>,
    /// When it stopped, if it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<DateTime<Utc>>,
    /// Made by the program for a demonstration: production refuses it.
    pub generated: bool,
}

impl KeyEntry {
    /// The public key as a JWK.
    pub fn jwk(&self) -> Value {
        self.algorithm.jwk(&self.kid, &self.public)
    }

    /// The same with the dates between which it signed: what is published of attestation keys.
    pub fn dated_jwk(&self) -> Value {
        let mut key = self.jwk();
        key["nbf"] = json!(self.created_at);
        key["retired_at"] = json!(self.retired_at);
        key
    }

    /// An attestation key as [`KeyEntry::dated_jwk`] tells it; none of what is no such key.
    pub fn of_dated_jwk(jwk: &Value) -> Option<Self> {
        let (algorithm, public) = Algorithm::of_jwk(jwk)?;
        let date = |name: &str| jwk[name].as_str().and_then(|at| at.parse().ok());
        Some(Self {
            kid: jwk["kid"].as_str()?.to_owned(),
            usage: KeyUse::Attestation,
            algorithm,
            public,
            created_at: date("nbf")?,
            retired_at: date("retired_at"),
            generated: false,
        })
    }

    /// What verifies with it; none when it is damaged.
    pub fn decoding(&self) -> Option<DecodingKey> {
        self.algorithm.decoding(&self.public)
    }
}

/// Every key of a running process.
pub struct KeyRing {
    entries: Vec<KeyEntry>,
    signers: Vec<(String, (KeyUse, Algorithm), EncodingKey)>,
    link_secret: [u8; 32],
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing").field("entries", &self.entries).finish_non_exhaustive()
    }
}

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file of the key folder cannot be read, written or understood.
    #[error("{path}: {why}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// There is no key to sign with.
    #[error("{folder}: no {what} key; make one with `maitrise keys new {what}`")]
    Missing {
        /// The key folder.
        folder: PathBuf,
        /// `access`, `attestation` or `link`.
        what: &'static str,
    },
    /// There is no attestation key that signs as the settings say.
    #[error(
        "{folder}: no attestation key signs with {word}, which keys.credential_algorithm asks for; make one with `maitrise keys new attestation --algorithm {word}`"
    )]
    MissingAlgorithm {
        /// The key folder.
        folder: PathBuf,
        /// `ES256` or `RS256`.
        word: &'static str,
    },
    /// Access tokens are signed with Ed25519.
    #[error("an access key signs with EdDSA, and nothing else")]
    AccessAlgorithm,
    /// No such key.
    #[error("no key named {0}; `maitrise keys list` shows them")]
    Unknown(String),
}

impl KeyRing {
    /// Reads the key folder.
    ///
    /// # Errors
    /// A missing or damaged file, or no key of some use to sign with.
    pub fn load(folder: &Path) -> Result<Self, KeyError> {
        let entries = read_manifest(folder)?.key;
        let mut signers = Vec::new();
        for entry in entries.iter().filter(|e| e.retired_at.is_none()) {
            let path = pem_path(folder, entry.usage, &entry.kid);
            let pem = read(&path)?;
            check_pair(&path, &pem, entry)?;
            let key = entry.algorithm.encoding(&pem).map_err(|e| file(&path, e))?;
            signers.push((entry.kid.clone(), (entry.usage, entry.algorithm), key));
        }
        let missing = |what| KeyError::Missing { folder: folder.to_owned(), what };
        for usage in [KeyUse::Access, KeyUse::Attestation] {
            if !signers.iter().any(|(_, what, _)| *what == (usage, Algorithm::EdDsa)) {
                return Err(missing(usage.word()));
            }
        }
        let path = folder.join("link.secret");
        if !path.exists() {
            return Err(missing("link"));
        }
        let secret = URL_SAFE_NO_PAD.decode(read(&path)?.trim()).unwrap_or_default();
        let link_secret =
            secret.try_into().map_err(|_| file(&path, "expected 32 bytes in base64url"))?;
        Ok(Self { entries, signers, link_secret })
    }

    /// A ring without keys: for describing the program, which signs nothing.
    pub fn empty() -> Self {
        Self { entries: Vec::new(), signers: Vec::new(), link_secret: [0; 32] }
    }

    /// The same ring, once it is known that some attestation key signs that way.
    ///
    /// # Errors
    /// When none does; `folder` is where one is to be made.
    pub fn signing_with(self, algorithm: Algorithm, folder: &Path) -> Result<Self, KeyError> {
        match self.attestation_signer(algorithm) {
            Some(_) => Ok(self),
            None => Err(KeyError::MissingAlgorithm {
                folder: folder.to_owned(),
                word: algorithm.word(),
            }),
        }
    }

    /// The key that signs now: the newest Ed25519 one of its use.
    pub fn signer(&self, usage: KeyUse) -> (&str, &EncodingKey) {
        self.newest((usage, Algorithm::EdDsa))
            .expect("load() refuses a ring without a signer of each use")
    }

    /// The newest attestation key that signs that way, if there is one.
    pub fn attestation_signer(&self, algorithm: Algorithm) -> Option<(&str, &EncodingKey)> {
        self.newest((KeyUse::Attestation, algorithm))
    }

    fn newest(&self, wanted: (KeyUse, Algorithm)) -> Option<(&str, &EncodingKey)> {
        let (kid, _, key) = self.signers.iter().rev().find(|(_, what, _)| *what == wanted)?;
        Some((kid, key))
    }

    /// The Ed25519 key that verifies what `kid` signed, among those of one use only.
    pub fn verifier(&self, usage: KeyUse, kid: &str) -> Option<(&KeyEntry, DecodingKey)> {
        let wanted =
            |e: &&KeyEntry| e.usage == usage && e.kid == kid && e.algorithm == Algorithm::EdDsa;
        let entry = self.entries.iter().find(wanted)?;
        Some((entry, entry.decoding()?))
    }

    /// The public keys of one use, oldest first.
    pub fn public(&self, usage: KeyUse) -> impl Iterator<Item = &KeyEntry> {
        self.entries.iter().filter(move |e| e.usage == usage)
    }

    /// Whether any key in force was made for a demonstration.
    pub fn any_generated(&self) -> bool {
        self.entries.iter().any(|e| e.generated && e.retired_at.is_none())
    }

    /// The authentication code of a message under the link secret (HMAC-SHA-256, RFC 2104).
    pub fn link_code(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.link_secret)
            .expect("HMAC takes a key of any length");
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn keys_are_made_rotated_and_retired_without_losing_their_public_part() {
        let dir = tempfile::tempdir().expect("a folder");
        let now = clock::Clock::default().now();
        create_missing(dir.path(), now).expect("keys");
        create_missing(dir.path(), now).expect("harmless twice");
        assert_eq!(list(dir.path()).expect("list").len(), 2);
        assert!(KeyRing::load(dir.path()).expect("ring").any_generated());
        let first = list(dir.path()).expect("list")[1].kid.clone();
        let second = create(dir.path(), KeyUse::Attestation, false, now).expect("another");
        retire(dir.path(), &first, now).expect("retired");
        let ring = KeyRing::load(dir.path()).expect("ring");
        assert_eq!(ring.signer(KeyUse::Attestation).0, second.kid);
        assert!(ring.verifier(KeyUse::Attestation, &first).is_some());
        assert!(ring.verifier(KeyUse::Access, &first).is_none(), "one set is not the other");
    }

    #[test]
    fn a_private_key_that_outlived_its_retirement_is_destroyed_by_asking_again() {
        let dir = tempfile::tempdir().expect("a folder");
        let now = clock::Clock::default().now();
        let kid = create(dir.path(), KeyUse::Access, false, now).expect("a key").kid;
        let path = pem_path(dir.path(), KeyUse::Access, &kid);
        let private = read(&path).expect("a private key");
        retire(dir.path(), &kid, now).expect("retired");
        // As a crash leaves it between the two files.
        std::fs::write(&path, private).expect("a file");
        let later = now + chrono::Duration::days(1);
        let again = retire(dir.path(), &kid, later).expect("asked again");
        assert!(!path.exists());
        assert_eq!(again.retired_at, Some(now), "it stopped signing the first time");
        assert!(retire(dir.path(), &kid, later).is_err(), "nothing is left to destroy");
    }

    #[test]
    fn a_key_of_any_algorithm_signs_after_a_restart_and_is_told_by_its_jwk() {
        let dir = tempfile::tempdir().expect("a folder");
        let now = clock::Clock::default().now();
        create_missing(dir.path(), now).expect("keys");
        let missing = KeyRing::load(dir.path()).expect("a ring");
        let missing = missing.signing_with(Algorithm::Es256, dir.path()).expect_err("none yet");
        assert!(missing.to_string().contains("--algorithm ES256"), "{missing}");
        for algorithm in [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256] {
            let made = create_of(dir.path(), (KeyUse::Attestation, algorithm), false, now);
            let made = made.expect("a key");
            let ring = KeyRing::load(dir.path()).expect("a ring");
            let (kid, key) = ring.attestation_signer(algorithm).expect("a signer");
            assert_eq!(kid, made.kid);
            let header = jsonwebtoken::Header::new(algorithm.jwa());
            let sign = || jsonwebtoken::encode(&header, &json!({ "a": 1 }), key).expect("signed");
            let signed = sign();
            assert_eq!(signed, sign(), "the same signature for the same bytes");
            let told = KeyEntry::of_dated_jwk(&made.dated_jwk()).expect("a key");
            assert_eq!((&told.public, told.algorithm), (&made.public, algorithm));
            let mut rules = jsonwebtoken::Validation::new(algorithm.jwa());
            rules.required_spec_claims.clear();
            let verifier = told.decoding().expect("a verifier");
            jsonwebtoken::decode::<Value>(&signed, &verifier, &rules).expect("genuine");
        }
        let access = create_of(dir.path(), (KeyUse::Access, Algorithm::Es256), false, now);
        assert!(matches!(access, Err(KeyError::AccessAlgorithm)));
    }

    #[test]
    fn an_empty_folder_says_which_command_makes_the_keys() {
        let dir = tempfile::tempdir().expect("a folder");
        let error = KeyRing::load(dir.path()).expect_err("nothing").to_string();
        assert!(error.contains("maitrise keys new access"), "{error}");
    }
}
