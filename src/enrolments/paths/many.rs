//! Where many people stand in a path.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::enrolments::many::Begun;
use crate::enrolments::model::path_enrolment;
use crate::error::Result;
use crate::records;
use crate::records::path_status::path_status;

/// Where those of these people who have begun a path before stand in it; the others are not in it.
///
/// # Errors
/// When the database fails.
pub async fn begun(
    conn: &impl ConnectionTrait,
    path_id: Uuid,
    people: &[Uuid],
) -> Result<HashMap<Uuid, Begun>> {
    let rows = path_enrolment::Entity::find()
        .filter(path_enrolment::Column::PathId.eq(path_id))
        .filter(path_enrolment::Column::PersonId.is_in(people.iter().copied()))
        .order_by_asc(path_enrolment::Column::Cycle)
        .all(conn)
        .await?;
    // In the order of their cycles: of several, the last is the one that stays.
    let latest: HashMap<Uuid, Uuid> = rows.iter().map(|row| (row.person_id, row.id)).collect();
    let ids: Vec<Uuid> = latest.values().copied().collect();
    let facts = match ids.is_empty() {
        true => HashMap::new(),
        false => records::read::by_enrolment(conn, &ids).await?,
    };
    let stands = |id: Uuid| {
        let status =
            path_status(facts.get(&id).map_or(&[][..], Vec::as_slice), DateTime::<Utc>::MAX_UTC);
        match status {
            status if status.completed_at.is_some() => Begun::Completed(id),
            status if status.withdrawn => Begun::MayAgain,
            _ => Begun::Follows(id),
        }
    };
    Ok(latest.into_iter().map(|(person, id)| (person, stands(id))).collect())
}
