//! Giving, listing and revoking grants. Nobody grants a role, a scope or an end date beyond their own,
//! and no one changes their own grants.

mod holders;
pub mod names;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use super::model::{Role, access_grant, account};
use super::policy::{self, Action, Target};
use super::principal::Scope;
use super::{Principal, rules};
use crate::clock;
use crate::error::{Faults, Reason, Refusal, Result};
use crate::journal;

pub use holders::{
    over_provider, people_of_nation, people_of_provider, people_of_providers, reviewer_elsewhere,
};

/// A grant to be given.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// To whom.
    pub account_id: Uuid,
    /// What.
    pub role: Role,
    /// Over what.
    pub scope: Scope,
    /// The CDGs of the organisation in scope, when it is one.
    pub cdgs: Vec<Uuid>,
    /// Until when.
    pub until: Option<DateTime<Utc>>,
}

/// Gives a grant.
///
/// # Errors
/// `not-found` for an unknown account or a scope out of reach, `grant-too-wide` beyond one's own or
/// to oneself, `invalid-values` for an end that has passed.
pub async fn give(
    tx: &DatabaseTransaction,
    who: &Principal,
    wanted: Wanted,
    now: DateTime<Utc>,
) -> Result<access_grant::Model> {
    let target = target(wanted.scope, wanted.cdgs);
    rules::may_give(who, wanted.role, &target, wanted.until)?;
    not_ones_own(who, wanted.account_id)?;
    let mut faults = Faults::default();
    let ahead = wanted.until.is_none_or(|until| now < until);
    faults.check(ahead, "/valid_to", "date à venir", "a date still to come");
    faults.refuse()?;
    let account = account::Entity::find_by_id(wanted.account_id).one(tx).await?;
    let account = account.ok_or(Reason::NotFound)?;
    let by = Some(who.account_id);
    record(tx, account.id, wanted.role, wanted.scope, wanted.until, by, now).await
}

/// Writes a grant, and journals it. Whether the giver may is decided before.
///
/// # Errors
/// When the database fails.
pub async fn record(
    tx: &DatabaseTransaction,
    account_id: Uuid,
    role: Role,
    scope: Scope,
    until: Option<DateTime<Utc>>,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<access_grant::Model> {
    let (scope_kind, scope_id) = scope.columns();
    let row = access_grant::ActiveModel {
        id: Set(clock::new_id()),
        account_id: Set(account_id),
        role: Set(role),
        scope_kind: Set(scope_kind),
        scope_id: Set(scope_id),
        valid_from: Set(now),
        valid_to: Set(until),
        granted_by: Set(by),
        granted_at: Set(now),
        revoked_at: Set(None),
        revoked_by: Set(None),
    };
    let row = row.insert(tx).await?;
    let detail = json!({ "account": account_id, "role": role.to_value(), "scope": scope_id });
    journal::act(tx, by, "grant.give", ("grant", row.id), detail, now).await?;
    Ok(row)
}

/// Revokes a grant. Idempotent: of two at once, one revokes and the other finds it done. `cdgs` are
/// those of the organisation in scope, when it is one.
///
/// # Errors
/// `not-found` for a grant out of reach, `grant-too-wide` for one's own.
pub async fn revoke(
    tx: &DatabaseTransaction,
    who: &Principal,
    id: Uuid,
    cdgs: Vec<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    let grant = access_grant::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let grant = grant.ok_or(Reason::NotFound)?;
    let scope = Scope::of(grant.scope_kind, grant.scope_id).ok_or(Reason::NotFound)?;
    rules::gives(who, grant.role, &target(scope, cdgs)).map_err(|_| Reason::NotFound)?;
    not_ones_own(who, grant.account_id)?;
    if grant.revoked_at.is_some() {
        return Ok(());
    }
    let mut revoked: access_grant::ActiveModel = grant.into();
    revoked.revoked_at = Set(Some(now));
    revoked.revoked_by = Set(Some(who.account_id));
    revoked.update(tx).await?;
    journal::act(tx, Some(who.account_id), "grant.revoke", ("grant", id), json!({}), now).await
}

/// Grants that the caller reaches, latest first: all for the nation, those given by oneself otherwise.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &impl ConnectionTrait,
    who: &Principal,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<access_grant::Model>> {
    let national = policy::allow(who, Action::ManageGrants, &Target::National).is_ok();
    let mut query = access_grant::Entity::find();
    if !national {
        query = query.filter(access_grant::COLUMN.granted_by.eq(who.account_id));
    }
    if let Some(id) = before {
        query = query.filter(access_grant::COLUMN.id.lt(id));
    }
    Ok(query.order_by_desc(access_grant::Column::Id).limit(limit).all(conn).await?)
}

/// A grant by its id.
///
/// # Errors
/// `not-found`.
pub async fn find(conn: &impl ConnectionTrait, id: Uuid) -> Result<access_grant::Model> {
    access_grant::Entity::find_by_id(id).one(conn).await?.ok_or_else(|| Reason::NotFound.into())
}

/// What a grant's scope amounts to as a target. The nation may hand out the machine's keys: the
/// first administrator comes from the machine itself.
fn target(scope: Scope, cdgs: Vec<Uuid>) -> Target {
    match scope {
        Scope::Provider(id) => Target::Provider(id),
        Scope::Organisation(id) => Target::Organisation { id, cdgs },
        Scope::Perimeter(id) => Target::Perimeter(id),
        Scope::National | Scope::Machine => Target::National,
    }
}

fn not_ones_own(who: &Principal, account_id: Uuid) -> Result<()> {
    if account_id != who.account_id {
        return Ok(());
    }
    let (fr, en) = ("On ne modifie pas ses propres droits.", "Not one's own grants.");
    Err(Refusal::new(Reason::GrantTooWide).because(fr, en).into())
}
