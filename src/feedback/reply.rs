//! What happens in a thread: a message of either side, a decision of those who answer.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveEnum as _, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait as _,
};
use serde_json::json;
use uuid::Uuid;

use super::model::{Side, ThreadState, feedback_entry, feedback_thread};
use super::open::{append, check_text, hold_person};
use super::reach::{self, Desk, Stand};
use super::{notice, rules, shown};
use crate::accounts::Principal;
use crate::accounts::policy;
use crate::catalogue::Shelf;
use crate::error::{Reason, Result};
use crate::journal;

/// A thread of a desk, held until commit with what has happened to it: one thing at a time.
///
/// # Errors
/// `not-found`.
async fn held(
    tx: &DatabaseTransaction,
    desk: Desk,
    id: Uuid,
) -> Result<(feedback_thread::Model, Vec<feedback_entry::Model>)> {
    let thread = feedback_thread::Entity::find_by_id(id)
        .filter(desk.lies_here())
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Reason::NotFound)?;
    let entries = feedback_entry::Entity::find()
        .filter(feedback_entry::COLUMN.thread_id.eq(id))
        .order_by_asc(feedback_entry::Column::Number)
        .all(tx)
        .await?;
    Ok((thread, entries))
}

/// The last entry, which says where the thread stands.
fn last(entries: &[feedback_entry::Model]) -> Result<&feedback_entry::Model> {
    entries.last().ok_or_else(|| Reason::Internal.into())
}

/// Writes in a thread: as whoever opened it, or in answer; says where it stands. The last message said again by the same
/// account is not written twice.
///
/// # Errors
/// `not-found` for anybody else's thread, `invalid-values` for the text, `too-many-requests`.
pub async fn reply(
    (tx, shelf): (&DatabaseTransaction, &Shelf),
    who: &Principal,
    (desk, id): (Desk, Uuid),
    text: String,
    now: DateTime<Utc>,
) -> Result<ThreadState> {
    // The person first, as when opening: two requests never hold them in opposite orders.
    hold_person(tx, who.person_id).await?;
    let (thread, entries) = held(tx, desk, id).await?;
    let side = match reach::stand(who, &thread, desk.answering())? {
        Stand::Own => Side::Asker,
        Stand::Staff => Side::Staff,
    };
    check_text(&text)?;
    let last = last(&entries)?;
    if is_said(tx, who, last, &text).await? {
        return Ok(last.state);
    }
    if side == Side::Asker {
        rules::check_pace(&written(tx, who, now).await?, rules::MESSAGES_A_DAY, now)?;
    }
    let state = rules::after_message(thread.kind, last.state, side);
    append(tx, &thread, last.number + 1, (who, side), (Some(text), state), now).await?;
    let subject = shown::subject(tx, shelf, &thread).await?;
    if side == Side::Staff {
        tell(tx, who, "reply", &thread, (last.state, state), now).await?;
        notice::answered(tx, &thread, &subject, now).await?;
    } else {
        notice::written_again(tx, &thread, &subject, now).await?;
    }
    Ok(state)
}

/// Decides where a thread stands; says it. Idempotent.
///
/// # Errors
/// `forbidden`, `not-found`, `invalid-values` for a state that does not fit, `answer-missing`.
pub async fn decide(
    tx: &DatabaseTransaction,
    who: &Principal,
    (desk, id): (Desk, Uuid),
    to: ThreadState,
    now: DateTime<Utc>,
) -> Result<ThreadState> {
    let (thread, entries) = held(tx, desk, id).await?;
    policy::allow(who, desk.answering(), &reach::target(&thread))?;
    let answered = entries.iter().any(|one| one.side == Side::Staff && one.text_id.is_some());
    rules::check_decision(thread.kind, to, answered)?;
    let last = last(&entries)?;
    if last.state == to {
        return Ok(to);
    }
    append(tx, &thread, last.number + 1, (who, Side::Staff), (None, to), now).await?;
    tell(tx, who, "decide", &thread, (last.state, to), now).await?;
    Ok(to)
}

/// Journals what those who answer did, without a word of what was written.
async fn tell(
    tx: &DatabaseTransaction,
    who: &Principal,
    verb: &str,
    thread: &feedback_thread::Model,
    (from, to): (ThreadState, ThreadState),
    now: DateTime<Utc>,
) -> Result<()> {
    let kind = thread.kind.to_value();
    let detail = json!({ "kind": kind, "from": from.to_value(), "to": to.to_value() });
    let action = format!("feedback.{verb}");
    journal::act(tx, Some(who.account_id), &action, ("feedback", thread.id), detail, now).await
}

/// Whether the last entry is this very message of this account.
async fn is_said(
    conn: &impl ConnectionTrait,
    who: &Principal,
    last: &feedback_entry::Model,
    text: &str,
) -> Result<bool> {
    if last.account_id != who.account_id {
        return Ok(false);
    }
    let texts = super::texts::of(conn, last.text_id).await?;
    Ok(texts.into_values().next().is_some_and(|said| said == text))
}

/// When a person wrote in the threads that they opened, within a day, latest first.
async fn written(
    conn: &impl ConnectionTrait,
    who: &Principal,
    now: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>> {
    let own = feedback_thread::Entity::find()
        .select_only()
        .column(feedback_thread::Column::Id)
        .filter(feedback_thread::COLUMN.person_id.eq(who.person_id));
    Ok(feedback_entry::Entity::find()
        .select_only()
        .column(feedback_entry::Column::At)
        .filter(feedback_entry::Column::ThreadId.in_subquery(own.into_query()))
        .filter(feedback_entry::Column::Side.eq(Side::Asker))
        .filter(feedback_entry::COLUMN.at.gt(now - rules::day()))
        .order_by_desc(feedback_entry::Column::At)
        .into_tuple()
        .all(conn)
        .await?)
}
