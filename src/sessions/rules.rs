//! What a session may look like: dates, half-days, window of registration. Pure.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::model::{Half, Modality, SessionState, session_half_day};
use crate::error::{Faults, Reason, Result};

/// The most seats of a session.
pub const MOST_SEATS: i32 = 1_000;
/// The most half-days of a session.
pub const MOST_HALF_DAYS: usize = 40;
/// The longest half-day, in minutes.
const LONGEST: i32 = 6 * 60;
/// How far ahead a session is planned at most, in days: three years.
const FURTHEST_DAYS: i64 = 3 * 366;
/// Noon, in minutes of the day: a morning begins before it, an afternoon ends after it.
const NOON: i32 = 12 * 60;

/// A session as somebody plans it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Title.
    pub title: String,
    /// How it is held.
    pub modality: Modality,
    /// Where: on site and mixed.
    pub place: Option<String>,
    /// The address of the video meeting: told to those who have a seat, and to nobody else.
    pub link: Option<String>,
    /// Its time zone, by IANA name.
    pub time_zone: String,
    /// Seats.
    pub capacity: i32,
    /// From when on people register; once it is open if absent.
    pub opens_at: Option<DateTime<Utc>>,
    /// Until when people register; until it begins if absent.
    pub closes_at: Option<DateTime<Utc>>,
    /// Whether élus attend on the funds of their collectivité, or of the DIFE: their provider then holds
    /// an *agrément* on every date (CGCT, L1221-3).
    pub elus_on_public_funds: bool,
    /// Its half-days, in any order.
    pub half_days: Vec<WishedHalfDay>,
}

/// A half-day as somebody plans it.
#[derive(Clone, Debug)]
pub struct WishedHalfDay {
    /// The civil day.
    pub on: NaiveDate,
    /// Which half.
    pub half: Half,
    /// Local time of its beginning, as `09:00`.
    pub starts: String,
    /// Local time of its end.
    pub ends: String,
    /// Minutes of training; all of it if absent.
    pub minutes: Option<i32>,
}

/// A half-day that holds together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HalfDay {
    /// The civil day.
    pub on: NaiveDate,
    /// Which half.
    pub half: Half,
    /// Local beginning, in minutes of the day.
    pub starts_minute: i32,
    /// Local end, in minutes of the day.
    pub ends_minute: i32,
    /// Minutes of training.
    pub minutes: i32,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

impl HalfDay {
    /// Whether a row says the same.
    pub fn is(&self, row: &session_half_day::Model) -> bool {
        (self.on, self.half, self.minutes) == (row.on_day, row.half, row.minutes)
            && (self.starts_at, self.ends_at) == (row.starts_at, row.ends_at)
    }
}

/// The dates of a session that holds together, its half-days in order.
#[derive(Clone, Debug)]
pub struct Dates {
    /// Half-days, one at least.
    pub half_days: Vec<HalfDay>,
    /// When the first begins.
    pub starts_at: DateTime<Utc>,
    /// When the last ends.
    pub ends_at: DateTime<Utc>,
}

/// The dates of half-days that begin after `now`.
///
/// # Errors
/// `invalid-values`, every fault at once: a half-day that ends before it starts, two that overlap, an
/// hour that clocks skip, a day that is past.
pub fn dates(wished: &[WishedHalfDay], zone: Tz, now: DateTime<Utc>) -> Result<Dates> {
    let mut faults = Faults::default();
    faults.check(
        (1..=MOST_HALF_DAYS).contains(&wished.len()),
        "/half_days",
        format!("entre 1 et {MOST_HALF_DAYS} demi-journées"),
        format!("1 to {MOST_HALF_DAYS} half-days"),
    );
    let mut half_days: Vec<(usize, HalfDay)> = Vec::new();
    for (at, wish) in wished.iter().enumerate() {
        half_days.extend(half_day(wish, at, zone, now, &mut faults).map(|half| (at, half)));
    }
    half_days.sort_by_key(|(_, half)| (half.starts_at, half.ends_at));
    for pair in half_days.windows(2) {
        let [(_, one), (at, next)] = pair else { continue };
        let apart = one.ends_at <= next.starts_at && (one.on, one.half) != (next.on, next.half);
        faults.check(
            apart,
            &format!("/half_days/{at}"),
            "cette demi-journée en chevauche une autre",
            "this half-day overlaps another",
        );
    }
    faults.refuse()?;
    let half_days: Vec<HalfDay> = half_days.into_iter().map(|(_, half)| half).collect();
    let (Some(first), Some(last)) = (half_days.first(), half_days.last()) else {
        return Err(Reason::InvalidValues.into());
    };
    Ok(Dates { starts_at: first.starts_at, ends_at: last.ends_at, half_days })
}

