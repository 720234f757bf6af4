//! The rules: their defaults, reading them, turning one on or off.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::model::reminder_rule::{ActiveModel, Column, Entity, Model};
use crate::clock;
use crate::error::{Reason, Result};

/// Code, title and days from the due date of the rules that every installation begins with.
const DEFAULTS: [(&str, &str, i32); 3] = [
    ("due-in-7-days", "Sept jours avant l'échéance", -7),
    ("due-tomorrow", "La veille de l'échéance", -1),
    ("overdue", "Le lendemain de l'échéance", 1),
];

/// Inserts the default rules that are absent, enabled; those present are left as they are.
///
/// # Errors
/// When the database fails.
pub async fn seed(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
    let rows = DEFAULTS.map(|(code, title, offset_days)| ActiveModel {
        id: Set(clock::new_id()),
        code: Set(code.to_owned()),
        title: Set(title.to_owned()),
        offset_days: Set(offset_days),
        enabled: Set(true),
        revision: Set(1),
        updated_at: Set(now),
    });
    Entity::insert_many(rows)
        .on_conflict(OnConflict::column(Column::Code).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Every rule, the earliest to speak first.
///
/// # Errors
/// When the database fails.
pub async fn list_rules(conn: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let ordered = Entity::find().order_by_asc(Column::OffsetDays).order_by_asc(Column::Code);
    Ok(ordered.all(conn).await?)
}

/// A rule, kept from changing until the transaction ends.
///
/// # Errors
/// `not-found`.
pub async fn locked(tx: &DatabaseTransaction, id: Uuid) -> Result<Model> {
    let rule = Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    Ok(rule.ok_or(Reason::NotFound)?)
}

/// Turns a rule on or off; answers it as it is now. Messages that a rule has queued are not sent once
/// it is off.
///
/// # Errors
/// When the database fails.
pub async fn set_enabled(
    tx: &DatabaseTransaction,
    rule: Model,
    enabled: bool,
    now: DateTime<Utc>,
) -> Result<Model> {
    let revision = rule.revision + 1;
    let mut changed: ActiveModel = rule.into();
    changed.enabled = Set(enabled);
    changed.revision = Set(revision);
    changed.updated_at = Set(now);
    Ok(changed.update(tx).await?)
}
