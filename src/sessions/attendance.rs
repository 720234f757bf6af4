//! Who was there, by half-day and in minutes: appended, told as facts, corrected by what follows.
//! Attendance completes nothing by itself.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DatabaseTransaction,
    EntityTrait, IntoActiveModel as _, QueryFilter, QueryOrder,
};
use serde_json::json;
use uuid::Uuid;

use super::book::{self, Registered};
use super::find::Held;
use super::model::{RegistrationState, attendance, session_half_day};
use super::register::append;
use super::{rules, seats};
use crate::accounts::Principal;
use crate::clock;
use crate::enrolments::model::enrolment;
use crate::error::{Faults, Reason, Result};
use crate::journal;
use crate::records::model::fact;
use crate::records::told::{Attended, Told};
use crate::records::{self, NewFact, State};

/// How long somebody was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The registration.
    pub registration_id: Uuid,
    /// Minutes of training, 0 for absent.
    pub minutes: i32,
}

/// Records who was at a half-day of a session that is held. What is recorded already is not recorded
/// twice; what differs supersedes it.
///
/// # Errors
/// `session-not-open` for a draft or a cancelled session, `not-found` for a half-day that it has not;
/// `invalid-values`: somebody without a seat, a half-day that is not over, more minutes than it has.
pub async fn record(
    tx: &DatabaseTransaction,
    who: &Principal,
    held: &Held,
    (half_day_id, marks): (Uuid, &[Mark]),
    now: DateTime<Utc>,
) -> Result<()> {
    if !rules::is_on(held.state()) {
        return Err(Reason::SessionNotOpen.into());
    }
    let book = book::of_session(tx, held.session.id).await?;
    let half = check(held, &book, (half_day_id, marks), now)?;
    let mut before = latest(tx, held.session.id).await?;
    let seated: HashMap<Uuid, &Registered> = book.iter().map(|one| (one.row.id, one)).collect();
    let changed = marks.iter().filter(|mark| {
        let known = before.get(&(mark.registration_id, half.id));
        known.is_none_or(|row| row.minutes != mark.minutes)
    });
    let changed: Vec<(&Registered, i32)> = changed
        .filter_map(|mark| Some((*seated.get(&mark.registration_id)?, mark.minutes)))
        .collect();
    let places = places(tx, held, &changed, (&before, half.id)).await?;
    for (one, minutes) in &changed {
        let last = before.remove(&(one.row.id, half.id));
        let place = places.get(&one.row.id).copied().unwrap_or_default();
        let row = write(tx, who, (held, half, one), (*minutes, last, place), now).await?;
        before.insert((one.row.id, half.id), row);
    }
    settle_absences(tx, who, held, (&changed, &before), now).await?;
    let detail = json!({ "half_day": half.id, "recorded": changed.len() });
    let subject = ("session", held.session.id);
    journal::act(tx, Some(who.account_id), "attendance.record", subject, detail, now).await
}

fn check<'h>(
    held: &'h Held,
    book: &[Registered],
    (half_day_id, marks): (Uuid, &[Mark]),
    now: DateTime<Utc>,
) -> Result<&'h session_half_day::Model> {
    let half = held.half_days.iter().find(|half| half.id == half_day_id);
    let half = half.ok_or(Reason::NotFound)?;
    let mut faults = Faults::default();
    let (fr, en) = ("cette demi-journée n'est pas terminée", "this half-day is not over");
    faults.check(half.ends_at <= now, "/half_day_id", fr, en);
    let most = half.minutes;
    let seated: HashSet<Uuid> =
        book.iter().filter(|one| seats::is_seated(one.state())).map(|one| one.row.id).collect();
    let mut named = HashSet::new();
    for (at, mark) in marks.iter().enumerate() {
        let once = named.insert(mark.registration_id);
        faults.check(
            once && seated.contains(&mark.registration_id),
            &format!("/attended/{at}/registration_id"),
            "une personne qui a une place, une seule fois",
            "somebody who has a seat, once",
        );
        faults.check(
            (0..=most).contains(&mark.minutes),
            &format!("/attended/{at}/minutes"),
            format!("entre 0 et {most}, la durée de la demi-journée"),
            format!("0 to {most}, how long the half-day lasts"),
        );
    }
    faults.refuse()?;
    Ok(half)
}

/// What counts of the attendance at a session, by registration and half-day.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    conn: &impl ConnectionTrait,
    session_id: Uuid,
) -> Result<HashMap<(Uuid, Uuid), attendance::Model>> {
    let rows = attendance::Entity::find()
        .filter(attendance::COLUMN.session_id.eq(session_id))
        .order_by_asc(attendance::Column::Number)
        .all(conn)
        .await?;
    // In the order of their numbers: the last of each stays.
    Ok(rows.into_iter().map(|row| ((row.registration_id, row.half_day_id), row)).collect())
}

/// The enrolment in which an attendance is told, and its version.
type Place = Option<(Uuid, Uuid)>;

