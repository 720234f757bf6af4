//! Finding attestations.

use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::code;
use super::model::attestation;
use crate::error::{Reason, Result};

/// Those of a person, latest first, at most `limit`, before the one `before` where given.
///
/// # Errors
/// When the database fails.
pub async fn of_person(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<attestation::Model>> {
    let mut theirs =
        attestation::Entity::find().filter(attestation::COLUMN.person_id.eq(person_id));
    if let Some(id) = before {
        theirs = theirs.filter(attestation::COLUMN.id.lt(id));
    }
    Ok(theirs.order_by_desc(attestation::Column::Id).limit(limit).all(conn).await?)
}

/// One of a person's.
///
/// # Errors
/// `not-found`, another's included.
pub async fn own(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    id: Uuid,
) -> Result<attestation::Model> {
    let row = attestation::Entity::find_by_id(id).one(conn).await?;
    row.filter(|a| a.person_id == person_id).ok_or_else(|| Reason::NotFound.into())
}

/// Anybody's, by its id or by its verification code as typed.
///
/// # Errors
/// `not-found`.
pub async fn any(conn: &impl ConnectionTrait, named: &str) -> Result<attestation::Model> {
    let row = match (named.parse::<Uuid>(), code::normalise(named)) {
        (Ok(id), _) => attestation::Entity::find_by_id(id).one(conn).await?,
        (_, Some(code)) => {
            let coded = attestation::COLUMN.code.eq(code);
            attestation::Entity::find().filter(coded).one(conn).await?
        }
        _ => None,
    };
    row.ok_or_else(|| Reason::NotFound.into())
}
