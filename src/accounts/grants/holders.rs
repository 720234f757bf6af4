//! Who holds a role where, on an instant: whom things are told to, and who may be asked.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait as _, Select,
};
use uuid::Uuid;

use crate::accounts::model::{Role, ScopeKind, access_grant, account};
use crate::error::Result;

/// The persons who hold one of these roles over a provider on that instant, each once: whom what
/// happens to its modules is told to.
///
/// # Errors
/// When the database fails.
pub async fn people_of_provider(
    conn: &impl ConnectionTrait,
    roles: &[Role],
    provider_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    let held = in_force(roles, ScopeKind::Provider, now);
    people(conn, held.filter(access_grant::COLUMN.scope_id.eq(provider_id))).await
}

/// The same of several providers: each with a person who holds one of these roles over it, once.
///
/// # Errors
/// When the database fails.
pub async fn people_of_providers(
    conn: &impl ConnectionTrait,
    roles: &[Role],
    providers: &BTreeSet<Uuid>,
    now: DateTime<Utc>,
) -> Result<BTreeSet<(Uuid, Uuid)>> {
    let grants = in_force(roles, ScopeKind::Provider, now)
        .filter(access_grant::Column::ScopeId.is_in(providers.iter().copied()))
        .all(conn)
        .await?;
    let accounts = account::Entity::find()
        .filter(account::Column::Id.is_in(grants.iter().map(|grant| grant.account_id)))
        .filter(account::COLUMN.disabled_at.is_null())
        .all(conn)
        .await?;
    let people: HashMap<Uuid, Uuid> =
        accounts.into_iter().map(|account| (account.id, account.person_id)).collect();
    let pair =
        |grant: access_grant::Model| Some((grant.scope_id?, *people.get(&grant.account_id)?));
    Ok(grants.into_iter().filter_map(pair).collect())
}

/// The persons who hold one of these roles over the nation on that instant, each once.
///
/// # Errors
/// When the database fails.
pub async fn people_of_nation(
    conn: &impl ConnectionTrait,
    roles: &[Role],
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    people(conn, in_force(roles, ScopeKind::National, now)).await
}

/// The grants in force of these roles over a provider, latest first.
///
/// # Errors
/// When the database fails.
pub async fn over_provider(
    conn: &impl ConnectionTrait,
    roles: &[Role],
    provider_id: Uuid,
    now: DateTime<Utc>,
    (limit, before): (u64, Option<Uuid>),
) -> Result<Vec<access_grant::Model>> {
    let mut query = in_force(roles, ScopeKind::Provider, now)
        .filter(access_grant::COLUMN.scope_id.eq(provider_id));
    if let Some(id) = before {
        query = query.filter(access_grant::COLUMN.id.lt(id));
    }
    Ok(query.order_by_desc(access_grant::Column::Id).limit(limit).all(conn).await?)
}

/// Of those accounts, one in force that reviews at another provider than this one; none when there
/// is no such account, or it reviews nowhere else.
///
/// # Errors
/// When the database fails.
pub async fn reviewer_elsewhere(
    conn: &impl ConnectionTrait,
    which: Condition,
    provider_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<account::Model>> {
    let elsewhere = in_force(&[Role::Reviewer], ScopeKind::Provider, now)
        .filter(access_grant::COLUMN.scope_id.ne(provider_id));
    Ok(open_accounts(elsewhere).filter(which).one(conn).await?)
}

/// The grants of these roles over scopes of that kind that count on that instant.
fn in_force(roles: &[Role], kind: ScopeKind, now: DateTime<Utc>) -> Select<access_grant::Entity> {
    let columns = access_grant::COLUMN;
    access_grant::Entity::find()
        .filter(columns.scope_kind.eq(kind))
        .filter(access_grant::Column::Role.is_in(roles.iter().copied()))
        .filter(columns.valid_from.lte(now))
        .filter(columns.revoked_at.is_null())
        .filter(columns.valid_to.is_null().or(columns.valid_to.gt(now)))
}

/// The open accounts that hold one of those grants.
fn open_accounts(held: Select<access_grant::Entity>) -> Select<account::Entity> {
    let held = held.select_only().column(access_grant::Column::AccountId).into_query();
    account::Entity::find()
        .filter(account::Column::Id.in_subquery(held))
        .filter(account::COLUMN.disabled_at.is_null())
}

/// The persons of those accounts.
async fn people(
    conn: &impl ConnectionTrait,
    held: Select<access_grant::Entity>,
) -> Result<Vec<Uuid>> {
    Ok(open_accounts(held)
        .select_only()
        .column(account::Column::PersonId)
        .order_by_asc(account::Column::PersonId)
        .into_tuple()
        .all(conn)
        .await?)
}
