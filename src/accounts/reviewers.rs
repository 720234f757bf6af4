//! Those who review, as another provider finds them: those in force at a provider, by name. Nobody
//! lists accounts: who is neither named nor at a provider that was chosen is not found.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::grants;
use super::model::{Role, account};
use crate::error::Result;
use crate::people::identity;

/// Most grants of a provider that are read.
const MOST: u64 = 200;

/// Somebody who reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    /// Their account.
    pub account_id: Uuid,
    /// Their name, given name first.
    pub name: String,
}

/// Those who review at a provider on that instant, by name; three statements.
///
/// # Errors
/// When the database fails.
pub async fn at_provider(
    conn: &impl ConnectionTrait,
    provider_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Reviewer>> {
    let held =
        grants::over_provider(conn, &[Role::Reviewer], provider_id, now, (MOST, None)).await?;
    let open = account::Entity::find()
        .filter(account::Column::Id.is_in(held.iter().map(|grant| grant.account_id)))
        .filter(account::COLUMN.disabled_at.is_null())
        .all(conn)
        .await?;
    let names = names(conn, open).await?.into_iter();
    let mut all: Vec<_> = names.map(|(account_id, name)| Reviewer { account_id, name }).collect();
    all.sort_by(|one, other| (&one.name, one.account_id).cmp(&(&other.name, other.account_id)));
    Ok(all)
}

/// How the persons of these accounts are called now, but for those whose name was erased; two
/// statements.
///
/// # Errors
/// When the database fails.
pub async fn named(
    conn: &impl ConnectionTrait,
    accounts: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let rows =
        account::Entity::find().filter(account::Column::Id.is_in(accounts)).all(conn).await?;
    names(conn, rows).await
}

async fn names(
    conn: &impl ConnectionTrait,
    accounts: Vec<account::Model>,
) -> Result<HashMap<Uuid, String>> {
    let people = identity::current_of(conn, accounts.iter().map(|row| row.person_id)).await?;
    let name = |row: account::Model| {
        let identity = people.get(&row.person_id)?;
        Some((row.id, format!("{} {}", identity.given_name, identity.family_name)))
    };
    Ok(accounts.into_iter().filter_map(name).collect())
}