/// Where the attendance of each is told: where it was told before, else in the latest enrolment in the
/// module that was not left; in none for a path, or who never enrolled.
async fn places(
    tx: &DatabaseTransaction,
    held: &Held,
    changed: &[(&Registered, i32)],
    (before, half_day_id): (&HashMap<(Uuid, Uuid), attendance::Model>, Uuid),
) -> Result<HashMap<Uuid, Place>> {
    let told = changed.iter().filter_map(|(one, _)| {
        let row = before.get(&(one.row.id, half_day_id))?;
        Some((row.fact_id?, one.row.id))
    });
    let told: HashMap<Uuid, Uuid> = told.collect();
    let facts =
        fact::Entity::find().filter(fact::Column::Id.is_in(told.keys().copied())).all(tx).await?;
    let mut places: HashMap<Uuid, Place> = HashMap::new();
    for fact in facts {
        let place = fact.enrolment_id.zip(fact.version_id);
        places.insert(told.get(&fact.id).copied().ok_or(Reason::Internal)?, place);
    }
    let Some(module_id) = held.session.module_id else { return Ok(places) };
    let people: HashMap<Uuid, Uuid> =
        changed.iter().map(|(one, _)| (one.row.person_id, one.row.id)).collect();
    let enrolments = enrolment::Entity::find()
        .filter(enrolment::COLUMN.module_id.eq(module_id))
        .filter(enrolment::Column::PersonId.is_in(people.keys().copied()))
        .order_by_desc(enrolment::Column::Cycle)
        .all(tx)
        .await?;
    let ids: Vec<Uuid> = enrolments.iter().map(|row| row.id).collect();
    let facts = records::read::by_enrolment(tx, &ids).await?;
    for row in enrolments {
        let facts = facts.get(&row.id).map_or(&[][..], Vec::as_slice);
        if records::recorded(facts).state != State::Withdrawn
            && let Some(registration) = people.get(&row.person_id)
        {
            places.entry(*registration).or_insert(Some((row.id, row.version_id)));
        }
    }
    Ok(places)
}

/// Appends a row, and the fact that it tells: none for an absence that corrects nothing.
async fn write(
    tx: &DatabaseTransaction,
    who: &Principal,
    (held, half, one): (&Held, &session_half_day::Model, &Registered),
    (minutes, last, place): (i32, Option<attendance::Model>, Place),
    now: DateTime<Utc>,
) -> Result<attendance::Model> {
    let number = last.as_ref().map_or(1, |row| row.number + 1);
    let supersedes = last.as_ref().and_then(|row| row.fact_id);
    let mut row = attendance::Model {
        id: clock::new_id(),
        session_id: held.session.id,
        registration_id: one.row.id,
        half_day_id: half.id,
        number,
        minutes,
        fact_id: None,
        supersedes_id: last.map(|row| row.id),
        recorded_at: now,
        recorded_by: who.account_id,
    };
    if minutes > 0 || supersedes.is_some() {
        let told = Told::Attended(Box::new(told(held, half, &row)));
        let fact = NewFact {
            kind: told.kind(),
            person_id: one.row.person_id,
            enrolment_id: place.map(|(enrolment, _)| enrolment),
            module_id: held.session.module_id,
            version_id: place.map(|(_, version)| version),
            organisation_id: Some(one.row.organisation_id),
            occurred_at: half.ends_at,
            recorded_by: Some(who.account_id),
            natural_key: told.natural_key(one.row.id),
            supersedes_id: supersedes,
            payload: told.payload(),
        };
        row.fact_id = Some(records::append(tx, fact, now).await?.0.id);
    }
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

fn told(held: &Held, half: &session_half_day::Model, row: &attendance::Model) -> Attended {
    let session = &held.session;
    Attended {
        session_id: session.id,
        half_day_id: half.id,
        number: row.number,
        title: session.title.clone(),
        provider_id: session.provider_id,
        modality: session.modality.to_value(),
        day: half.on_day,
        half: half.half.to_value(),
        starts_at: half.starts_at,
        ends_at: half.ends_at,
        minutes: row.minutes,
        out_of_minutes: half.minutes,
    }
}

/// What is recorded, by registration and half-day.
type Marks = HashMap<(Uuid, Uuid), attendance::Model>;

/// Says of those who were at no half-day that they did not come, once every half-day is recorded; and
/// takes it back when that is corrected.
async fn settle_absences(
    tx: &DatabaseTransaction,
    who: &Principal,
    held: &Held,
    (changed, marks): (&[(&Registered, i32)], &Marks),
    now: DateTime<Utc>,
) -> Result<()> {
    for (one, _) in changed {
        let known: Vec<i32> = held
            .half_days
            .iter()
            .filter_map(|half| marks.get(&(one.row.id, half.id)))
            .map(|row| row.minutes)
            .collect();
        let absent = known.len() == held.half_days.len() && known.iter().all(|m| *m == 0);
        let next = match (absent, one.state() == RegistrationState::NoShow) {
            (true, false) => RegistrationState::NoShow,
            (false, true) => RegistrationState::Seated,
            _ => continue,
        };
        append(tx, who, (&one.row, one.event.number + 1), (next, None), now).await?;
    }
    Ok(())
}
