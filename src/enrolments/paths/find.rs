//! Finding enrolments in paths: one's own, or nothing; and what a person has completed.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::accounts::Principal;
use crate::enrolments::model::path_enrolment;
use crate::error::{Reason, Result};
use crate::records;

/// An enrolment in a path of the signed-in person; anyone else's does not exist.
///
/// # Errors
/// `not-found`.
pub async fn own(
    conn: &impl ConnectionTrait,
    who: &Principal,
    id: Uuid,
) -> Result<path_enrolment::Model> {
    let row = path_enrolment::Entity::find_by_id(id).one(conn).await?;
    row.filter(|row| row.person_id == who.person_id).ok_or_else(|| Reason::NotFound.into())
}

/// A page of the signed-in person's, latest first, those before `before` where given.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &impl ConnectionTrait,
    who: &Principal,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<path_enrolment::Model>> {
    let mut query =
        path_enrolment::Entity::find().filter(path_enrolment::COLUMN.person_id.eq(who.person_id));
    if let Some(id) = before {
        query = query.filter(path_enrolment::COLUMN.id.lt(id));
    }
    Ok(query.order_by_desc(path_enrolment::Column::Id).limit(limit).all(conn).await?)
}

/// A module that a person has completed, in whatever version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Its code.
    pub module: String,
    /// The version completed.
    pub version: i64,
    /// Its announced duration then, in minutes.
    pub minutes: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The fact that says so.
    pub fact_id: Uuid,
}

/// What a person has completed, the earliest first; a superseded completion is none. What each fact
/// tells is believed: codes do not change.
///
/// # Errors
/// When the database fails.
pub async fn completed(conn: &impl ConnectionTrait, person_id: Uuid) -> Result<Vec<Done>> {
    let facts = records::read::completions(conn, person_id).await?;
    let done = facts.into_iter().filter_map(|fact| {
        Some(Done {
            module: fact.payload["module"].as_str()?.to_owned(),
            version: fact.payload["version"].as_i64().unwrap_or(0),
            minutes: fact.payload["duration_minutes"].as_i64().unwrap_or(0),
            at: fact.occurred_at,
            fact_id: fact.id,
        })
    });
    Ok(done.collect())
}
