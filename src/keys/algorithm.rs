//! The algorithms under which keys sign: how a key of each is made, kept in a file, published, used.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use jsonwebtoken::{DecodingKey, EncodingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPrivateKey, rand_core};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock;

/// Bits of an RSA key (RGS B1: 2048 at least, 3072 beyond 2030).
const RSA_BITS: usize = 3072;
/// The public exponent of every RSA key of ours, and how a JWK writes it.
const RSA_EXPONENT: (u32, &str) = (65_537, "AQAB");

/// How a key signs (RFC 7518, RFC 8037). All three give the same signature for the same bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// Ed25519.
    #[default]
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// ECDSA on P-256 with SHA-256, nonces drawn from the message (RFC 6979).
    #[serde(rename = "ES256")]
    Es256,
    /// RSA PKCS#1 v1.5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
}

impl Algorithm {
    /// Its name among JSON Web Algorithms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }

    /// The same, for what encodes and decodes.
    pub const fn jwa(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
        }
    }

    /// Whether it is the one that entries of `keys.toml` need not name.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls takes a reference")]
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// A new private key: its file (PKCS#8, PEM) and its public part.
    pub(super) fn generate(self) -> Result<(String, String), String> {
        let pem = match self {
            Self::EdDsa => SigningKey::from_bytes(&clock::random()).to_pkcs8_pem(LineEnding::LF),
            Self::Es256 => new_p256().to_pkcs8_pem(LineEnding::LF),
            Self::Rs256 => RsaPrivateKey::new(&mut System, RSA_BITS)
                .map_err(said)?
                .to_pkcs8_pem(LineEnding::LF),
        };
        let pem = pem.map_err(said)?.to_string();
        let public = self.public_of(&pem)?;
        Ok((pem, public))
    }

    /// The public part of a private key, in base64url: 32 bytes of Ed25519, the two coordinates of a
    /// point, the modulus of RSA.
    pub(super) fn public_of(self, pem: &str) -> Result<String, String> {
        Ok(match self {
            Self::EdDsa => {
                let key = SigningKey::from_pkcs8_pem(pem).map_err(said)?;
                encoded(key.verifying_key().as_bytes())
            }
            Self::Es256 => {
                let key = p256::SecretKey::from_pkcs8_pem(pem).map_err(said)?;
                // After the byte that says that both coordinates follow.
                encoded(&key.public_key().to_encoded_point(false).as_bytes()[1..])
            }
            Self::Rs256 => {
                let key = RsaPrivateKey::from_pkcs8_pem(pem).map_err(said)?;
                if *key.e() != BigUint::from(RSA_EXPONENT.0) {
                    return Err(format!("expected the exponent {}", RSA_EXPONENT.0));
                }
                encoded(&key.n().to_bytes_be())
            }
        })
    }

    /// What signs with a private key.
    pub(super) fn encoding(self, pem: &str) -> Result<EncodingKey, String> {
        let key = match self {
            Self::EdDsa => EncodingKey::from_ed_pem(pem.as_bytes()),
            Self::Es256 => EncodingKey::from_ec_pem(pem.as_bytes()),
            Self::Rs256 => EncodingKey::from_rsa_pem(pem.as_bytes()),
        };
        key.map_err(said)
    }

    /// What verifies with a public part; none when it is no such part.
    pub(super) fn decoding(self, public: &str) -> Option<DecodingKey> {
        match self {
            Self::EdDsa => DecodingKey::from_ed_components(public).ok(),
            Self::Es256 => {
                let (x, y) = coordinates(public)?;
                DecodingKey::from_ec_components(&x, &y).ok()
            }
            Self::Rs256 => DecodingKey::from_rsa_components(public, RSA_EXPONENT.1).ok(),
        }
    }

    /// A public part as a JWK (RFC 7518, RFC 8037), under an identifier.
    pub(super) fn jwk(self, kid: &str, public: &str) -> Value {
        let mut jwk = match self {
            Self::EdDsa => json!({ "kty": "OKP", "crv": "Ed25519", "x": public }),
            Self::Es256 => {
                let (x, y) = coordinates(public).unwrap_or_default();
                json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y })
            }
            Self::Rs256 => json!({ "kty": "RSA", "n": public, "e": RSA_EXPONENT.1 }),
        };
        jwk["alg"] = json!(self.word());
        jwk["use"] = json!("sig");
        jwk["kid"] = json!(kid);
        jwk
    }

    /// The algorithm and the public part that a JWK of ours tells; none of another.
    pub(super) fn of_jwk(jwk: &Value) -> Option<(Self, String)> {
        let text = |name: &str| jwk[name].as_str();
        match (text("kty")?, text("alg")?) {
            ("OKP", "EdDSA") => Some((Self::EdDsa, text("x")?.to_owned())),
            ("EC", "ES256") => {
                let part = |name| URL_SAFE_NO_PAD.decode(text(name)?).ok();
                Some((Self::Es256, encoded(&[part("x")?, part("y")?].concat())))
            }
            ("RSA", "RS256") if text("e")? == RSA_EXPONENT.1 => {
                Some((Self::Rs256, text("n")?.to_owned()))
            }
            _ => None,
        }
    }
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A key of P-256: nearly every 32 bytes are one.
fn new_p256() -> p256::SecretKey {
    loop {
        if let Ok(key) = p256::SecretKey::from_slice(&clock::random::<32>()) {
            return key;
        }
    }
}

/// The two coordinates of a point, each in base64url.
fn coordinates(public: &str) -> Option<(String, String)> {
    let bytes = URL_SAFE_NO_PAD.decode(public).ok().filter(|bytes| bytes.len() == 64)?;
    Some((encoded(&bytes[..32]), encoded(&bytes[32..])))
}

/// The system's randomness, as the making of RSA keys asks for it.
struct System;

impl rand_core::RngCore for System {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(clock::random())
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(clock::random())
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(32) {
            part.copy_from_slice(&clock::random::<32>()[..part.len()]);
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl rand_core::CryptoRng for System {}
