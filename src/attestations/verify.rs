//! Verification by anyone who has the code.

use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};

use super::code;
use super::model::attestation;
use super::signed::{self, Statement};
use crate::error::Result;
use crate::keys::KeyRing;

/// The statement behind a code; `None` for a code that leads nowhere, or whose record was altered. The
/// two may take a different time: a code has 128 random bits, and nobody finds one by trying.
///
/// # Errors
/// When the database fails.
pub async fn verify(
    conn: &impl ConnectionTrait,
    keys: &KeyRing,
    typed: &str,
) -> Result<Option<Statement>> {
    let Some(code) = code::normalise(typed) else { return Ok(None) };
    let row = attestation::Entity::find()
        .filter(attestation::COLUMN.code.eq(code.clone()))
        .one(conn)
        .await?;
    let statement = row.and_then(|row| signed::open(keys, &row.signed));
    Ok(statement.filter(|statement| statement.code == code))
}
