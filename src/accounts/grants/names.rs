//! The names of an organisation's people, which its managers may let its CDG read: for a time, taken
//! back at any moment, and written in the journal.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, IntoActiveModel as _, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use crate::accounts::Principal;
use crate::accounts::model::names_grant;
use crate::accounts::policy::Target;
use crate::clock;
use crate::error::{Faults, Reason, Result};
use crate::journal;

/// The names of an organisation's people as something to be asked of the policy: `cdgs` are those to
/// which it is affiliated that day; of them, those that it lets read its names are kept. A CDG that it
/// has left reads nothing, whatever was granted.
///
/// # Errors
/// When the database fails.
pub async fn target(
    conn: &impl ConnectionTrait,
    organisation_id: Uuid,
    cdgs: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Target> {
    let granted = list(conn, organisation_id).await?.into_iter().filter(|g| in_force(g, now));
    let cdgs = granted.map(|grant| grant.cdg_id).filter(|cdg| cdgs.contains(cdg)).collect();
    Ok(Target::Names { id: organisation_id, cdgs })
}

/// Lets a CDG read the names of an organisation's people, and enrol them; answers the grant, and
/// whether it is new: the same asked twice is one.
///
/// # Errors
/// `invalid-values` for an end that has passed.
pub async fn give(
    tx: &DatabaseTransaction,
    who: &Principal,
    (organisation_id, cdg_id): (Uuid, Uuid),
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(names_grant::Model, bool)> {
    let mut faults = Faults::default();
    let ahead = until.is_none_or(|until| now < until);
    faults.check(ahead, "/valid_to", "date à venir", "a date still to come");
    faults.refuse()?;
    let known = list(tx, organisation_id).await?;
    let same = |g: &names_grant::Model| g.cdg_id == cdg_id && g.valid_to == until;
    if let Some(same) = known.into_iter().find(|grant| same(grant) && in_force(grant, now)) {
        return Ok((same, false));
    }
    let row = names_grant::ActiveModel {
        id: Set(clock::new_id()),
        organisation_id: Set(organisation_id),
        cdg_id: Set(cdg_id),
        valid_from: Set(now),
        valid_to: Set(until),
        granted_by: Set(who.account_id),
        revoked_at: Set(None),
        revoked_by: Set(None),
    };
    let row = row.insert(tx).await?;
    let detail = json!({ "organisation": organisation_id, "cdg": cdg_id, "until": until });
    let subject = ("names-grant", row.id);
    journal::act(tx, Some(who.account_id), "names.grant", subject, detail, now).await?;
    Ok((row, true))
}

/// Takes back what was granted over an organisation's names. Idempotent.
///
/// # Errors
/// `not-found` for another organisation's grant.
pub async fn revoke(
    tx: &DatabaseTransaction,
    who: &Principal,
    organisation_id: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    let held = names_grant::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let held = held.filter(|grant| grant.organisation_id == organisation_id);
    let held = held.ok_or(Reason::NotFound)?;
    if held.revoked_at.is_some() {
        return Ok(());
    }
    let detail = json!({ "organisation": organisation_id, "cdg": held.cdg_id });
    let mut revoked = held.into_active_model();
    revoked.revoked_at = Set(Some(now));
    revoked.revoked_by = Set(Some(who.account_id));
    revoked.update(tx).await?;
    journal::act(tx, Some(who.account_id), "names.revoke", ("names-grant", id), detail, now).await
}

/// What an organisation granted over its names, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &impl ConnectionTrait,
    organisation_id: Uuid,
) -> Result<Vec<names_grant::Model>> {
    Ok(names_grant::Entity::find()
        .filter(names_grant::Column::OrganisationId.eq(organisation_id))
        .order_by_desc(names_grant::Column::Id)
        .all(conn)
        .await?)
}

fn in_force(grant: &names_grant::Model, now: DateTime<Utc>) -> bool {
    grant.revoked_at.is_none()
        && grant.valid_from <= now
        && grant.valid_to.is_none_or(|end| now < end)
}
