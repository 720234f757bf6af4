//! The publications whose time has come, each settled in one transaction by whichever worker holds it
//! first.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::model::{ScheduleState, scheduled_publication};
use super::preview::{self, Change, House};
use super::{checklist, failed, publish, schedule};
use crate::accounts::Principal;
use crate::accounts::model::account;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::model::{draft as draft_row, module};
use crate::catalogue::version;
use crate::db::Db;
use crate::error::{Error, Reason, Result};

/// Publications settled in one round: the rest wait for the next.
const AT_ONCE: u64 = 20;

/// Publishes what is due at `now`; what the checklist lets through no more is not published, goes back
/// to its authors, and is told to its publisher. So does, in the end, what breaks off each time it is
/// tried. Any number of workers may do so at once. Answers how many were settled by this one.
///
/// # Errors
/// The first failure; the other publications are settled all the same.
pub async fn publish_due(db: &Db, house: House, now: DateTime<Utc>) -> Result<u64> {
    use scheduled_publication::Column;
    let due = scheduled_publication::Entity::find()
        .filter(scheduled_publication::Column::State.eq(ScheduleState::Scheduled))
        .filter(scheduled_publication::COLUMN.at.lte(now))
        .filter(Column::RetryAt.is_null().or(Column::RetryAt.lte(now)))
        // One that broke off waits behind those that are due since: it starves nobody.
        .order_by_asc(Func::coalesce([Expr::col(Column::RetryAt), Expr::col(Column::At)]))
        .limit(AT_ONCE)
        .all(db.read())
        .await?;
    let (mut settled, mut failure) = (0, None);
    for row in due {
        match settle(db, &row, house, now).await {
            Ok(mine) => settled += u64::from(mine),
            Err(error) => {
                tracing::error!(schedule = %row.id, %error, "a publication could not be settled");
                let given_up = failed::broke_off(db, &row, now).await;
                settled += u64::from(*given_up.as_ref().unwrap_or(&false));
                failure = failure.or(Some(error)).or(given_up.err());
            }
        }
    }
    failure.map_or(Ok(settled), Err)
}

/// Settles one; answers whether it was still to be settled.
async fn settle(
    db: &Db,
    due: &scheduled_publication::Model,
    house: House,
    now: DateTime<Utc>,
) -> Result<bool> {
    // What is long is done before anything is held.
    let desk = desk_of(db, due.draft_id).await?;
    draft::reading(db.read(), &desk, now.date_naive()).await?;
    let tx = db.begin_write().await?;
    let Some((desk, row)) = held(&tx, desk.module.id, due).await? else { return Ok(false) };
    let outcome = happen(&tx, desk, row, house, now).await?;
    tx.commit().await?;
    tracing::info!(schedule = %due.id, ?outcome, "scheduled publication settled");
    Ok(true)
}

/// A publication to come and its draft, held with the module; none when another worker settled it, or
/// somebody cancelled it, while this one waited.
pub(super) async fn held(
    tx: &DatabaseTransaction,
    module_id: Uuid,
    due: &scheduled_publication::Model,
) -> Result<Option<(Desk, scheduled_publication::Model)>> {
    let module = version::lock_module(tx, module_id).await?;
    let draft = draft_row::Entity::find_by_id(due.draft_id).lock_exclusive().one(tx).await?;
    let desk = Desk { module, draft: draft.ok_or(Reason::Internal)? };
    let row = scheduled_publication::Entity::find_by_id(due.id).lock_exclusive().one(tx).await?;
    let row = row.filter(|row| row.state == ScheduleState::Scheduled);
    Ok(row.map(|row| (desk, row)))
}

/// The draft of a publication to come, and its module, as they are now.
pub(super) async fn desk_of(db: &Db, draft_id: Uuid) -> Result<Desk> {
    let draft = draft_row::Entity::find_by_id(draft_id).one(db.read()).await?;
    let draft = draft.ok_or(Reason::Internal)?;
    let module = module::Entity::find_by_id(draft.module_id).one(db.read()).await?;
    Ok(Desk { module: module.ok_or(Reason::Internal)?, draft })
}

/// Publishes, or says why not, in the transaction of the caller.
async fn happen(
    tx: &DatabaseTransaction,
    desk: Desk,
    row: scheduled_publication::Model,
    house: House,
    now: DateTime<Utc>,
) -> Result<ScheduleState> {
    let months = row.due_in_months.and_then(|months| u32::try_from(months).ok());
    let change = Change { kind: row.change_kind, due_in_months: months };
    let considered = preview::consider(tx, &desk, change, house, now).await?;
    let mut broken: Vec<(&str, String)> = considered
        .preview
        .checks
        .iter()
        .filter(|check| check.stops())
        .map(|check| (check.code, format!("{} — {}", check.asks.0, check.remedy.0)))
        .collect();
    if !may_publish(tx, &desk, &row, now).await? {
        let why = "qui l’a programmée peut encore publier pour ce fournisseur".to_owned();
        broken.push(("publisher", why));
    }
    let same = considered.reading.tree.digest().to_string() == row.tree_digest;
    let frozen = checklist::must_hold(desk.draft.state, &[]).is_ok();
    if broken.is_empty() && same && frozen {
        let (note, by) = (row.note.clone(), row.scheduled_by);
        publish::issue(tx, desk, considered, change, note, by, now).await?;
        schedule::settle(tx, row, ScheduleState::Published, None, now).await?;
        return Ok(ScheduleState::Published);
    }
    if !same || !frozen {
        broken.push(("changed", "les fichiers sont ceux qui ont été relus".to_owned()));
    }
    failed::fail(tx, desk, row, broken, now).await?;
    Ok(ScheduleState::Failed)
}

/// Whether whoever scheduled it may still publish it: their account is open, their role in force.
async fn may_publish(
    tx: &DatabaseTransaction,
    desk: &Desk,
    row: &scheduled_publication::Model,
    now: DateTime<Utc>,
) -> Result<bool> {
    let known = account::Entity::find_by_id(row.scheduled_by).one(tx).await?;
    let Some(known) = known else { return Ok(false) };
    let who = match Principal::load(tx, known.id, known.generation, now).await {
        Ok(who) => who,
        Err(Error::Refused(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    Ok(policy::allow(&who, Action::Publish, &Target::Provider(desk.module.provider_id)).is_ok())
}
