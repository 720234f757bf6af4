//! Exempting somebody from an obligation, and lifting it: events of the obligation, by the employer for
//! whom it is owed.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait,
};
use serde_json::json;
use uuid::Uuid;

use super::due::after;
use super::rules::MAX_AHEAD;
use super::sweep;
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::clock;
use crate::error::{Faults, Reason, Result};
use crate::journal;
use crate::obligations::model::{EventKind, obligation, obligation_event};
use crate::obligations::rules::{due_at, zone};
use crate::obligations::{self, Standing, Status};

/// Why somebody is exempted. None of them says anything of anybody's health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// They followed something equivalent elsewhere.
    Equivalence,
    /// They are away for long.
    Absence,
    /// They are about to leave.
    Departure,
    /// The territorial authority decided so.
    Decision,
}

impl Ground {
    /// The word that is kept.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Equivalence => "equivalence",
            Self::Absence => "absence",
            Self::Departure => "departure",
            Self::Decision => "decision",
        }
    }

    /// The ground that a word names, in French and in English.
    pub fn said(word: &str) -> (&'static str, &'static str) {
        match word {
            "equivalence" => ("formation équivalente", "equivalent training"),
            "absence" => ("absence de longue durée", "long absence"),
            "departure" => ("départ prochain", "leaving soon"),
            _ => ("décision de l’autorité territoriale", "decision of the territorial authority"),
        }
    }
}

/// An exemption as it is asked for.
#[derive(Clone, Debug)]
pub struct Exemption {
    /// Why.
    pub ground: Ground,
    /// The last day on which it holds; until it is lifted if absent.
    pub until: Option<NaiveDate>,
    /// The SHA-256 of the document that decides it, in lower-case hexadecimal.
    pub document_digest: String,
}

/// Exempts somebody. The same exemption asked for again changes nothing.
///
/// # Errors
/// `not-found` outside the employer; `invalid-values`; `obligation-not-owed`.
pub async fn exempt(
    tx: &DatabaseTransaction,
    who: &Principal,
    id: Uuid,
    wish: &Exemption,
    now: DateTime<Utc>,
) -> Result<Status> {
    let (row, standing) = held(tx, who, id, now).await?;
    let zone = zone(&row.time_zone);
    check(wish, now.with_timezone(&zone).date_naive())?;
    let in_force = standing.events.iter().rfind(|event| event.kind == EventKind::Exempted);
    if standing.status == Status::Exempted && in_force.is_some_and(|event| same(event, wish)) {
        return Ok(Status::Exempted);
    }
    if !standing.status.is_owed() && standing.status != Status::Exempted {
        return Err(Reason::ObligationNotOwed.into());
    }
    let told = obligation_event::ActiveModel {
        reason: Set(Some(wish.ground.word().to_owned())),
        until: Set(wish.until),
        until_at: Set(wish.until.map(|day| due_at(day, zone))),
        document_digest: Set(Some(wish.document_digest.clone())),
        ..event(&row, EventKind::Exempted, who, standing.events.len(), now)
    };
    told.insert(tx).await?;
    let detail = json!({ "ground": wish.ground.word(), "document": wish.document_digest });
    let (by, subject) = (Some(who.account_id), ("obligation", row.id));
    journal::act(tx, by, "obligation.exempt", subject, detail, now).await?;
    now_stands(tx, row, now).await
}

/// Lifts the exemption in force. Lifting none changes nothing.
///
/// # Errors
/// `not-found` outside the employer.
pub async fn lift(
    tx: &DatabaseTransaction,
    who: &Principal,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Status> {
    let (row, standing) = held(tx, who, id, now).await?;
    if standing.status != Status::Exempted {
        return Ok(standing.status);
    }
    event(&row, EventKind::Lifted, who, standing.events.len(), now).insert(tx).await?;
    let (by, subject) = (Some(who.account_id), ("obligation", row.id));
    journal::act(tx, by, "obligation.lift", subject, json!({}), now).await?;
    now_stands(tx, row, now).await
}

/// An obligation of a requirement by its id; none of another origin is exempted from or explained.
///
/// # Errors
/// `not-found`.
pub async fn by_id(conn: &impl ConnectionTrait, id: Uuid) -> Result<obligation::Model> {
    let row = obligation::Entity::find_by_id(id).one(conn).await?.ok_or(Reason::NotFound)?;
    row.requirement_id.ok_or(Reason::NotFound)?;
    Ok(row)
}

/// How one obligation stands.
///
/// # Errors
/// When the database fails.
pub async fn standing(
    conn: &impl ConnectionTrait,
    row: &obligation::Model,
    now: DateTime<Utc>,
) -> Result<Standing> {
    let found = obligations::standings(conn, std::slice::from_ref(row), now).await?;
    Ok(found.into_iter().next().ok_or(Reason::Internal)?)
}

/// An obligation that the caller may exempt from, the walk held so that nobody else writes about it.
async fn held(
    tx: &DatabaseTransaction,
    who: &Principal,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<(obligation::Model, Standing)> {
    sweep::hold(tx, now).await?;
    let row = by_id(tx, id).await?;
    let standing = standing(tx, &row, now).await?;
    let target = Target::of(tx, standing.under.1, now).await?;
    policy::allow(who, Action::ExemptPeople, &target)?;
    Ok((row, standing))
}

async fn now_stands(
    tx: &DatabaseTransaction,
    row: obligation::Model,
    now: DateTime<Utc>,
) -> Result<Status> {
    Ok(standing(tx, &row, now).await?.status)
}

fn same(event: &obligation_event::Model, wish: &Exemption) -> bool {
    event.reason.as_deref() == Some(wish.ground.word())
        && event.until == wish.until
        && event.document_digest.as_deref() == Some(wish.document_digest.as_str())
}

fn check(wish: &Exemption, today: NaiveDate) -> Result<()> {
    let mut faults = Faults::default();
    let is_digest = wish.document_digest.len() == 64
        && wish.document_digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    faults.check(
        is_digest,
        "/document_digest",
        "empreinte SHA-256 attendue : 64 chiffres hexadécimaux en minuscules",
        "a SHA-256 is expected: 64 lower-case hexadecimal digits",
    );
    faults.check(
        wish.until.is_none_or(|until| today <= until && until <= after(today, MAX_AHEAD, 0)),
        "/until",
        "ce jour est passé, ou trop lointain : donnez un jour des trente ans à venir, ou aucun",
        "that day has passed, or is too far: give one of the thirty years to come, or none",
    );
    faults.refuse()
}

fn event(
    row: &obligation::Model,
    kind: EventKind,
    who: &Principal,
    told: usize,
    now: DateTime<Utc>,
) -> obligation_event::ActiveModel {
    obligation_event::ActiveModel {
        id: Set(clock::new_id()),
        obligation_id: Set(Some(row.id)),
        requirement_id: Set(None),
        kind: Set(kind),
        reason: Set(None),
        until: Set(None),
        until_at: Set(None),
        document_digest: Set(None),
        capacity_id: Set(None),
        organisation_id: Set(None),
        successor_id: Set(None),
        recorded_by: Set(Some(who.account_id)),
        at: Set(now),
        natural_key: Set(format!("event:{}:{}", row.id, told + 1)),
    }
}
