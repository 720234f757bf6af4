//! What a page says of a session: its dates in its own time, its place, its seats, who may register.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::app::App;
use crate::catalogue::Catalogue;
use crate::error::Result;
use crate::providers::model::provider;
use crate::sessions::find::Held;
use crate::sessions::model::{Modality, SessionState, session, session_half_day};
use crate::sessions::{book, hours, register};
use crate::web::espace::words::{moment, zone};
use crate::web::words;
use crate::{territory, text};

/// A session, in the words of a page.
pub(super) struct Told {
    pub(super) id: Uuid,
    pub(super) title: String,
    /// Who holds it.
    pub(super) provider: String,
    /// What it is about, if that is still published: address and title.
    pub(super) about: Option<(String, String)>,
    /// Where it stands, in a few words.
    pub(super) standing: &'static str,
    /// Whether people may register now.
    pub(super) open: bool,
    /// Why it was cancelled.
    pub(super) reason: Option<String>,
    /// Its half-days: « mardi 3 mars 2027, de 9 h à 12 h ».
    pub(super) days: Vec<String>,
    /// In whose time they are.
    pub(super) time: String,
    pub(super) place: String,
    pub(super) minutes: String,
    pub(super) full: bool,
    pub(super) seats: String,
    /// From when and until when people register.
    pub(super) window: String,
    pub(super) elus_on_public_funds: bool,
}

/// Sessions in the words of a page, in their order: as many statements, however many.
pub(super) async fn all(app: &App, all: &[Held]) -> Result<Vec<Told>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let (conn, now) = (app.db.read(), app.clock.now());
    let ids: Vec<Uuid> = all.iter().map(|held| held.session.id).collect();
    let taken = book::taken(conn, &ids).await?;
    let catalogue = app.shelf.current(conn).await?;
    let providers = providers(app, all).await?;
    let one = |held: &Held| {
        let taken = taken.get(&held.session.id).copied().unwrap_or_default();
        let provider = providers.get(&held.session.provider_id).cloned().unwrap_or_default();
        told(held, (taken, provider), about(&catalogue, &held.session), now)
    };
    Ok(all.iter().map(one).collect())
}

fn told(
    held: &Held,
    (taken, provider): (i64, String),
    about: Option<(String, String)>,
    now: DateTime<Utc>,
) -> Told {
    let session = &held.session;
    let open = register::check_open(held, now).is_ok();
    let minutes = held.half_days.iter().map(|half| half.minutes.unsigned_abs()).sum();
    let seats = usize::try_from(session.capacity).unwrap_or_default();
    Told {
        id: session.id,
        title: session.title.clone(),
        provider,
        about,
        standing: standing(held, open, now),
        open,
        reason: held.event.reason.clone().filter(|_| held.state() == SessionState::Cancelled),
        days: held.half_days.iter().map(day).collect(),
        time: time(&session.time_zone),
        place: place(session),
        minutes: words::minutes(minutes),
        full: i64::from(session.capacity) <= taken,
        seats: words::count(seats, "place", "places"),
        window: window(session),
        elus_on_public_funds: session.elus_on_public_funds,
    }
}

fn standing(held: &Held, open: bool, now: DateTime<Utc>) -> &'static str {
    match held.state() {
        SessionState::Cancelled => "annulée",
        _ if held.session.ends_at <= now => "terminée",
        _ if held.has_begun(now) => "en cours",
        SessionState::Postponed if open => "reportée à ces dates, inscriptions ouvertes",
        SessionState::Postponed => "reportée à ces dates",
        _ if open => "inscriptions ouvertes",
        SessionState::Open if held.session.opens_at.is_some_and(|from| now < from) => {
            "inscriptions pas encore ouvertes"
        }
        _ => "inscriptions closes",
    }
}

/// A half-day, in the time of the session.
fn day(half: &session_half_day::Model) -> String {
    // An hour and its unit stay on one line.
    let hours = hours(half).replace(" h", "\u{a0}h");
    format!("{}, {hours}", text::french_date(half.on_day))
}

fn time(zone: &str) -> String {
    match zone {
        "Europe/Paris" => "heure de Paris".to_owned(),
        other => format!("heure locale : {other}"),
    }
}

fn place(session: &session::Model) -> String {
    let place = session.place.clone().unwrap_or_default();
    match session.modality {
        Modality::Video => "à distance".to_owned(),
        Modality::OnSite => place,
        Modality::Mixed => format!("{place}, ou à distance"),
    }
}

fn window(session: &session::Model) -> String {
    let zone = zone(&session.time_zone);
    let until = moment(session.closes_at.min(session.starts_at), zone);
    match session.opens_at {
        Some(from) => format!("du {} au {until}", moment(from, zone)),
        None => format!("jusqu’au {until}"),
    }
}

fn about(catalogue: &Catalogue, session: &session::Model) -> Option<(String, String)> {
    let module = session.module_id.and_then(|id| catalogue.editions().find(|e| e.module.id == id));
    let path = session.path_id.and_then(|id| catalogue.paths().find(|p| p.path.id == id));
    let module = module.map(|edition| {
        let manifest = &edition.content.manifest;
        (format!("/modules/{}", manifest.code), manifest.title.clone())
    });
    let path = || {
        let path = path?;
        Some((format!("/parcours/{}", path.path.code), path.content.title.clone()))
    };
    module.or_else(path)
}

/// The names of those who hold these sessions.
async fn providers(app: &App, all: &[Held]) -> Result<HashMap<Uuid, String>> {
    let conn = app.db.read();
    let ids = all.iter().map(|held| held.session.provider_id);
    let rows = provider::Entity::find().filter(provider::Column::Id.is_in(ids)).all(conn).await?;
    let organisations = rows.iter().map(|row| row.organisation_id).collect();
    let names = territory::details::named(conn, organisations).await?;
    let named = |row: provider::Model| {
        Some((row.id, names.get(&row.organisation_id).map(|one| one.name.clone())?))
    };
    Ok(rows.into_iter().filter_map(named).collect())
}