fn half_day(
    wish: &WishedHalfDay,
    at: usize,
    zone: Tz,
    now: DateTime<Utc>,
    faults: &mut Faults,
) -> Option<HalfDay> {
    let here = |field: &str| format!("/half_days/{at}{field}");
    let (starts, ends) = (minute_of(&wish.starts), minute_of(&wish.ends));
    for (time, field) in [(starts, "/starts"), (ends, "/ends")] {
        let (fr, en) = ("une heure comme 09:00", "a time such as 09:00");
        faults.check(time.is_some(), &here(field), fr, en);
    }
    let (starts_minute, ends_minute) = (starts?, ends?);
    let lasts = ends_minute - starts_minute;
    let (fr, en) = ("la fin vient après le début", "the end comes after the beginning");
    faults.check(lasts > 0, &here("/ends"), fr, en);
    let (fr, en) = ("au plus six heures", "six hours at most");
    faults.check(lasts <= LONGEST, &here("/ends"), fr, en);
    let half = match wish.half {
        Half::Morning => starts_minute < NOON,
        Half::Afternoon => ends_minute > NOON,
    };
    faults.check(
        half,
        &here("/half"),
        "un matin commence avant midi, un après-midi finit après",
        "a morning begins before noon, an afternoon ends after it",
    );
    let minutes = wish.minutes.unwrap_or(lasts);
    faults.check(
        lasts <= 0 || (1..=lasts).contains(&minutes),
        &here("/minutes"),
        format!("entre 1 et {lasts} minutes"),
        format!("1 to {lasts} minutes"),
    );
    let (starts_at, ends_at) =
        (instant(wish.on, starts_minute, zone), instant(wish.on, ends_minute, zone));
    let (fr, en) = ("cette heure n'existe pas ce jour-là", "there is no such hour on that day");
    faults.check(starts_at.is_some(), &here("/starts"), fr, en);
    faults.check(ends_at.is_some(), &here("/ends"), fr, en);
    let (starts_at, ends_at) = (starts_at?, ends_at?);
    let soon = now < starts_at && starts_at < now + Duration::days(FURTHEST_DAYS);
    let (fr, en) = ("à venir, dans les trois ans", "still to come, within three years");
    faults.check(soon, &here("/on"), fr, en);
    let sound = lasts > 0;
    sound.then_some(HalfDay {
        on: wish.on,
        half: wish.half,
        starts_minute,
        ends_minute,
        minutes,
        starts_at,
        ends_at,
    })
}

/// The minute of the day of a time such as `09:00`.
fn minute_of(time: &str) -> Option<i32> {
    let (hours, minutes) = time.split_once(':')?;
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// A minute of the day as a time: `09:00`.
pub fn time_of(minute: i32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn instant(day: NaiveDate, minute: i32, zone: Tz) -> Option<DateTime<Utc>> {
    let seconds = u32::try_from(minute).ok()? * 60;
    let local = day.and_time(NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)?);
    Some(zone.from_local_datetime(&local).earliest()?.with_timezone(&Utc))
}

/// The time zone of a plan.
///
/// # Errors
/// `invalid-values` at `/time_zone`.
pub fn zone(name: &str) -> Result<Tz> {
    let mut faults = Faults::default();
    let found: Option<Tz> = name.parse().ok();
    let (fr, en) = ("un fuseau comme Europe/Paris", "a time zone such as Europe/Paris");
    faults.check(found.is_some(), "/time_zone", fr, en);
    faults.refuse()?;
    found.ok_or_else(|| Reason::InvalidValues.into())
}

/// Checks what a plan says besides its dates; answers until when people register.
///
/// # Errors
/// `invalid-values`, every fault at once.
pub fn check(plan: &Plan, starts_at: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let mut faults = Faults::default();
    faults.check_text(&plan.title, "/title", 200);
    let seats = (1..=MOST_SEATS).contains(&plan.capacity);
    let (fr, en) = (format!("entre 1 et {MOST_SEATS} places"), format!("1 to {MOST_SEATS} seats"));
    faults.check(seats, "/capacity", fr, en);
    if let Some(place) = &plan.place {
        faults.check_text(place, "/place", 300);
    }
    let (fr, en) = ("un lieu est attendu", "a place is expected");
    faults.check(plan.modality == Modality::Video || plan.place.is_some(), "/place", fr, en);
    if let Some(link) = &plan.link {
        let (fr, en) = ("une adresse https", "an https address");
        faults.check(is_address(link), "/link", fr, en);
    }
    check_window((plan.opens_at, plan.closes_at), starts_at, &mut faults);
    faults.refuse()?;
    Ok(plan.closes_at.unwrap_or(starts_at))
}

/// Checks until when people register in a session that is moved.
///
/// # Errors
/// `invalid-values` at `/closes_at` or `/opens_at`.
pub fn check_closing(
    closes_at: Option<DateTime<Utc>>,
    starts_at: DateTime<Utc>,
    opens_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let mut faults = Faults::default();
    check_window((opens_at, closes_at), starts_at, &mut faults);
    faults.refuse()
}

fn check_window(
    (opens_at, closes_at): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    starts_at: DateTime<Utc>,
    faults: &mut Faults,
) {
    let closes_at = closes_at.unwrap_or(starts_at);
    let (fr, en) = (
        "les inscriptions finissent au plus tard quand la session commence",
        "registration ends when the session begins, at the latest",
    );
    faults.check(closes_at <= starts_at, "/closes_at", fr, en);
    let (fr, en) = ("avant la fin des inscriptions", "before registration ends");
    faults.check(opens_at.is_none_or(|at| at < closes_at), "/opens_at", fr, en);
}

fn is_address(link: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
    link.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && link.chars().all(plain))
}

/// Whether a session takes place, as far as anybody knows.
pub const fn is_on(state: SessionState) -> bool {
    matches!(state, SessionState::Open | SessionState::Closed | SessionState::Postponed)
}

/// Whether people may register, within its window.
pub const fn takes_registrations(state: SessionState) -> bool {
    matches!(state, SessionState::Open | SessionState::Postponed)
}
