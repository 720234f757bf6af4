//! What is asked of sessions.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use poem_openapi::types::Example;

use crate::error::{Error, Result};
use crate::http::shown::shown;
use crate::sessions::model::{Half, Modality};
use crate::sessions::rules::{Plan, WishedHalfDay};
use crate::sessions::switch::Postponement;

shown! {
    /// How a session is held.
    pub SessionModality of Modality {
        /// In a room.
        OnSite,
        /// By video.
        Video,
        /// In a room for some, by video for others.
        Mixed,
    }
}

shown! {
    /// Which half of a day.
    pub DayHalf of Half {
        /// Morning: begins before noon.
        Morning,
        /// Afternoon: ends after noon.
        Afternoon,
    }
}

/// A half-day, in the time of the session.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub struct HalfDayIn {
    /// The civil day.
    on: NaiveDate,
    /// Which half.
    half: DayHalf,
    /// When it begins, as `09:00`.
    #[oai(validator(max_length = 5))]
    starts: String,
    /// When it ends.
    #[oai(validator(max_length = 5))]
    ends: String,
    /// Minutes of training, without the breaks; all of it if absent.
    #[oai(default, validator(minimum(value = "1"), maximum(value = "720")))]
    minutes: Option<i32>,
}

impl Example for HalfDayIn {
    fn example() -> Self {
        Self {
            on: NaiveDate::from_ymd_opt(2028, 3, 14).unwrap_or_default(),
            half: DayHalf::Morning,
            starts: "09:00".to_owned(),
            ends: "12:15".to_owned(),
            minutes: Some(180),
        }
    }
}

impl From<HalfDayIn> for WishedHalfDay {
    fn from(body: HalfDayIn) -> Self {
        let HalfDayIn { on, half, starts, ends, minutes } = body;
        Self { on, half: half.into(), starts, ends, minutes }
    }
}

/// What a session is to be.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub struct SessionPlan {
    /// Title.
    #[oai(validator(max_length = 200))]
    title: String,
    /// How it is held.
    modality: SessionModality,
    /// Where: expected unless it is held by video.
    #[oai(default, validator(max_length = 300))]
    place: Option<String>,
    /// The https address of the video meeting: told to those who have a seat, and to nobody else.
    #[oai(default, validator(max_length = 500))]
    link: Option<String>,
    /// Its time zone.
    #[oai(default = "paris", validator(max_length = 60))]
    time_zone: String,
    /// Seats.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
    capacity: i32,
    /// From when on people register; once it is open if absent.
    #[oai(default)]
    opens_at: Option<DateTime<Utc>>,
    /// Until when people register; until it begins if absent.
    #[oai(default)]
    closes_at: Option<DateTime<Utc>>,
    /// Whether élus attend on the funds of their collectivité or of the DIFE: their provider must hold
    /// an agrément on every date.
    #[oai(default)]
    elus_on_public_funds: bool,
    /// Its half-days.
    #[oai(validator(max_items = 40))]
    half_days: Vec<HalfDayIn>,
}

fn paris() -> String {
    "Europe/Paris".to_owned()
}

impl Example for SessionPlan {
    fn example() -> Self {
        Self {
            title: "L'IA en mairie : décider en connaissance de cause".to_owned(),
            modality: SessionModality::OnSite,
            place: Some("Salle du conseil, 1 place de la Mairie, Beaucé".to_owned()),
            link: None,
            time_zone: paris(),
            capacity: 12,
            opens_at: None,
            closes_at: None,
            elus_on_public_funds: false,
            half_days: vec![HalfDayIn::example()],
        }
    }
}

impl From<SessionPlan> for Plan {
    fn from(body: SessionPlan) -> Self {
        Self {
            title: body.title,
            modality: body.modality.into(),
            place: body.place,
            link: body.link,
            time_zone: body.time_zone,
            capacity: body.capacity,
            opens_at: body.opens_at,
            closes_at: body.closes_at,
            elus_on_public_funds: body.elus_on_public_funds,
            half_days: body.half_days.into_iter().map(Into::into).collect(),
        }
    }
}

/// A session to be planned, about a module or a path.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub struct NewSession {
    /// Who holds it: the reference of a provider.
    #[oai(validator(max_length = 100))]
    pub provider: String,
    /// Code of the module, or
    #[oai(default, validator(max_length = 24))]
    pub module: Option<String>,
    /// code of the path.
    #[oai(default, validator(max_length = 24))]
    pub path: Option<String>,
    /// What it is to be.
    pub plan: SessionPlan,
}

impl Example for NewSession {
    fn example() -> Self {
        Self {
            provider: crate::http::examples::provider_ref(),
            module: Some(crate::http::examples::module()),
            path: None,
            plan: SessionPlan::example(),
        }
    }
}

/// The same refusal, of values that stand under a field of the body.
pub fn under<T>(field: &str, result: Result<T>) -> Result<T> {
    result.map_err(|error| match error {
        Error::Refused(mut refusal) => {
            for fault in &mut refusal.faults {
                fault.at = format!("{field}{}", fault.at);
            }
            Error::Refused(refusal)
        }
        other => other,
    })
}

/// Other dates.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub struct PostponementIn {
    /// The new half-days, which replace all of those before.
    #[oai(validator(max_items = 40))]
    half_days: Vec<HalfDayIn>,
    /// Until when people register; until it begins if absent.
    #[oai(default)]
    closes_at: Option<DateTime<Utc>>,
}

impl Example for PostponementIn {
    fn example() -> Self {
        let on = NaiveDate::from_ymd_opt(2028, 3, 21).unwrap_or_default();
        Self { half_days: vec![HalfDayIn { on, ..HalfDayIn::example() }], closes_at: None }
    }
}

impl From<PostponementIn> for Postponement {
    fn from(body: PostponementIn) -> Self {
        let half_days = body.half_days.into_iter().map(Into::into).collect();
        Self { half_days, closes_at: body.closes_at }
    }
}

/// Why a session does not take place.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub struct CancellationIn {
    /// A sentence, which everybody on its list is told, and which is public: it names nobody.
    #[oai(validator(max_length = 300))]
    pub reason: String,
}

impl Example for CancellationIn {
    fn example() -> Self {
        Self { reason: "La salle n'est plus disponible.".to_owned() }
    }
}
