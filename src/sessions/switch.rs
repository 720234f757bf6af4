//! Opening a session, closing its registrations, cancelling and postponing it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::book;
use super::find::Held;
use super::model::SessionState;
use super::plan::{self, append, check_agrement, check_ahead, save};
use super::rules::{self, WishedHalfDay};
use super::seats;
use super::tell::{Days, News, Says};
use crate::accounts::Principal;
use crate::error::{Reason, Result};
use crate::journal;
use crate::mail::model::Template;

/// Other dates for a session.
#[derive(Clone, Debug)]
pub struct Postponement {
    /// Its new half-days.
    pub half_days: Vec<WishedHalfDay>,
    /// Until when people register; until it begins if absent.
    pub closes_at: Option<DateTime<Utc>>,
}

/// Opens a session to registrations, for the first time or again. Idempotent.
///
/// # Errors
/// `session-not-open` once cancelled, `session-begun`, `agrement-not-valid`.
pub async fn open(
    tx: &DatabaseTransaction,
    who: &Principal,
    held: Held,
    now: DateTime<Utc>,
) -> Result<Held> {
    if rules::takes_registrations(held.state()) {
        return Ok(held);
    }
    if held.has_begun(now) {
        return Err(Reason::SessionBegun.into());
    }
    check_ahead(&held, now)?;
    check_agrement(tx, &held.session, &held.half_days).await?;
    turn(tx, who, held, (SessionState::Open, None), now).await
}

/// Closes the registrations of a session, which takes place. Idempotent.
///
/// # Errors
/// `session-not-open` for a draft, or once cancelled.
pub async fn close(
    tx: &DatabaseTransaction,
    who: &Principal,
    held: Held,
    now: DateTime<Utc>,
) -> Result<Held> {
    match held.state() {
        SessionState::Closed => Ok(held),
        SessionState::Draft | SessionState::Cancelled => Err(Reason::SessionNotOpen.into()),
        _ => turn(tx, who, held, (SessionState::Closed, None), now).await,
    }
}

/// Cancels a session; everybody on its list is told, once. Idempotent.
///
/// # Errors
/// `session-begun`.
pub async fn cancel(
    tx: &DatabaseTransaction,
    who: &Principal,
    mut held: Held,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Held> {
    if held.state() == SessionState::Cancelled {
        return Ok(held);
    }
    check_ahead(&held, now)?;
    held.session.sequence += 1;
    let held = turn(tx, who, held, (SessionState::Cancelled, Some(reason.to_owned())), now).await?;
    let book = book::of_session(tx, held.session.id).await?;
    let news = News { held: &held, now };
    let says = Says { reason, ..Says::default() };
    for (seated, days) in [(true, Days::Cancelled), (false, Days::Untouched)] {
        let those = book
            .iter()
            .filter(|one| seats::is_active(one.state()) && seats::is_seated(one.state()) == seated);
        let people: Vec<_> = those.map(|one| &one.row).collect();
        news.tell(tx, Template::SessionCancelled, &people, (says, days)).await?;
    }
    Ok(held)
}

/// Moves an announced session to other dates; everybody on its list is told, once, keeps their seat or
/// their rank, and may withdraw.
///
/// # Errors
/// `invalid-values`, `session-not-open` for a draft or once cancelled, `session-begun`,
/// `agrement-not-valid`.
pub async fn postpone(
    tx: &DatabaseTransaction,
    who: &Principal,
    mut held: Held,
    to: &Postponement,
    now: DateTime<Utc>,
) -> Result<Held> {
    let dates = rules::dates(&to.half_days, rules::zone(&held.session.time_zone)?, now)?;
    if !rules::is_on(held.state()) {
        return Err(Reason::SessionNotOpen.into());
    }
    check_ahead(&held, now)?;
    rules::check_closing(to.closes_at, dates.starts_at, held.session.opens_at)?;
    let before: BTreeSet<_> = held.half_days.iter().map(|half| half.on_day).collect();
    plan::move_to(tx, &mut held, &dates).await?;
    check_agrement(tx, &held.session, &held.half_days).await?;
    held.session.closes_at = to.closes_at.unwrap_or(dates.starts_at);
    held.session.sequence += 1;
    let held = turn(tx, who, held, (SessionState::Postponed, None), now).await?;
    let says = Says { dates: true, days_before: before.len(), ..Says::default() };
    plan::announce(tx, &held, says, now).await?;
    Ok(held)
}

/// Appends the event, moves the revision, writes the session and the journal.
async fn turn(
    tx: &DatabaseTransaction,
    who: &Principal,
    mut held: Held,
    (state, reason): (SessionState, Option<String>),
    now: DateTime<Utc>,
) -> Result<Held> {
    let (id, number) = (held.session.id, held.event.number + 1);
    held.event = append(tx, who, (id, number), (state, reason), now).await?;
    held.session.revision += 1;
    save(tx, &held.session).await?;
    let action = match state {
        SessionState::Open | SessionState::Draft => "session.open",
        SessionState::Closed => "session.close",
        SessionState::Cancelled => "session.cancel",
        SessionState::Postponed => "session.postpone",
    };
    let detail = json!({ "starts_at": held.session.starts_at, "round": held.session.round });
    journal::act(tx, Some(who.account_id), action, ("session", id), detail, now).await?;
    Ok(held)
}
