//! What an employer says of a capacity that it recorded: what changes in it, what was wrong in it, its
//! end.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveEnum as _, ColumnTrait as _, DatabaseTransaction, EntityTrait, PaginatorTrait as _,
    QueryFilter,
};
use uuid::Uuid;

use super::find;
use super::model::EndReason;
use super::record::{Employer, Said, note};
use crate::error::{Error, Faults, Reason, Refusal, Result};
use crate::people::capacity::{self, NewCapacity};
use crate::people::detail::Span;
use crate::people::model::{Standing, capacity as row};

/// Why a row that another replaces has ended.
const CHANGED: &str = "changed";
const CORRECTED: &str = "corrected";

/// Says what changes in a capacity from a day on: the row ends that day, and another replaces it.
///
/// # Errors
/// `capacity-closed` when it has ended by then or was replaced, `claim-pending` while a claim on it
/// waits, `invalid-values`.
pub async fn change(
    tx: &DatabaseTransaction,
    by: Uuid,
    employer: &Employer,
    held: row::Model,
    (on, said): (NaiveDate, Said),
    now: DateTime<Utc>,
) -> Result<row::Model> {
    may_change(tx, &held).await?;
    let mut faults = Faults::default();
    let within = held.valid_from < on && held.valid_to.is_none_or(|end| on < end);
    faults.check(
        within,
        "/on",
        "après le premier jour de la qualité et avant sa fin ; ce qui était faux dès le début se corrige (correction)",
        "after the first day of the capacity and before its end; what was wrong from the beginning is a correction",
    );
    faults.check(
        said.kind == held.kind,
        "/capacity/kind",
        "une autre qualité s'enregistre à part",
        "another capacity is recorded apart",
    );
    faults.check(
        said.since.is_none_or(|since| since == on),
        "/capacity/since",
        "le jour du changement, ou rien",
        "the day of the change, or nothing",
    );
    let all = find::in_organisation(tx, employer.id, held.person_id).await?;
    let began = capacity::line(&all, held.id).first().map_or(held.valid_from, |r| r.valid_from);
    let span = Span { since: on, until: said.until.or(held.valid_to) };
    let way = Way { end: on, why: CHANGED, action: "capacity.change", span, began, faults };
    replace(tx, by, employer, held, (said, way), now).await
}

/// Says what was wrong in a capacity from the beginning: the row is kept, ended on its first day so
/// that it never held, and another replaces it.
///
/// # Errors
/// `capacity-closed` when it was replaced, `claim-pending`, `invalid-values`.
pub async fn correct(
    tx: &DatabaseTransaction,
    by: Uuid,
    employer: &Employer,
    held: row::Model,
    said: Said,
    now: DateTime<Utc>,
) -> Result<row::Model> {
    may_change(tx, &held).await?;
    let span =
        Span { since: said.since.unwrap_or(held.valid_from), until: said.until.or(held.valid_to) };
    let all = find::in_organisation(tx, employer.id, held.person_id).await?;
    // What changed once has begun earlier than the row that is corrected.
    let first = capacity::line(&all, held.id).first().map_or(span.since, |r| r.valid_from);
    let began = if held.replaces_id.is_some() { first.min(span.since) } else { span.since };
    let (end, faults) = (held.valid_from, Faults::default());
    let way = Way { end, why: CORRECTED, action: "capacity.correct", span, began, faults };
    replace(tx, by, employer, held, (said, way), now).await
}

/// How a row gives way to another.
struct Way {
    /// The day on which the row ends.
    end: NaiveDate,
    why: &'static str,
    action: &'static str,
    /// When the other holds.
    span: Span,
    /// The first day of the mandate or post.
    began: NaiveDate,
    /// What is wrong already.
    faults: Faults,
}

/// Ends a row, and records the one that replaces it.
async fn replace(
    tx: &DatabaseTransaction,
    by: Uuid,
    employer: &Employer,
    held: row::Model,
    (said, mut way): (Said, Way),
    now: DateTime<Utc>,
) -> Result<row::Model> {
    let (kind, span) = (said.kind, way.span);
    span.check(now.date_naive(), "/capacity", &mut way.faults);
    let detail = said.settled(employer, span, way.began, "/capacity", &mut way.faults);
    way.faults.refuse()?;
    let new = NewCapacity {
        person_id: held.person_id,
        kind,
        organisation_id: held.organisation_id,
        detail,
        standing: Standing::Confirmed,
        source: "organisation".to_owned(),
        valid_from: span.since,
        recorded_by: Some(by),
    };
    let ended = (held.valid_to, held.end_reason.clone());
    let before = capacity::end(tx, held, way.end, Some(way.why.to_owned())).await?;
    let mut held = capacity::add_until(tx, new, (span.until, Some(before.id)), now).await?;
    if let (Some(on), Some(why)) = ended
        && span.until == Some(on)
    {
        held = capacity::end(tx, held, on, Some(why)).await?;
    }
    note(tx, by, way.action, &held, now).await?;
    Ok(held)
}

/// Ends a capacity on the first day on which it no longer holds. The person keeps their account, what
/// they began, and what they proved.
///
/// # Errors
/// `capacity-closed` when it has ended or was replaced, `claim-pending`, `invalid-values` for a day
/// before the first.
pub async fn end(
    tx: &DatabaseTransaction,
    by: Uuid,
    held: row::Model,
    (on, reason): (NaiveDate, EndReason),
    now: DateTime<Utc>,
) -> Result<row::Model> {
    may_change(tx, &held).await?;
    let why = reason.to_value();
    if held.valid_to == Some(on) && held.end_reason.as_ref() == Some(&why) {
        return Ok(held);
    }
    if held.valid_to.is_some_and(|end| end <= now.date_naive()) {
        return Err(closed());
    }
    let mut faults = Faults::default();
    let latest = now.date_naive() + chrono::Days::new(10 * 366);
    faults.check(
        held.valid_from < on && on <= latest,
        "/on",
        "après le premier jour de la qualité, et dans les dix ans",
        "after the first day of the capacity, and within ten years",
    );
    faults.refuse()?;
    let ended = capacity::end(tx, held, on, Some(why)).await?;
    note(tx, by, "capacity.end", &ended, now).await?;
    Ok(ended)
}

/// Whether a row may still be changed: nothing replaces it, and no claim on it waits.
async fn may_change(tx: &DatabaseTransaction, held: &row::Model) -> Result<()> {
    let later = row::Entity::find().filter(row::Column::ReplacesId.eq(held.id)).count(tx).await?;
    if later > 0 {
        return Err(closed());
    }
    if find::pending_on(tx, held.id).await?.is_some() {
        let (fr, en) = (
            "Cette qualité est déclarée par la personne : confirmez-la ou refusez-la d'abord.",
            "This capacity is declared by the person: confirm or refuse it first.",
        );
        return Err(Refusal::new(Reason::ClaimPending).because(fr, en).into());
    }
    Ok(())
}

fn closed() -> Error {
    let (fr, en) = (
        "Elle a pris fin ou une autre la remplace : relisez son historique.",
        "It has ended or another replaces it: read its history.",
    );
    Refusal::new(Reason::CapacityClosed).because(fr, en).into()
}
