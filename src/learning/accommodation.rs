//! What is arranged for one learner: more time, more attempts. Dated, journalled, and without a reason:
//! it is often the person's health, which is nobody's business here (RGPD art. 9).

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel as _, QueryFilter, QueryOrder,
};
use serde_json::json;
use uuid::Uuid;

use super::model::{accommodation, attempt};
use super::rules::{self, Arranged};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::Edition;
use crate::clock;
use crate::enrolments::model::enrolment;
use crate::error::Result;
use crate::journal;

/// Whether `who` may arrange something in an enrolment: the provider's people, or the nation.
///
/// # Errors
/// `forbidden`, or `not-found` where their scope does not extend.
pub fn allow(who: &Principal, edition: &Edition) -> Result<()> {
    policy::allow(who, Action::Accommodate, &Target::Provider(edition.module.provider_id))
}

/// What was arranged last in an enrolment, if anything ever was.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    conn: &impl ConnectionTrait,
    enrolment_id: Uuid,
) -> Result<Option<accommodation::Model>> {
    Ok(accommodation::Entity::find()
        .filter(accommodation::COLUMN.enrolment_id.eq(enrolment_id))
        .order_by_desc(accommodation::Column::Number)
        .one(conn)
        .await?)
}

/// What holds in an enrolment.
///
/// # Errors
/// When the database fails.
pub async fn of(conn: &impl ConnectionTrait, enrolment_id: Uuid) -> Result<Arranged> {
    Ok(latest(conn, enrolment_id).await?.as_ref().map(arranged).unwrap_or_default())
}

/// What a row says.
pub fn arranged(row: &accommodation::Model) -> Arranged {
    let number = |n: i32| u32::try_from(n).unwrap_or(0);
    Arranged {
        extra_time_percent: number(row.extra_time_percent),
        extra_minutes: number(row.extra_minutes),
        extra_attempts: number(row.extra_attempts),
    }
}

/// Arranges something in an enrolment, which the caller holds, in the place of what was; an attempt
/// that is open ends accordingly, unless it is over. What holds already is not said twice.
///
/// # Errors
/// When the database fails.
pub async fn arrange(
    tx: &DatabaseTransaction,
    who: &Principal,
    enrolment: &enrolment::Model,
    edition: &Edition,
    wish: Arranged,
    now: DateTime<Utc>,
) -> Result<Option<accommodation::Model>> {
    let before = latest(tx, enrolment.id).await?;
    if before.as_ref().map(arranged).unwrap_or_default() == wish {
        return Ok(before);
    }
    let number = |n: u32| i32::try_from(n).map_err(anyhow::Error::from);
    let row = accommodation::Model {
        id: clock::new_id(),
        enrolment_id: enrolment.id,
        number: before.map_or(0, |row| row.number) + 1,
        extra_time_percent: number(wish.extra_time_percent)?,
        extra_minutes: number(wish.extra_minutes)?,
        extra_attempts: number(wish.extra_attempts)?,
        granted_at: now,
        granted_by: who.account_id,
    };
    let row = row.into_active_model().reset_all().insert(tx).await?;
    extend_open(tx, enrolment.id, edition, wish, now).await?;
    // How much was arranged hints at why: the journal, which others read, says only that it was.
    let detail = json!({ "number": row.number });
    let subject = ("enrolment", enrolment.id);
    journal::act(tx, Some(who.account_id), "accommodation.arrange", subject, detail, now).await?;
    Ok(Some(row))
}

/// Moves the end of the attempt that is open, if its time is not over.
async fn extend_open(
    tx: &DatabaseTransaction,
    enrolment_id: Uuid,
    edition: &Edition,
    wish: Arranged,
    now: DateTime<Utc>,
) -> Result<()> {
    let open = attempt::Entity::find()
        .filter(attempt::COLUMN.enrolment_id.eq(enrolment_id))
        .filter(attempt::COLUMN.submitted_at.is_null())
        .one(tx)
        .await?;
    let Some(open) = open.filter(|open| !rules::is_over(open.due_at, now)) else { return Ok(()) };
    // Taken back, it shortens the attempts to come, and none that was begun.
    let due_at = rules::due_at(&edition.content.manifest, wish, open.started_at).max(open.due_at);
    attempt::Entity::update_many()
        .col_expr(attempt::Column::DueAt, Expr::value(due_at))
        .filter(attempt::Column::Id.eq(open.id))
        .exec(tx)
        .await?;
    Ok(())
}
