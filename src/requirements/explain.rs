//! Why somebody owes something, and why that day: in a sentence, and piece by piece.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::due::DueRule;
use super::exempt::standing;
use super::force;
use super::model::{requirement, requirement_version};
use crate::error::{Reason, Result};
use crate::obligations::model::obligation;
use crate::obligations::{self, Standing, Subject};
use crate::people::model::capacity;
use crate::references::model::{legal_reference, legal_reference_version};
use crate::territory::model::organisation;

/// Everything that explains an obligation.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The obligation.
    pub row: obligation::Model,
    /// Where it stands, and what happened to it.
    pub standing: Standing,
    /// The requirement that opened it,
    pub requirement: requirement::Model,
    /// in the version of then.
    pub version: requirement_version::Model,
    /// What it asks to complete.
    pub subject: Subject,
    /// The capacity under which it is owed.
    pub capacity: capacity::Model,
    /// Its organisation.
    pub organisation: organisation::Model,
    /// The text that it rests on, as it was known when the obligation opened.
    pub basis: Option<(String, legal_reference_version::Model)>,
    /// By when.
    pub due: DueRule,
}

/// Reads all that explains an obligation of a requirement.
///
/// # Errors
/// When the database fails.
pub async fn explain(
    conn: &impl ConnectionTrait,
    row: obligation::Model,
    now: DateTime<Utc>,
) -> Result<Explained> {
    let standing = standing(conn, &row, now).await?;
    let requirement = row.requirement_id.ok_or(Reason::NotFound)?;
    let version = row.requirement_version_id.ok_or(Reason::NotFound)?;
    let requirement = requirement::Entity::find_by_id(requirement).one(conn).await?;
    let version = requirement_version::Entity::find_by_id(version).one(conn).await?;
    let (requirement, version) = requirement.zip(version).ok_or(Reason::Internal)?;
    let (capacity, place) = standing.under;
    let (capacity, place) = capacity.zip(place).ok_or(Reason::Internal)?;
    let capacity = capacity::Entity::find_by_id(capacity).one(conn).await?;
    let organisation = organisation::Entity::find_by_id(place).one(conn).await?;
    let (capacity, organisation) = capacity.zip(organisation).ok_or(Reason::Internal)?;
    let subject = obligations::subjects(conn, std::slice::from_ref(&row)).await?.pop();
    let basis = law(conn, &version, row.opened_at).await?;
    let (_, due) = force::read(&version)?;
    let subject = subject.ok_or(Reason::Internal)?;
    Ok(Explained {
        row,
        standing,
        requirement,
        version,
        subject,
        capacity,
        organisation,
        basis,
        due,
    })
}

/// The text of a requirement, by its slug, as it was known at an instant, or as it was known first.
async fn law(
    conn: &impl ConnectionTrait,
    version: &requirement_version::Model,
    at: DateTime<Utc>,
) -> Result<Option<(String, legal_reference_version::Model)>> {
    let Some(id) = version.reference_id else { return Ok(None) };
    let text = legal_reference::Entity::find_by_id(id).one(conn).await?.ok_or(Reason::Internal)?;
    let mut known = legal_reference_version::Entity::find()
        .filter(legal_reference_version::Column::ReferenceId.eq(id))
        .order_by_asc(legal_reference_version::Column::Number)
        .all(conn)
        .await?;
    let then = known.iter().rposition(|row| row.recorded_at <= at).unwrap_or(0);
    if known.is_empty() {
        return Ok(None);
    }
    Ok(Some((text.slug, known.swap_remove(then))))
}
