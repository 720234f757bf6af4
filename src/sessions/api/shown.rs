//! Sessions as they are shown: to anyone, to those who hold them, to those who attend.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::bodies::{DayHalf, SessionModality};
use crate::catalogue::model::{module, path};
use crate::error::{Reason, Result};
use crate::http::shown::shown;
use crate::providers::model::provider;
use crate::sessions::book;
use crate::sessions::find::Held;
use crate::sessions::model::{RegistrationState, SessionState, attendance, session_half_day};
use crate::sessions::rules::time_of;
use crate::territory;

shown! {
    /// Where a session stands.
    pub SessionStanding of SessionState {
        /// Being planned: nobody else sees it.
        Draft,
        /// People may register, within its window.
        Open,
        /// It takes place; nobody registers any more.
        Closed,
        /// It does not take place.
        Cancelled,
        /// Its dates have moved; people may register, within its window.
        Postponed,
    }
}

shown! {
    /// Where a registration stands.
    pub RegistrationStanding of RegistrationState {
        /// A seat.
        Seated,
        /// On the waiting list.
        Waiting,
        /// A seat, that was freed.
        Promoted,
        /// They withdrew.
        Withdrawn,
        /// The provider refused.
        Refused,
        /// They had a seat, and were at no half-day.
        NoShow,
    }
}

/// A half-day of a session.
#[derive(Object)]
pub struct HalfDayShown {
    /// Identifier.
    id: Uuid,
    /// The civil day.
    on: NaiveDate,
    /// Which half.
    half: DayHalf,
    /// When it begins, in the time of the session.
    starts: String,
    /// When it ends, in the time of the session.
    ends: String,
    /// When it begins.
    starts_at: DateTime<Utc>,
    /// When it ends.
    ends_at: DateTime<Utc>,
    /// Minutes of training.
    minutes: i32,
}

impl From<session_half_day::Model> for HalfDayShown {
    fn from(row: session_half_day::Model) -> Self {
        Self {
            id: row.id,
            on: row.on_day,
            half: row.half.into(),
            starts: time_of(row.starts_minute),
            ends: time_of(row.ends_minute),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            minutes: row.minutes,
        }
    }
}

/// A session, as anyone sees it.
#[derive(Object)]
pub struct SessionShown {
    /// Identifier.
    pub id: Uuid,
    /// Where it stands.
    pub state: SessionStanding,
    /// Why, when it was cancelled.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    /// Title.
    title: String,
    /// Who holds it: the reference of a provider.
    provider: String,
    /// Code of the module that it is about.
    #[oai(skip_serializing_if_is_none)]
    module: Option<String>,
    /// Code of the path that it is about.
    #[oai(skip_serializing_if_is_none)]
    path: Option<String>,
    /// How it is held.
    modality: SessionModality,
    /// Where.
    #[oai(skip_serializing_if_is_none)]
    place: Option<String>,
    /// Its time zone.
    time_zone: String,
    /// When it begins.
    starts_at: DateTime<Utc>,
    /// When it ends.
    ends_at: DateTime<Utc>,
    /// Its half-days, in order.
    half_days: Vec<HalfDayShown>,
    /// Minutes of training, together.
    total_minutes: i32,
    /// Seats.
    capacity: i32,
    /// Whether they are all taken: whoever registers waits.
    full: bool,
    /// From when on people register.
    #[oai(skip_serializing_if_is_none)]
    opens_at: Option<DateTime<Utc>>,
    /// Until when people register.
    closes_at: DateTime<Utc>,
    /// Whether élus attend on the funds of their collectivité or of the DIFE.
    elus_on_public_funds: bool,
}

