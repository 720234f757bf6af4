//! Giving, listing and revoking grants. Nobody grants a role, a scope or an end date beyond their own,
//! and no one changes their own grants.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use super::model::{Role, access_grant, account};
use super::policy::{self, Action, Target};
use super::principal::{Held, Scope};
use super::{Principal, invite};
use crate::error::{Reason, Refusal, Result};
use crate::journal::{self, Entry};

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
/// to oneself.
pub async fn give(
    tx: &DatabaseTransaction,
    who: &Principal,
    wanted: Wanted,
    now: DateTime<Utc>,
) -> Result<access_grant::Model> {
    let target = target(wanted.scope, wanted.cdgs);
    let mine = may_give(who, wanted.role, &target)?;
    if wanted.account_id == who.account_id {
        return Err(too_wide("On ne modifie pas ses propres droits.", "Not one's own grants."));
    }
    let beyond = mine.valid_to.is_some_and(|end| wanted.until.is_none_or(|until| until > end));
    if beyond {
        return Err(too_wide(
            "La date de fin dépasse celle de votre propre droit.",
            "The end date is beyond that of your own grant.",
        ));
    }
    let account = account::Entity::find_by_id(wanted.account_id).one(tx).await?;
    let account = account.ok_or(Reason::NotFound)?;
    let by = Some(who.account_id);
    invite::give(tx, account.id, wanted.role, wanted.scope, wanted.until, by, now).await
}

/// Revokes a grant. Idempotent.
///
/// # Errors
/// `not-found` for a grant out of reach, `grant-too-wide` for one's own.
pub async fn revoke(
    tx: &DatabaseTransaction,
    who: &Principal,
    grant: access_grant::Model,
    cdgs: Vec<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    let scope = Scope::of(grant.scope_kind, grant.scope_id).ok_or(Reason::NotFound)?;
    may_give(who, grant.role, &target(scope, cdgs)).map_err(|_| Reason::NotFound)?;
    if grant.account_id == who.account_id {
        return Err(too_wide("On ne modifie pas ses propres droits.", "Not one's own grants."));
    }
    if grant.revoked_at.is_some() {
        return Ok(());
    }
    let id = grant.id;
    let mut revoked: access_grant::ActiveModel = grant.into();
    revoked.revoked_at = Set(Some(now));
    revoked.revoked_by = Set(Some(who.account_id));
    revoked.update(tx).await?;
    let entry = Entry {
        actor: Some(who.account_id),
        action: "grant.revoke",
        subject_kind: "grant",
        subject_id: id.to_string(),
        detail: json!({}),
    };
    journal::record(tx, entry, now).await
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

/// The grant by which the caller may give this role over this target.
fn may_give<'a>(who: &'a Principal, role: Role, target: &Target) -> Result<&'a Held> {
    policy::allow(who, Action::ManageGrants, target)?;
    let gives = |held: &&Held| {
        let role_fits = match held.role {
            Role::NationalAdmin => true,
            Role::CdgAdmin => role == Role::EmployerManager,
            _ => false,
        };
        role_fits && policy::covers(held.scope, target)
    };
    who.holding(Action::ManageGrants.roles()).find(gives).ok_or_else(|| {
        too_wide(
            "Ce rôle dépasse ceux que vous pouvez confier.",
            "This role is beyond yours to give.",
        )
    })
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

fn too_wide(fr: &str, en: &str) -> crate::error::Error {
    Refusal::new(Reason::GrantTooWide).because(fr, en).into()
}
