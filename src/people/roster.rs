//! The people of an organisation on a day.

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::identity::current_of;
use super::model::capacity;
use crate::error::Result;

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

/// Those who hold a capacity in the organisation on a day, the last recorded first, at most `limit`,
/// before the capacity `before` where given: two statements.
///
/// # Errors
/// When the database fails.
pub async fn of(
    conn: &impl ConnectionTrait,
    organisation_id: Uuid,
    on: NaiveDate,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<Line>> {
    let still = Condition::any()
        .add(capacity::Column::ValidTo.is_null())
        .add(capacity::Column::ValidTo.gt(on));
    let mut held = capacity::Entity::find()
        .filter(capacity::COLUMN.organisation_id.eq(organisation_id))
        .filter(capacity::COLUMN.valid_from.lte(on))
        .filter(still);
    if let Some(id) = before {
        held = held.filter(capacity::COLUMN.id.lt(id));
    }
    let held = held.order_by_desc(capacity::Column::Id).limit(limit).all(conn).await?;
    let names = current_of(conn, held.iter().map(|c| c.person_id)).await?;
    let line = |capacity: capacity::Model| {
        let name = names.get(&capacity.person_id);
        Line {
            given_name: name.map(|n| n.given_name.clone()).unwrap_or_default(),
            family_name: name.map(|n| n.family_name.clone()).unwrap_or_default(),
            capacity,
        }
    };
    Ok(held.into_iter().map(line).collect())
}
