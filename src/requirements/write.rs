//! Writing requirements: a new one, a new version. Nothing is asked of anybody before a version is
//! enabled.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::model::{RequirementState, requirement, requirement_version};
use super::resolve::{Resolved, resolve};
use super::rules::{self, Draft};
use crate::clock;
use crate::error::{Error, Faults, Reason, Result};
use crate::journal;
use crate::references::rules::paris_day;

/// A requirement with its latest version.
#[derive(Clone, Debug)]
pub struct Held {
    /// The requirement.
    pub requirement: requirement::Model,
    /// Its latest version.
    pub latest: requirement_version::Model,
}

/// Writes a requirement that was not known, as its version 1; nobody owes anything by it yet.
///
/// # Errors
/// `invalid-values`; `requirement-code-taken`.
pub async fn create(
    tx: &DatabaseTransaction,
    by: Option<Uuid>,
    code: &str,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<Held> {
    let mut faults = Faults::default();
    faults.check(
        rules::is_code(code),
        "/code",
        "de 1 à 60 lettres minuscules, chiffres et tirets",
        "1 to 60 lower-case letters, digits and hyphens",
    );
    faults.refuse()?;
    rules::check(draft, paris_day(now)).map_err(in_version)?;
    let resolved = resolve(tx, draft).await.map_err(in_version)?;
    let row = requirement::Model { id: clock::new_id(), code: code.to_owned(), created_at: now };
    let once = OnConflict::column(requirement::Column::Code).do_nothing().to_owned();
    let added = requirement::Entity::insert(row.clone().into_active_model().reset_all())
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    if added == 0 {
        return Err(Reason::RequirementCodeTaken.into());
    }
    let latest = add(tx, written(row.id, 1, draft, &resolved, by, now)).await?;
    let held = Held { requirement: row, latest };
    journalled(tx, &held, by, "requirement.create", now).await?;
    Ok(held)
}

/// What is at fault in a version that comes with a code stands under it in the body.
fn in_version(error: Error) -> Error {
    match error {
        Error::Refused(mut refusal) => {
            for fault in &mut refusal.faults {
                fault.at = format!("/version{}", fault.at);
            }
            Error::Refused(refusal)
        }
        other => other,
    }
}

/// Writes a requirement of the binary that is not known: out of force, for a reason. One whose module,
/// path, text or territory is not there is left out; answers whether it was written.
///
/// # Errors
/// When the database fails.
pub(super) async fn ship(
    tx: &DatabaseTransaction,
    code: &str,
    draft: &Draft,
    why: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let known = requirement::Entity::find().filter(requirement::COLUMN.code.eq(code)).one(tx);
    if known.await?.is_some() {
        return Ok(false);
    }
    let resolved = match resolve(tx, draft).await {
        Err(Error::Refused(_)) => return Ok(false),
        resolved => resolved?,
    };
    let row = requirement::Model { id: clock::new_id(), code: code.to_owned(), created_at: now };
    row.clone().into_active_model().reset_all().insert(tx).await?;
    let version = requirement_version::Model {
        state: RequirementState::Disabled,
        reason: Some(why.to_owned()),
        ..written(row.id, 1, draft, &resolved, None, now)
    };
    let held = Held { requirement: row, latest: add(tx, version).await? };
    journalled(tx, &held, None, "requirement.create", now).await?;
    Ok(true)
}

/// A requirement, kept from changing until the transaction ends, with its latest version.
///
/// # Errors
/// `not-found`.
pub async fn locked(tx: &DatabaseTransaction, code: &str) -> Result<Held> {
    let requirement = requirement::Entity::find()
        .filter(requirement::COLUMN.code.eq(code))
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Reason::NotFound)?;
    let latest = history(tx, requirement.id).await?.pop().ok_or(Reason::Internal)?;
    Ok(Held { requirement, latest })
}

/// A requirement with its latest version.
///
/// # Errors
/// `not-found`.
pub async fn by_code(conn: &impl ConnectionTrait, code: &str) -> Result<Held> {
    let found = requirement::Entity::find().filter(requirement::COLUMN.code.eq(code)).one(conn);
    let requirement = found.await?.ok_or(Reason::NotFound)?;
    let latest = history(conn, requirement.id).await?.pop().ok_or(Reason::Internal)?;
    Ok(Held { requirement, latest })
}

/// Every requirement with its latest version.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Held>> {
    let rows = requirement_version::Entity::find()
        .order_by_asc(requirement_version::Column::Number)
        .all(conn)
        .await?;
    let mut latest: HashMap<Uuid, requirement_version::Model> =
        rows.into_iter().map(|row| (row.requirement_id, row)).collect();
    let requirements = requirement::Entity::find().all(conn).await?;
    let held = |requirement: requirement::Model| {
        let latest = latest.remove(&requirement.id)?;
        Some(Held { requirement, latest })
    };
    Ok(requirements.into_iter().filter_map(held).collect())
}

/// The versions of a requirement, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn history(
    conn: &impl ConnectionTrait,
    requirement_id: Uuid,
) -> Result<Vec<requirement_version::Model>> {
    Ok(requirement_version::Entity::find()
        .filter(requirement_version::COLUMN.requirement_id.eq(requirement_id))
        .order_by_asc(requirement_version::Column::Number)
        .all(conn)
        .await?)
}

/// Writes a new version of a requirement that is held. What is in force stays so until the new version
/// is enabled.
///
/// # Errors
/// `invalid-values`.
pub async fn revise(
    tx: &DatabaseTransaction,
    by: Uuid,
    held: Held,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<Held> {
    rules::check(draft, paris_day(now))?;
    let resolved = resolve(tx, draft).await?;
    let number = held.latest.number + 1;
    let row = written(held.requirement.id, number, draft, &resolved, Some(by), now);
    let held = Held { latest: add(tx, row).await?, ..held };
    journalled(tx, &held, Some(by), "requirement.revise", now).await?;
    Ok(held)
}

pub(super) async fn add(
    tx: &DatabaseTransaction,
    row: requirement_version::Model,
) -> Result<requirement_version::Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

pub(super) async fn journalled(
    tx: &DatabaseTransaction,
    held: &Held,
    by: Option<Uuid>,
    action: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let detail = json!({ "number": held.latest.number });
    journal::act(tx, by, action, ("requirement", &held.requirement.code), detail, now).await
}

fn written(
    requirement_id: Uuid,
    number: i32,
    draft: &Draft,
    resolved: &Resolved,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> requirement_version::Model {
    let whole = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    requirement_version::Model {
        id: clock::new_id(),
        requirement_id,
        number,
        title_fr: draft.title_fr.clone(),
        title_en: draft.title_en.clone(),
        force: draft.force,
        module_id: resolved.module_id,
        path_id: resolved.path_id,
        audience: json!(draft.audience),
        due: json!(draft.due),
        renewal_months: draft.renewal.map(|(months, _)| whole(months)),
        renewal_window_days: draft.renewal.map(|(_, days)| whole(days)),
        reference_id: resolved.reference_id,
        accepts_months: draft.accepts_months.map(whole),
        versions: draft.versions,
        from_number: draft.from_number,
        agreed_only: draft.agreed_only,
        state: RequirementState::Written,
        reason: None,
        recorded_by: by,
        recorded_at: now,
    }
}
