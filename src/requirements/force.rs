//! Requirements as they are in force: read once for many people.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::Context as _;
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::audience::{Audience, Territories};
use super::decide::Terms;
use super::due::{DueRule, Milestones};
use super::model::{Counted, RequirementState, requirement_version};
use crate::catalogue::find;
use crate::catalogue::model::path_version;
use crate::error::{Result, found};
use crate::references::model::legal_reference_version;
use crate::references::rules::paris_day;
use crate::territory;

/// A version of a requirement, ready to be asked of people.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The version.
    pub version: requirement_version::Model,
    /// For whom.
    pub audience: Audience,
    /// By when.
    pub due: DueRule,
    /// The organisations that the audience names.
    pub territories: Territories,
    /// The days that it knows.
    pub milestones: Milestones,
    /// What it asks.
    pub terms: Terms,
    /// The least version that counts of an obligation that opens now.
    pub from_version: Option<i32>,
    /// The version of the path whose steps it asks.
    pub path_version: Option<i32>,
}

/// Every requirement in force, ready.
///
/// # Errors
/// When the database fails, or what is kept cannot be read any more.
pub async fn in_force(conn: &impl ConnectionTrait) -> Result<Vec<Ready>> {
    let rows = requirement_version::Entity::find()
        .filter(requirement_version::Column::State.ne(RequirementState::Written))
        .order_by_asc(requirement_version::Column::Number)
        .all(conn)
        .await?;
    let mut latest: BTreeMap<Uuid, (requirement_version::Model, Option<NaiveDate>)> =
        BTreeMap::new();
    for row in rows {
        let before = latest.get(&row.requirement_id).and_then(|(_, since)| *since);
        let since = match row.state {
            RequirementState::Enabled => before.or(Some(paris_day(row.recorded_at))),
            _ => None,
        };
        latest.insert(row.requirement_id, (row, since));
    }
    let enabled = latest.into_values().filter(|(row, _)| row.state == RequirementState::Enabled);
    ready(conn, enabled.collect()).await
}

/// Some versions, made ready, each with the day on which it was enabled; as many statements however
/// many there are, but for the territories that their audiences name.
///
/// # Errors
/// When the database fails, or what is kept cannot be read any more.
pub async fn ready(
    conn: &impl ConnectionTrait,
    versions: Vec<(requirement_version::Model, Option<NaiveDate>)>,
) -> Result<Vec<Ready>> {
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    let rows = || versions.iter().map(|(row, _)| row);
    let modules = find::latest_of(conn, rows().filter_map(|row| row.module_id)).await?;
    let paths = path_numbers(conn, rows().filter_map(|row| row.path_id).collect()).await?;
    let laws = law_days(conn, rows().filter_map(|row| row.reference_id).collect()).await?;
    let mut all = Vec::new();
    for (row, published_on) in &versions {
        let (audience, due) = read(row)?;
        let territories = territories(conn, &audience.references()).await?;
        let legal_on = row.reference_id.and_then(|id| laws.get(&id).copied());
        let current = row.module_id.and_then(|id| modules.get(&id)).map(|latest| latest.number);
        let from_version = match row.versions {
            Counted::Any => None,
            Counted::From => row.from_number,
            Counted::Current => current,
        };
        all.push(Ready {
            terms: terms(row, &due),
            milestones: Milestones { published_on: *published_on, legal_on },
            path_version: row.path_id.and_then(|id| paths.get(&id).copied()),
            version: row.clone(),
            audience,
            due,
            territories,
            from_version,
        });
    }
    Ok(all)
}

/// The audience and the due rule of a version.
///
/// # Errors
/// When what is kept cannot be read any more.
pub fn read(row: &requirement_version::Model) -> Result<(Audience, DueRule)> {
    let why = || format!("requirement version {} cannot be read", row.id);
    let audience = serde_json::from_value(row.audience.clone()).with_context(why)?;
    let due = serde_json::from_value(row.due.clone()).with_context(why)?;
    Ok((audience, due))
}

fn terms(row: &requirement_version::Model, due: &DueRule) -> Terms {
    let positive = |n: Option<i32>| n.and_then(|n| u32::try_from(n).ok());
    Terms {
        module_id: row.module_id,
        path_id: row.path_id,
        renewal_months: positive(row.renewal_months),
        window_days: positive(row.renewal_window_days).unwrap_or(0),
        accepts_months: positive(row.accepts_months),
        notice_days: due.notice_days,
    }
}

/// The number of the latest version of each of these paths.
async fn path_numbers(
    conn: &impl ConnectionTrait,
    paths: HashSet<Uuid>,
) -> Result<HashMap<Uuid, i32>> {
    let versions = path_version::Entity::find()
        .filter(path_version::Column::PathId.is_in(paths))
        .order_by_asc(path_version::Column::Number)
        .all(conn)
        .await?;
    Ok(versions.into_iter().map(|version| (version.path_id, version.number)).collect())
}

/// The day on which each of these texts, as known last, comes into force; none of a text without one.
async fn law_days(
    conn: &impl ConnectionTrait,
    texts: HashSet<Uuid>,
) -> Result<HashMap<Uuid, NaiveDate>> {
    let versions = legal_reference_version::Entity::find()
        .filter(legal_reference_version::Column::ReferenceId.is_in(texts))
        .order_by_asc(legal_reference_version::Column::Number)
        .all(conn)
        .await?;
    let mut days = HashMap::new();
    for version in versions {
        match version.in_force_from {
            Some(day) => days.insert(version.reference_id, day),
            None => days.remove(&version.reference_id),
        };
    }
    Ok(days)
}

/// The organisations that these references name, or named last.
pub(super) async fn territories(
    conn: &impl ConnectionTrait,
    references: &BTreeSet<&str>,
) -> Result<Territories> {
    let mut known = Territories::new();
    for reference in references {
        let parsed = reference.parse()?;
        if let Some(organisation) = found(territory::by_ref_ever(conn, &parsed).await)? {
            known.insert((*reference).to_owned(), organisation.id);
        }
    }
    Ok(known)
}
