//! Forgetting those who asked for an account and never proved their address.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait as _,
    QueryFilter, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use serde_json::json;

use super::model::capacity_claim;
use crate::accounts::model::{access_grant, account, one_use_link};
use crate::error::Result;
use crate::people::identity;
use crate::{journal, mail};

/// Days after which a request whose address was not proved is forgotten.
const FORGOTTEN_DAYS: i64 = 30;

/// Requests forgotten by one transaction.
const HANDFUL: u64 = 100;

/// Whether an account was asked for and its address never proved: no password, no grant, a claim
/// that has taken no effect.
///
/// # Errors
/// When the database fails.
pub async fn is_unproved(conn: &impl ConnectionTrait, account: &account::Model) -> Result<bool> {
    if account.password_hash.is_some() {
        return Ok(false);
    }
    let claims = capacity_claim::Entity::find()
        .filter(capacity_claim::COLUMN.person_id.eq(account.person_id))
        .all(conn)
        .await?;
    if claims.is_empty() || claims.iter().any(|claim| claim.capacity_id.is_some()) {
        return Ok(false);
    }
    let grants = access_grant::Entity::find()
        .filter(access_grant::COLUMN.account_id.eq(account.id))
        .count(conn)
        .await?;
    Ok(grants == 0)
}

/// Erases an account whose address was never proved, and everything that it says of somebody: what
/// stays is an id.
///
/// # Errors
/// When the database fails.
pub async fn erase(
    tx: &DatabaseTransaction,
    account: &account::Model,
    now: DateTime<Utc>,
) -> Result<()> {
    one_use_link::Entity::delete_many()
        .filter(one_use_link::COLUMN.account_id.eq(account.id))
        .exec(tx)
        .await?;
    capacity_claim::Entity::delete_many()
        .filter(capacity_claim::COLUMN.person_id.eq(account.person_id))
        .exec(tx)
        .await?;
    account::Entity::delete_by_id(account.id).exec(tx).await?;
    identity::erase(tx, account.person_id).await?;
    mail::queue::cancel_all_to(tx, account.person_id, now).await?;
    journal::act(tx, None, "account.forget", ("account", account.id), json!({}), now).await
}

/// Erases the accounts asked for thirty days ago whose address was never proved; answers how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_unproved(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64> {
    let late = capacity_claim::Entity::find()
        .select_only()
        .column(capacity_claim::Column::PersonId)
        .filter(capacity_claim::COLUMN.capacity_id.is_null())
        .filter(capacity_claim::COLUMN.claimed_at.lte(now - Duration::days(FORGOTTEN_DAYS)))
        .into_query();
    let accounts = account::Entity::find()
        .filter(account::Column::PersonId.in_subquery(late))
        .filter(account::COLUMN.password_hash.is_null())
        .order_by_asc(account::Column::Id)
        .limit(HANDFUL)
        .lock_exclusive()
        .all(tx)
        .await?;
    let mut forgotten = 0;
    for account in accounts {
        if is_unproved(tx, &account).await? {
            erase(tx, &account, now).await?;
            forgotten += 1;
        }
    }
    Ok(forgotten)
}
