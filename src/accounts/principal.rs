//! Whoever is asking: an account, its person, and the grants in force at this instant.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, EntityTrait, JoinType, QuerySelect, RelationDef};
use uuid::Uuid;

use super::model::{Role, ScopeKind, access_grant, account};
use crate::error::{Reason, Result};

/// What a grant extends over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// A provider of modules.
    Provider(Uuid),
    /// One organisation.
    Organisation(Uuid),
    /// The organisations affiliated to a CDG (its organisation id).
    Perimeter(Uuid),
    /// Everything.
    National,
    /// The installation itself, without personal data.
    Machine,
}

impl Scope {
    /// The scope a row stands for; a row without the id it needs stands for nothing.
    pub fn of(kind: ScopeKind, id: Option<Uuid>) -> Option<Self> {
        match kind {
            ScopeKind::Provider => id.map(Scope::Provider),
            ScopeKind::Organisation => id.map(Scope::Organisation),
            ScopeKind::Perimeter => id.map(Scope::Perimeter),
            ScopeKind::National => Some(Scope::National),
            ScopeKind::Machine => Some(Scope::Machine),
        }
    }

    /// The columns that keep this scope.
    pub fn columns(self) -> (ScopeKind, Option<Uuid>) {
        match self {
            Scope::Provider(id) => (ScopeKind::Provider, Some(id)),
            Scope::Organisation(id) => (ScopeKind::Organisation, Some(id)),
            Scope::Perimeter(id) => (ScopeKind::Perimeter, Some(id)),
            Scope::National => (ScopeKind::National, None),
            Scope::Machine => (ScopeKind::Machine, None),
        }
    }
}

/// A grant in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The grant.
    pub id: Uuid,
    /// What it lets do.
    pub role: Role,
    /// Over what.
    pub scope: Scope,
    /// Until when; for ever if absent.
    pub valid_to: Option<DateTime<Utc>>,
}

/// An account that has proved itself, with what it may do now. Having one proves that somebody is
/// signed in; what they may do is asked of [`super::policy::allow`].
#[derive(Clone, Debug)]
pub struct Principal {
    /// The account.
    pub account_id: Uuid,
    /// The person behind it.
    pub person_id: Uuid,
    /// Grants in force.
    pub grants: Vec<Held>,
}

impl Principal {
    /// Reads an account and its grants in force at `now`; `generation` is the one its token carries.
    ///
    /// # Errors
    /// `unauthenticated` for an account that is unknown, disabled, or whose tokens were all revoked.
    pub async fn load(
        conn: &impl ConnectionTrait,
        account_id: Uuid,
        generation: i32,
        now: DateTime<Utc>,
    ) -> Result<Principal> {
        // One statement, because it stands before every request.
        let rows = account::Entity::find_by_id(account_id)
            .select_also(access_grant::Entity)
            .join(JoinType::LeftJoin, grants_of_account())
            .all(conn)
            .await?;
        let (account, _) = rows.first().ok_or(Reason::Unauthenticated)?;
        if account.disabled_at.is_some() || account.generation != generation {
            return Err(Reason::Unauthenticated.into());
        }
        let person_id = account.person_id;
        let grants = rows.into_iter().filter_map(|(_, grant)| held(grant?, now)).collect();
        Ok(Principal { account_id, person_id, grants })
    }

    /// The grants that carry one of these roles.
    pub fn holding<'a>(&'a self, roles: &'a [Role]) -> impl Iterator<Item = &'a Held> {
        self.grants.iter().filter(|held| roles.contains(&held.role))
    }
}

fn grants_of_account() -> RelationDef {
    account::Entity::belongs_to(access_grant::Entity)
        .from(account::Column::Id)
        .to(access_grant::Column::AccountId)
        .into()
}

fn held(row: access_grant::Model, now: DateTime<Utc>) -> Option<Held> {
    let in_force = row.revoked_at.is_none()
        && row.valid_from <= now
        && row.valid_to.is_none_or(|end| now < end);
    let scope = Scope::of(row.scope_kind, row.scope_id)?;
    in_force.then_some(Held { id: row.id, role: row.role, scope, valid_to: row.valid_to })
}
