//! Publications to come: scheduled by a publisher, cancelled or settled once.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use super::model::{ScheduleState, scheduled_publication};
use super::preview::House;
use super::publish::{Request, agreed};
use super::rules;
use crate::accounts::Principal;
use crate::accounts::policy::Action;
use crate::catalogue::draft;
use crate::clock;
use crate::content::ModuleCode;
use crate::error::{Reason, Refusal, Result};
use crate::journal;

/// Schedules the publication of a reviewed draft: everything that publishing asks holds now, and is
/// asked again at that instant. The draft stays frozen meanwhile.
///
/// # Errors
/// Those of publishing, and `invalid-values` for an instant that is past or over a year away.
pub async fn schedule(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    request: Request,
    at: DateTime<Utc>,
    house: House,
    now: DateTime<Utc>,
) -> Result<scheduled_publication::Model> {
    rules::check_at(at, now)?;
    let (desk, considered) = agreed(tx, who, code, &request, house, now).await?;
    let months = request.change.due_in_months.and_then(|months| i32::try_from(months).ok());
    let row = scheduled_publication::ActiveModel {
        id: Set(clock::new_id()),
        draft_id: Set(desk.draft.id),
        tree_digest: Set(considered.reading.tree.digest().to_string()),
        change_kind: Set(request.change.kind),
        due_in_months: Set(months),
        note: Set(request.note),
        at: Set(at),
        state: Set(ScheduleState::Scheduled),
        scheduled_by: Set(who.account_id),
        scheduled_at: Set(now),
        settled_at: Set(None),
        failed_checks: Set(None),
        failures: Set(None),
        retry_at: Set(None),
    };
    let row = row.insert(tx).await?;
    let (actor, subject) = (Some(who.account_id), ("draft", desk.draft.id));
    let detail = json!({
        "schedule": row.id, "at": row.at, "digest": row.tree_digest,
        "change": row.change_kind.to_value(),
    });
    journal::act(tx, actor, "draft.schedule", subject, detail, now).await?;
    Ok(row)
}

/// Cancels the publication to come of a draft. Idempotent.
///
/// # Errors
/// `not-found` for a draft out of reach, or published meanwhile.
pub async fn cancel(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    now: DateTime<Utc>,
) -> Result<()> {
    let desk = draft::lock(tx, who, Action::Publish, code).await?;
    let Some(coming) = coming(tx, desk.draft.id).await? else { return Ok(()) };
    let (actor, subject) = (Some(who.account_id), ("draft", desk.draft.id));
    let detail = json!({ "schedule": coming.id });
    settle(tx, coming, ScheduleState::Cancelled, None, now).await?;
    journal::act(tx, actor, "draft.cancel_schedule", subject, detail, now).await
}

/// What was scheduled of a draft, latest first, at most 200.
///
/// # Errors
/// When the database fails.
pub async fn of_draft(
    conn: &impl ConnectionTrait,
    draft_id: Uuid,
) -> Result<Vec<scheduled_publication::Model>> {
    Ok(scheduled_publication::Entity::find()
        .filter(scheduled_publication::COLUMN.draft_id.eq(draft_id))
        .order_by_desc(scheduled_publication::Column::Id)
        .limit(200)
        .all(conn)
        .await?)
}

/// The publications to come of these drafts.
///
/// # Errors
/// When the database fails.
pub async fn coming_of(
    conn: &impl ConnectionTrait,
    drafts: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<scheduled_publication::Model>> {
    Ok(scheduled_publication::Entity::find()
        .filter(scheduled_publication::COLUMN.draft_id.is_in(drafts))
        .filter(scheduled_publication::Column::State.eq(ScheduleState::Scheduled))
        .order_by_asc(scheduled_publication::Column::At)
        .all(conn)
        .await?)
}

/// Refuses when a publication of the draft is to come: it is frozen as it was agreed.
///
/// # Errors
/// `publication-scheduled`.
pub async fn must_be_free(conn: &impl ConnectionTrait, draft_id: Uuid) -> Result<()> {
    if coming(conn, draft_id).await?.is_none() {
        return Ok(());
    }
    let refusal = Refusal::new(Reason::PublicationScheduled).because(
        "Annulez d’abord la publication programmée de ce brouillon.",
        "Cancel the scheduled publication of this draft first.",
    );
    Err(refusal.into())
}

/// The publication to come of a draft.
async fn coming(
    conn: &impl ConnectionTrait,
    draft_id: Uuid,
) -> Result<Option<scheduled_publication::Model>> {
    Ok(scheduled_publication::Entity::find()
        .filter(scheduled_publication::COLUMN.draft_id.eq(draft_id))
        .filter(scheduled_publication::Column::State.eq(ScheduleState::Scheduled))
        .one(conn)
        .await?)
}

/// Says what became of a publication to come.
pub(super) async fn settle(
    tx: &DatabaseTransaction,
    row: scheduled_publication::Model,
    state: ScheduleState,
    failed: Option<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut row: scheduled_publication::ActiveModel = row.into();
    row.state = Set(state);
    row.settled_at = Set(Some(now));
    row.failed_checks = Set(failed);
    row.update(tx).await?;
    Ok(())
}

/// Cancels everything to come: for a database restored from a backup, which does not know what was
/// published or cancelled since. Answers how much there was.
///
/// # Errors
/// When the database fails.
pub async fn cancel_all(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64> {
    use scheduled_publication::Column::{SettledAt, State};
    let cancelled = scheduled_publication::Entity::update_many()
        .col_expr(State, Expr::value(ScheduleState::Cancelled))
        .col_expr(SettledAt, Expr::value(now))
        .filter(State.eq(ScheduleState::Scheduled))
        .exec(tx)
        .await?;
    Ok(cancelled.rows_affected)
}
