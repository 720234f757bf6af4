//! Verification by anyone who has the code.

use std::sync::LazyLock;

use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};

use super::code;
use super::model::attestation;
use super::signed::{self, Statement};
use crate::error::Result;
use crate::keys::KeyRing;

/// A compact form of the usual length that nobody signed: what an unknown code is checked against,
/// so that it takes as long as a known one.
static DECOY: LazyLock<String> = LazyLock::new(|| {
    // {"typ":"maitrise-attestation+jwt","alg":"EdDSA"}
    format!(
        "eyJ0eXAiOiJtYWl0cmlzZS1hdHRlc3RhdGlvbitqd3QiLCJhbGciOiJFZERTQSJ9.{}.{}",
        "e30".repeat(150),
        "A".repeat(86)
    )
});

/// The statement behind a code; `None` for a code that leads nowhere, or whose record was altered.
///
/// # Errors
/// When the database fails.
pub async fn verify(
    conn: &impl ConnectionTrait,
    keys: &KeyRing,
    typed: &str,
) -> Result<Option<Statement>> {
    let code = code::normalise(typed).unwrap_or_default();
    let row = attestation::Entity::find()
        .filter(attestation::COLUMN.code.eq(code.clone()))
        .one(conn)
        .await?;
    let signed = row.as_ref().map_or(DECOY.as_str(), |row| row.signed.as_str());
    Ok(signed::open(keys, signed).filter(|statement| statement.code == code))
}
