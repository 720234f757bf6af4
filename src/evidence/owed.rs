//! What a completion satisfied: the obligations, the requirements that opened them in the version of then,
//! and the texts that these rest on as they were known at the completion.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::error::Result;
use crate::obligations::known::Known;
use crate::obligations::model::{ObligationOrigin, obligation};
use crate::records::model::fact;
use crate::references::model::{legal_reference, legal_reference_version};
use crate::requirements::model::{requirement, requirement_version};

/// An obligation that a completion satisfied.
#[derive(Clone, Debug)]
pub struct Satisfied {
    /// The obligation.
    pub row: obligation::Model,
    /// The requirement that opened it, by its code, in the version of then.
    pub requirement: Option<(String, requirement_version::Model)>,
    /// The text that it rests on, by its slug, as it was known at the completion.
    pub basis: Option<(String, legal_reference_version::Model)>,
}

/// What a completion of a version, by its number, satisfies; a superseded one satisfies nothing that a
/// requirement asks.
///
/// # Errors
/// When the database fails.
pub async fn satisfied_by(
    conn: &impl ConnectionTrait,
    completion: &fact::Model,
    number: i32,
    now: DateTime<Utc>,
) -> Result<Vec<Satisfied>> {
    let all = obligation::Entity::find()
        .filter(obligation::COLUMN.person_id.eq(completion.person_id))
        .order_by_asc(obligation::Column::Id)
        .all(conn)
        .await?;
    let required: Vec<&obligation::Model> =
        all.iter().filter(|row| row.origin == ObligationOrigin::Requirement).collect();
    let known = Known::about(conn, &required, now).await?;
    let satisfied = |row: &&obligation::Model| match row.origin {
        ObligationOrigin::Requirement => {
            known.satisfied(row).is_some_and(|done| done.fact_id == completion.id)
        }
        ObligationOrigin::Enrolment => row.enrolment_id == completion.enrolment_id,
        ObligationOrigin::LegalChange => {
            row.module_id == completion.module_id && row.from_version.is_none_or(|n| n <= number)
        }
    };
    let rows: Vec<obligation::Model> = all.iter().filter(satisfied).cloned().collect();
    with_their_law(conn, rows, completion.occurred_at).await
}

/// The same with what opened them; one statement each for requirements, versions, texts and their versions.
async fn with_their_law(
    conn: &impl ConnectionTrait,
    rows: Vec<obligation::Model>,
    at: DateTime<Utc>,
) -> Result<Vec<Satisfied>> {
    let ids = rows.iter().filter_map(|row| row.requirement_id);
    let codes = requirement::Entity::find().filter(requirement::Column::Id.is_in(ids));
    let codes: HashMap<Uuid, String> =
        codes.all(conn).await?.into_iter().map(|row| (row.id, row.code)).collect();
    let ids = rows.iter().filter_map(|row| row.requirement_version_id);
    let versions = requirement_version::Entity::find()
        .filter(requirement_version::Column::Id.is_in(ids))
        .all(conn)
        .await?;
    let texts = texts(conn, versions.iter().filter_map(|v| v.reference_id).collect(), at).await?;
    let with = |row: obligation::Model| {
        let version = versions.iter().find(|v| Some(v.id) == row.requirement_version_id).cloned();
        let basis = version.as_ref().and_then(|v| v.reference_id);
        let basis = basis.and_then(|id| texts.get(&id).cloned());
        let code = row.requirement_id.and_then(|id| codes.get(&id).cloned());
        Satisfied { row, requirement: code.zip(version), basis }
    };
    Ok(rows.into_iter().map(with).collect())
}

/// Texts of the register as they were known at an instant, or as they were known first.
async fn texts(
    conn: &impl ConnectionTrait,
    ids: Vec<Uuid>,
    at: DateTime<Utc>,
) -> Result<HashMap<Uuid, (String, legal_reference_version::Model)>> {
    let slugs = legal_reference::Entity::find()
        .filter(legal_reference::Column::Id.is_in(ids.iter().copied()))
        .all(conn)
        .await?;
    let slugs: HashMap<Uuid, String> = slugs.into_iter().map(|row| (row.id, row.slug)).collect();
    let versions = legal_reference_version::Entity::find()
        .filter(legal_reference_version::Column::ReferenceId.is_in(ids))
        .order_by_asc(legal_reference_version::Column::Number)
        .all(conn)
        .await?;
    let mut known = HashMap::new();
    for version in versions {
        let first = !known.contains_key(&version.reference_id);
        if let Some(slug) = slugs.get(&version.reference_id)
            && (first || version.recorded_at <= at)
        {
            known.insert(version.reference_id, (slug.clone(), version));
        }
    }
    Ok(known)
}
