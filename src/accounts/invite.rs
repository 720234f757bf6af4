//! Opening accounts: for people whom an organisation knows, and for those who run the service.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter,
};
use serde_json::json;
use uuid::Uuid;

use super::links;
use super::model::{LinkKind, account};
use crate::clock;
use crate::config::TokenSettings;
use crate::error::{Reason, Result};
use crate::journal;
use crate::people::capacity::{self, Detail, NewCapacity};
use crate::people::identity::{self, NewPerson};
use crate::people::model::{CapacityKind, Standing};
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
        .filter(account::COLUMN.sign_in_name.eq(sign_in_name))
        .one(tx)
        .await?;
    if taken.is_some() {
        return Err(Reason::AccountExists.into());
    }
    open_if_free(tx, new, password_hash, now).await?.ok_or_else(|| Reason::AccountExists.into())
}

/// The same for a sign-in name that was free a moment ago; nothing when another process has taken it
/// since, and the transaction is then to be rolled back.
///
/// # Errors
/// When the database fails.
pub async fn open_if_free(
    tx: &DatabaseTransaction,
    new: &NewPerson,
    password_hash: Option<String>,
    now: DateTime<Utc>,
) -> Result<Option<account::Model>> {
    let row = account::Model {
        id: clock::new_id(),
        person_id: identity::create(tx, new, now).await?,
        sign_in_name: text::sign_in_name(&new.address),
        password_hash,
        generation: 1,
        created_at: now,
        disabled_at: None,
    };
    let once = OnConflict::column(account::Column::SignInName).do_nothing().to_owned();
    let added = account::Entity::insert(row.clone().into_active_model().reset_all())
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    Ok((added > 0).then_some(row))
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
    journal::act(tx, by, "account.invite", ("account", account.id), json!({}), now).await?;
    Ok(account)
}

/// The post that someone invited holds in the organisation that invites them.
#[derive(Clone, Debug)]
pub struct Post {
    /// The organisation.
    pub organisation_id: Uuid,
    /// Élu or agent.
    pub kind: CapacityKind,
    /// Mandate, function, category.
    pub detail: Detail,
    /// First day.
    pub since: NaiveDate,
}

/// Opens an account for someone whose post in an organisation is thereby confirmed, and mails its
/// invitation. The journal keeps who confirmed whom, where, and not as what: that is personal.
///
/// # Errors
/// `account-exists`.
pub async fn into_organisation(
    tx: &DatabaseTransaction,
    new: &NewPerson,
    post: Post,
    tokens: &TokenSettings,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<account::Model> {
    let account = open(tx, new, None, now).await?;
    links::send(tx, &account, LinkKind::Invitation, tokens, now).await?;
    let new = NewCapacity {
        person_id: account.person_id,
        kind: post.kind,
        organisation_id: post.organisation_id,
        detail: post.detail,
        standing: Standing::Confirmed,
        source: "organisation".to_owned(),
        valid_from: post.since,
        recorded_by: Some(by),
    };
    let held = capacity::add(tx, new, now).await?;
    let detail = json!({
        "organisation": held.organisation_id,
        "capacity": held.id,
        "kind": held.kind.to_value(),
    });
    journal::act(tx, Some(by), "account.invite", ("account", account.id), detail, now).await?;
    Ok(account)
}
