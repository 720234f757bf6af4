//! Opening accounts: for people whom an organisation knows, and for those who run the service.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

use super::links;
use super::model::{LinkKind, access_grant, account};
use super::principal::Scope;
use crate::clock;
use crate::config::TokenSettings;
use crate::error::{Reason, Result};
use crate::journal::{self, Entry};
use crate::people::identity::{self, NewPerson};
use crate::text;

/// Opens an account for a person who is not known yet.
///
/// # Errors
/// `account-exists` when the sign-in name is taken.
pub async fn open(
    tx: &DatabaseTransaction,
    new: &NewPerson,
    password_hash: Option<String>,
    now: DateTime<Utc>,
) -> Result<account::Model> {
    let sign_in_name = text::sign_in_name(&new.address);
    let taken = account::Entity::find()
        .filter(account::COLUMN.sign_in_name.eq(sign_in_name.clone()))
        .one(tx)
        .await?;
    if taken.is_some() {
        return Err(Reason::AccountExists.into());
    }
    let person_id = identity::create(tx, new, now).await?;
    let row = account::ActiveModel {
        id: Set(clock::new_id()),
        person_id: Set(person_id),
        sign_in_name: Set(sign_in_name),
        password_hash: Set(password_hash),
        generation: Set(1),
        created_at: Set(now),
        disabled_at: Set(None),
    };
    Ok(row.insert(tx).await?)
}

/// Opens an account and mails its invitation.
///
/// # Errors
/// `account-exists`.
pub async fn invite(
    tx: &DatabaseTransaction,
    new: &NewPerson,
    tokens: &TokenSettings,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<account::Model> {
    let account = open(tx, new, None, now).await?;
    links::send(tx, &account, LinkKind::Invitation, tokens, now).await?;
    let entry = Entry {
        actor: by,
        action: "account.invite",
        subject_kind: "account",
        subject_id: account.id.to_string(),
        detail: json!({}),
    };
    journal::record(tx, entry, now).await?;
    Ok(account)
}

/// Gives a grant, and journals it. Whether the giver may is decided before.
///
/// # Errors
/// When the database fails.
pub async fn give(
    tx: &DatabaseTransaction,
    account_id: Uuid,
    role: super::model::Role,
    scope: Scope,
    until: Option<DateTime<Utc>>,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<access_grant::Model> {
    use sea_orm::ActiveEnum as _;
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
    let entry = Entry {
        actor: by,
        action: "grant.give",
        subject_kind: "grant",
        subject_id: row.id.to_string(),
        detail: json!({ "account": account_id, "role": role.to_value(), "scope": scope_id }),
    };
    journal::record(tx, entry, now).await?;
    Ok(row)
}
