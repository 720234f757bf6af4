//! The people of an organisation on a day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::model::{IdentityPurpose, capacity, identity};
use crate::error::Result;
use crate::text;

/// Most people listed at once.
const MOST: u64 = 1_000;

/// A person of the organisation, under one capacity.
#[derive(Clone, Debug)]
pub struct Line {
    /// The capacity.
    pub capacity: capacity::Model,
    /// Given name; empty once erased.
    pub given_name: String,
    /// Family name; empty once erased.
    pub family_name: String,
}

/// Those who hold a capacity in the organisation on a day, by name, at most 1,000: two statements.
///
/// # Errors
/// When the database fails.
pub async fn of(
    conn: &impl ConnectionTrait,
    organisation_id: Uuid,
    on: NaiveDate,
) -> Result<Vec<Line>> {
    let mut held = capacity::Entity::find()
        .filter(capacity::COLUMN.organisation_id.eq(organisation_id))
        .filter(capacity::COLUMN.valid_from.lte(on))
        .limit(MOST)
        .all(conn)
        .await?;
    held.retain(|c| c.valid_to.is_none_or(|end| on < end));
    let persons: Vec<Uuid> = held.iter().map(|c| c.person_id).collect();
    let names = identity::Entity::find()
        .filter(identity::Column::PersonId.is_in(persons))
        .filter(identity::Column::Purpose.eq(IdentityPurpose::Current))
        .all(conn)
        .await?;
    let names: BTreeMap<Uuid, identity::Model> =
        names.into_iter().map(|name| (name.person_id, name)).collect();
    let mut lines: Vec<Line> = held
        .into_iter()
        .map(|capacity| {
            let name = names.get(&capacity.person_id);
            Line {
                given_name: name.map(|n| n.given_name.clone()).unwrap_or_default(),
                family_name: name.map(|n| n.family_name.clone()).unwrap_or_default(),
                capacity,
            }
        })
        .collect();
    lines.sort_by_cached_key(|l| (text::folded(&l.family_name), text::folded(&l.given_name)));
    Ok(lines)
}