/// A page of sessions.
#[derive(Object)]
pub struct Sessions {
    /// Sessions, in the order in which they begin.
    pub items: Vec<SessionShown>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// A session, as those who hold it see it.
#[derive(Object)]
pub struct SessionRecord {
    /// The session.
    pub session: SessionShown,
    /// The address of the video meeting.
    #[oai(skip_serializing_if_is_none)]
    pub link: Option<String>,
    /// Seats that are taken.
    pub seated: i64,
    /// How many wait.
    pub waiting: usize,
}

/// How long somebody was at a half-day.
#[derive(Object)]
pub struct MarkShown {
    /// The half-day.
    pub half_day_id: Uuid,
    /// Minutes of training.
    pub minutes: i32,
}

impl From<&attendance::Model> for MarkShown {
    fn from(row: &attendance::Model) -> Self {
        Self { half_day_id: row.half_day_id, minutes: row.minutes }
    }
}

/// Somebody on the list of a session.
#[derive(Object)]
pub struct RegistrationShown {
    /// The registration.
    pub id: Uuid,
    /// The order in which they asked.
    pub number: i32,
    /// Where it stands.
    pub state: RegistrationStanding,
    /// When they asked.
    pub asked_at: DateTime<Utc>,
    /// The person.
    pub person_id: Uuid,
    /// Given name; absent once erased.
    #[oai(skip_serializing_if_is_none)]
    pub given_name: Option<String>,
    /// Family name; absent once erased.
    #[oai(skip_serializing_if_is_none)]
    pub family_name: Option<String>,
    /// `elu` or `agent`.
    pub capacity: String,
    /// The organisation in whose service they attend.
    pub organisation: String,
    /// What was recorded of their attendance.
    pub attended: Vec<MarkShown>,
}

/// A page of the list of a session.
#[derive(Object)]
pub struct Registrations {
    /// Registrations, in the order in which they were asked.
    pub items: Vec<RegistrationShown>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// A registration of one's own.
#[derive(Object)]
pub struct MyRegistration {
    /// The registration.
    pub id: Uuid,
    /// Where it stands.
    pub state: RegistrationStanding,
    /// Why, when it was refused.
    #[oai(skip_serializing_if_is_none)]
    pub reason: Option<String>,
    /// One's rank on the waiting list, from 1.
    #[oai(skip_serializing_if_is_none)]
    pub rank: Option<usize>,
    /// When one asked.
    pub asked_at: DateTime<Utc>,
    /// The session.
    pub session: SessionShown,
    /// The address of the video meeting, for whoever has a seat.
    #[oai(skip_serializing_if_is_none)]
    pub link: Option<String>,
    /// What was recorded of one's attendance.
    pub attended: Vec<MarkShown>,
}

/// A page of one's sessions.
#[derive(Object)]
pub struct MyRegistrations {
    /// Registrations, the latest asked first.
    pub items: Vec<MyRegistration>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// Sessions as anyone sees them: as many statements, however many sessions.
pub async fn sessions(conn: &impl ConnectionTrait, all: Vec<Held>) -> Result<Vec<SessionShown>> {
    let ids: Vec<Uuid> = all.iter().map(|held| held.session.id).collect();
    let taken = book::taken(conn, &ids).await?;
    let modules = codes_of_modules(conn, &all).await?;
    let paths = codes_of_paths(conn, &all).await?;
    let providers = refs_of_providers(conn, &all).await?;
    let shown = |held: Held| {
        let session = held.session;
        let taken = taken.get(&session.id).copied().unwrap_or_default();
        let code = |codes: &HashMap<Uuid, String>, id: Option<Uuid>| codes.get(&id?).cloned();
        let provider = providers.get(&session.provider_id).ok_or(Reason::Internal)?;
        Ok(SessionShown {
            id: session.id,
            state: held.event.state.into(),
            reason: held.event.reason,
            title: session.title,
            provider: provider.clone(),
            module: code(&modules, session.module_id),
            path: code(&paths, session.path_id),
            modality: session.modality.into(),
            place: session.place,
            time_zone: session.time_zone,
            starts_at: session.starts_at,
            ends_at: session.ends_at,
            total_minutes: held.half_days.iter().map(|half| half.minutes).sum(),
            half_days: held.half_days.into_iter().map(Into::into).collect(),
            capacity: session.capacity,
            full: i64::from(session.capacity) <= taken,
            opens_at: session.opens_at,
            closes_at: session.closes_at,
            elus_on_public_funds: session.elus_on_public_funds,
        })
    };
    all.into_iter().map(shown).collect()
}

async fn codes_of_modules(
    conn: &impl ConnectionTrait,
    all: &[Held],
) -> Result<HashMap<Uuid, String>> {
    let ids = all.iter().filter_map(|held| held.session.module_id);
    let rows = module::Entity::find().filter(module::Column::Id.is_in(ids)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.code)).collect())
}

async fn codes_of_paths(
    conn: &impl ConnectionTrait,
    all: &[Held],
) -> Result<HashMap<Uuid, String>> {
    let ids = all.iter().filter_map(|held| held.session.path_id);
    let rows = path::Entity::find().filter(path::Column::Id.is_in(ids)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.code)).collect())
}

async fn refs_of_providers(
    conn: &impl ConnectionTrait,
    all: &[Held],
) -> Result<HashMap<Uuid, String>> {
    let ids = all.iter().map(|held| held.session.provider_id);
    let rows = provider::Entity::find().filter(provider::Column::Id.is_in(ids)).all(conn).await?;
    let refs = territory::refs_of(conn, rows.iter().map(|row| row.organisation_id)).await?;
    let named = |row: provider::Model| Some((row.id, refs.get(&row.organisation_id)?.to_string()));
    Ok(rows.into_iter().filter_map(named).collect())
}
