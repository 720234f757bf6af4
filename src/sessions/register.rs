//! Asking for a seat, giving it up, and the waiting list: everything under the lock of the session.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel as _, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::book::{self, Registered};
use super::find::Held;
use super::model::{RegistrationState, SessionState, registration, registration_event};
use super::plan::{check_agrement, check_ahead, save};
use super::tell::{Days, News, Says};
use super::{rules, seats};
use crate::accounts::Principal;
use crate::clock;
use crate::enrolments;
use crate::enrolments::model::enrolment;
use crate::error::{Error, Faults, Reason, Refusal, Result};
use crate::journal;
use crate::mail::model::Template;
use crate::people::capacity;
use crate::people::model::{CapacityKind, capacity as capacity_row};

/// Asks for a seat in a session that is held: they get one, or a place on the waiting list. Whoever is
/// on the list already is there once. Answers the registration, and whether it is new.
///
/// # Errors
/// `not-found` for a draft, `session-not-open`, `registration-closed` outside its window, `no-capacity`,
/// `agrement-not-valid` for an élu who attends on public funds.
pub async fn register(
    tx: &DatabaseTransaction,
    who: &Principal,
    mut held: Held,
    capacity_id: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<(Held, Registered, bool)> {
    if held.state() == SessionState::Draft {
        return Err(Reason::NotFound.into());
    }
    let book = book::of_session(tx, held.session.id).await?;
    if let Some(mine) = active(&book, who.person_id) {
        let mine = mine.clone();
        return Ok((held, mine, false));
    }
    check_open(&held, now)?;
    let capacity = capacity_of(tx, who, capacity_id, now).await?;
    if capacity.kind == CapacityKind::Elu {
        check_agrement(tx, &held.session, &held.half_days).await?;
    }
    let lines: Vec<_> = book.iter().map(|one| one.line(true)).collect();
    let seated = seats::is_free(&lines, held.session.capacity);
    held.session.registered += 1;
    held.session.sequence += i32::from(seated);
    save(tx, &held.session).await?;
    let row = insert(tx, who, &held, &capacity, now).await?;
    let (state, template, days) = match seated {
        true => (RegistrationState::Seated, Template::SessionSeated, Days::Kept),
        false => (RegistrationState::Waiting, Template::SessionWaiting, Days::Untouched),
    };
    let event = append(tx, who, (&row, 1), (state, None), now).await?;
    News { held: &held, now }.tell(tx, template, &[&row], (Says::default(), days)).await?;
    Ok((held, Registered { row, event }, true))
}

fn active(book: &[Registered], person_id: Uuid) -> Option<&Registered> {
    book.iter().find(|one| one.row.person_id == person_id && seats::is_active(one.state()))
}

/// Refuses who asks outside the window in which a session takes registrations.
///
/// # Errors
/// `session-not-open`, `registration-closed`.
pub fn check_open(held: &Held, now: DateTime<Utc>) -> Result<()> {
    if !rules::takes_registrations(held.state()) {
        return Err(Reason::SessionNotOpen.into());
    }
    let session = &held.session;
    let until = session.closes_at.min(session.starts_at);
    if session.opens_at.is_some_and(|from| now < from) {
        let (fr, en) =
            ("Les inscriptions ne sont pas encore ouvertes.", "Registration is not open yet.");
        return Err(Refusal::new(Reason::RegistrationClosed).because(fr, en).into());
    }
    if until <= now {
        return Err(Reason::RegistrationClosed.into());
    }
    Ok(())
}

/// The capacity in force under which somebody asks: the one that they name, or the first.
async fn capacity_of(
    conn: &impl ConnectionTrait,
    who: &Principal,
    wished: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<capacity_row::Model> {
    let held = capacity::in_force(conn, who.person_id, now.date_naive()).await?;
    let Some(wished) = wished else {
        let none = || enrolments::rules::no_capacity(false).into();
        return held.into_iter().next().ok_or_else(none);
    };
    let found = held.into_iter().find(|row| row.id == wished);
    let mut faults = Faults::default();
    let (fr, en) = ("une de vos qualités d'aujourd'hui", "one of your capacities of today");
    faults.check(found.is_some(), "/capacity_id", fr, en);
    faults.refuse()?;
    found.ok_or_else(|| Reason::NoCapacity.into())
}

async fn insert(
    tx: &DatabaseTransaction,
    who: &Principal,
    held: &Held,
    capacity: &capacity_row::Model,
    now: DateTime<Utc>,
) -> Result<registration::Model> {
    let session = &held.session;
    let row = registration::Model {
        id: clock::new_id(),
        session_id: session.id,
        number: session.registered,
        person_id: who.person_id,
        capacity_id: capacity.id,
        organisation_id: capacity.organisation_id,
        enrolment_id: latest_enrolment(tx, who.person_id, session.module_id).await?,
        asked_at: now,
        asked_by: who.account_id,
    };
    registration::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    Ok(row)
}

async fn latest_enrolment(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    module_id: Option<Uuid>,
) -> Result<Option<Uuid>> {
    let Some(module_id) = module_id else { return Ok(None) };
    let latest = enrolment::Entity::find()
        .filter(enrolment::COLUMN.person_id.eq(person_id))
        .filter(enrolment::COLUMN.module_id.eq(module_id))
        .order_by_desc(enrolment::Column::Cycle)
        .limit(1)
        .one(conn)
        .await?;
    Ok(latest.map(|row| row.id))
}

/// Gives one's seat up, or one's place on the list. What was given up already stays so.
///
/// # Errors
/// `not-found` for who never asked, `session-not-open` once cancelled, `session-begun`.
pub async fn withdraw(
    tx: &DatabaseTransaction,
    who: &Principal,
    held: Held,
    now: DateTime<Utc>,
) -> Result<(Held, Registered)> {
    let book = book::of_session(tx, held.session.id).await?;
    let Some(mine) = active(&book, who.person_id) else {
        let last = book.into_iter().rev().find(|one| one.row.person_id == who.person_id);
        return last.map(|one| (held, one)).ok_or_else(|| Reason::NotFound.into());
    };
    let end = (RegistrationState::Withdrawn, None);
    leave(tx, who, held, mine.clone(), (end, Says::default()), now).await
}

/// Refuses somebody who registered, for a reason from a list, which they are told. Idempotent.
///
/// # Errors
/// `not-found`, `session-not-open` once cancelled, `session-begun`.
pub async fn refuse(
    tx: &DatabaseTransaction,
    who: &Principal,
    held: Held,
    registration_id: Uuid,
    (word, french): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Registered> {
    let book = book::of_session(tx, held.session.id).await?;
    let theirs = book.into_iter().find(|one| one.row.id == registration_id);
    let theirs = theirs.ok_or(Reason::NotFound)?;
    if !seats::is_active(theirs.state()) {
        return Ok(theirs);
    }
    let detail = json!({ "session": held.session.id, "reason": word });
    let end = (RegistrationState::Refused, Some(word.to_owned()));
    let says = Says { refused: true, reason: french, ..Says::default() };
    let (_, refused) = leave(tx, who, held, theirs, (end, says), now).await?;
    let subject = ("registration", registration_id);
    journal::act(tx, Some(who.account_id), "registration.refuse", subject, detail, now).await?;
    Ok(refused)
}

/// Ends a registration that counts, and gives the seat that it frees to the next.
async fn leave(
    tx: &DatabaseTransaction,
    who: &Principal,
    mut held: Held,
    Registered { row, event }: Registered,
    (end, says): ((RegistrationState, Option<String>), Says<'_>),
    now: DateTime<Utc>,
) -> Result<(Held, Registered)> {
    check_ahead(&held, now)?;
    let seated = seats::is_seated(event.state);
    held.session.sequence += i32::from(seated);
    save(tx, &held.session).await?;
    let event = append(tx, who, (&row, event.number + 1), end, now).await?;
    let days = if seated { Days::Cancelled } else { Days::Untouched };
    News { held: &held, now }.tell(tx, Template::SessionLeft, &[&row], (says, days)).await?;
    fill(tx, who, &mut held, now).await?;
    Ok((held, Registered { row, event }))
}

/// Gives the free seats of a session to those who wait, in the order in which they asked, and tells
/// them. Nobody is called to what has begun.
///
/// # Errors
/// When the database fails.
pub(super) async fn fill(
    tx: &DatabaseTransaction,
    who: &Principal,
    held: &mut Held,
    now: DateTime<Utc>,
) -> Result<()> {
    if !rules::is_on(held.state()) || held.has_begun(now) {
        return Ok(());
    }
    let book = book::of_session(tx, held.session.id).await?;
    let barred = barred(tx, held, &book).await?;
    let lines: Vec<_> =
        book.iter().map(|one| one.line(!barred.contains(&one.row.capacity_id))).collect();
    let promoted = seats::to_promote(&lines, held.session.capacity);
    if promoted.is_empty() {
        return Ok(());
    }
    held.session.sequence += 1;
    save(tx, &held.session).await?;
    let mut people = Vec::new();
    for one in book.iter().filter(|one| promoted.contains(&one.row.id)) {
        let next = (&one.row, one.event.number + 1);
        append(tx, who, next, (RegistrationState::Promoted, None), now).await?;
        people.push(&one.row);
    }
    let says = Says { promoted: true, ..Says::default() };
    News { held, now }.tell(tx, Template::SessionSeated, &people, (says, Days::Kept)).await
}

/// The capacities, among those who wait, that cannot be given a seat today: those of élus on public
/// funds whose provider lost its *agrément* since.
async fn barred(
    conn: &impl ConnectionTrait,
    held: &Held,
    book: &[Registered],
) -> Result<HashSet<Uuid>> {
    match check_agrement(conn, &held.session, &held.half_days).await {
        Ok(()) => return Ok(HashSet::new()),
        Err(Error::Refused(refusal)) if refusal.reason == Reason::AgrementNotValid => {}
        Err(error) => return Err(error),
    }
    let waiting = book.iter().filter(|one| one.state() == RegistrationState::Waiting);
    let elus = capacity_row::Entity::find()
        .filter(capacity_row::Column::Id.is_in(waiting.map(|one| one.row.capacity_id)))
        .filter(capacity_row::Column::Kind.eq(CapacityKind::Elu))
        .all(conn)
        .await?;
    Ok(elus.into_iter().map(|row| row.id).collect())
}

/// Appends an event to a registration of a session that is held.
pub(super) async fn append(
    tx: &DatabaseTransaction,
    who: &Principal,
    (row, number): (&registration::Model, i32),
    (state, reason): (RegistrationState, Option<String>),
    now: DateTime<Utc>,
) -> Result<registration_event::Model> {
    let event = registration_event::Model {
        id: clock::new_id(),
        session_id: row.session_id,
        registration_id: row.id,
        number,
        state,
        reason,
        at: now,
        recorded_by: who.account_id,
    };
    Ok(event.into_active_model().reset_all().insert(tx).await?)
}
