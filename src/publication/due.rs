//! The publications whose time has come, each settled in one transaction by whichever worker holds it
//! first.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::model::{ScheduleState, scheduled_publication};
use super::preview::{self, Change, House};
use super::{checklist, publish, schedule};
use crate::accounts::Principal;
use crate::accounts::model::account;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::model::{draft as draft_row, module};
use crate::catalogue::{find, version};
use crate::db::Db;
use crate::error::{Error, Reason, Result};
use crate::journal;
use crate::mail::model::Template;
use crate::mail::{self, Message};

/// Publications settled in one round: the rest wait for the next.
const AT_ONCE: u64 = 20;

/// How long the message that says what failed is worth sending.
const WORTH: Duration = Duration::days(30);

/// Publishes what is due at `now`; what the checklist lets through no more is not published, goes back
/// to its authors, and is told to its publisher. Any number of workers may do so at once. Answers how
/// many were settled by this one.
///
/// # Errors
/// The first failure; the other publications are settled all the same.
pub async fn publish_due(db: &Db, house: House, now: DateTime<Utc>) -> Result<u64> {
    let due = scheduled_publication::Entity::find()
        .filter(scheduled_publication::Column::State.eq(ScheduleState::Scheduled))
        .filter(scheduled_publication::COLUMN.at.lte(now))
        .order_by_asc(scheduled_publication::Column::At)
        .limit(AT_ONCE)
        .all(db.read())
        .await?;
    let (mut settled, mut failure) = (0, None);
    for row in due {
        match settle(db, &row, house, now).await {
            Ok(mine) => settled += u64::from(mine),
            Err(error) => failure = failure.or(Some(error)),
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
    let module = version::lock_module(&tx, desk.module.id).await?;
    let draft = draft_row::Entity::find_by_id(due.draft_id).lock_exclusive().one(&tx).await?;
    let desk = Desk { module, draft: draft.ok_or(Reason::Internal)? };
    let row = scheduled_publication::Entity::find_by_id(due.id).lock_exclusive().one(&tx).await?;
    // Another worker settled it, or somebody cancelled it, while this one waited.
    let Some(row) = row.filter(|row| row.state == ScheduleState::Scheduled) else {
        return Ok(false);
    };
    let outcome = happen(&tx, desk, row, house, now).await?;
    tx.commit().await?;
    tracing::info!(schedule = %due.id, ?outcome, "scheduled publication settled");
    Ok(true)
}

async fn desk_of(db: &Db, draft_id: Uuid) -> Result<Desk> {
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
    fail(tx, desk, row, broken, now).await?;
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

/// Records that it did not happen, gives the draft back, and tells whoever scheduled it.
async fn fail(
    tx: &DatabaseTransaction,
    desk: Desk,
    row: scheduled_publication::Model,
    broken: Vec<(&str, String)>,
    now: DateTime<Utc>,
) -> Result<()> {
    let codes = broken.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(" ");
    let lines = broken.iter().map(|(_, line)| format!("- {line}")).collect::<Vec<_>>();
    let names = find::names(tx, [desk.module.id]).await?;
    let title = names.get(&desk.module.id).map_or("", |name| name.title.as_str());
    let publisher = account::Entity::find_by_id(row.scheduled_by).one(tx).await?;
    let message = Message {
        template: Template::PublicationFailed,
        person_id: publisher.ok_or(Reason::Internal)?.person_id,
        subject_id: Some(row.id),
        context: json!({
            "module_code": desk.module.code, "module_title": title, "lines": lines.join("\n"),
            "planned_on": row.at.with_timezone(&chrono_tz::Europe::Paris).date_naive().to_string(),
        }),
        not_before: now,
        expires_at: now + WORTH,
    };
    mail::enqueue(tx, message, now).await?;
    let detail = json!({ "schedule": row.id, "checks": codes });
    journal::act(tx, None, "draft.publication_failed", ("draft", desk.draft.id), detail, now)
        .await?;
    draft::reopen(tx, desk, now).await?;
    schedule::settle(tx, row, ScheduleState::Failed, Some(codes), now).await
}
