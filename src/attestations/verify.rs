//! Verification by anyone who has the code.

use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};

use super::code;
use super::model::attestation;
use super::proof;
use super::signed::{self, Statement};
use super::standing::{self, Standing};
use crate::error::Result;
use crate::keys::KeyRing;
use crate::people::model::identity;

/// An attestation that is genuine, whatever became of it since.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What it says.
    pub statement: Statement,
    /// Whether it still stands.
    pub standing: Standing,
    /// The row.
    pub row: attestation::Model,
}

/// What is behind a code; `None` for a code that leads nowhere, or whose record was altered. The
/// two may take a different time: a code has 128 random bits, and nobody finds one by trying.
///
/// # Errors
/// When the database fails.
pub async fn verify(
    conn: &impl ConnectionTrait,
    keys: &KeyRing,
    typed: &str,
) -> Result<Option<Verified>> {
    let Some(code) = code::normalise(typed) else { return Ok(None) };
    let row = attestation::Entity::find()
        .filter(attestation::COLUMN.code.eq(code.clone()))
        .one(conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let statement = signed::open(keys, &row.signed).filter(|statement| statement.code == code);
    let Some(statement) = statement else { return Ok(None) };
    let standing = standing::of_one(conn, &row).await?;
    Ok(Some(Verified { statement, standing, row }))
}

/// Whether a name is that of the holder, however it is typed; `None` once the name has been erased.
///
/// # Errors
/// When the database fails.
pub async fn is_of(
    conn: &impl ConnectionTrait,
    row: &attestation::Model,
    typed: &str,
) -> Result<Option<bool>> {
    let name = identity::Entity::find_by_id(row.identity_id).one(conn).await?;
    let key = |name: &str| proof::name_digest(&row.code, name);
    Ok(name.map(|name| key(&format!("{} {}", name.given_name, name.family_name)) == key(typed)))
}
