//! Deadlines and status as pure functions of dates and facts.

use chrono::{DateTime, Days, Duration, MappedLocalTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::model::EventKind;
use crate::records::status::State;

/// Where an obligation stands at a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Owed, and there is still time.
    Open,
    /// Owed, and the deadline has passed.
    Overdue,
    /// Completed, even late.
    Satisfied,
    /// Not asked for the time being: the employer exempted the person.
    Exempted,
    /// Another obligation took its place.
    Superseded,
    /// Nothing is asked any more: the person withdrew or is no longer concerned, the module has left
    /// the catalogue, the requirement was disabled.
    Closed,
}

impl Status {
    /// Whether something is still expected of the person.
    pub fn is_owed(self) -> bool {
        matches!(self, Status::Open | Status::Overdue)
    }
}

/// Where an obligation due at `due_at` stands at `at`, the enrolment it hangs on being in `state`
/// then. A completion counts even late, and even if the person withdrew afterwards.
pub fn status(state: State, due_at: DateTime<Utc>, at: DateTime<Utc>) -> Status {
    match state {
        State::Completed => Status::Satisfied,
        State::Withdrawn => Status::Closed,
        State::Enrolled | State::InProgress if due_at <= at => Status::Overdue,
        State::Enrolled | State::InProgress => Status::Open,
    }
}

/// Something that happened to an obligation besides learning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happened {
    /// What.
    pub kind: EventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// When an exemption ends by itself.
    pub until: Option<DateTime<Utc>>,
}

/// Where an obligation of a requirement stands at `at`: what happened to it in the order in which it
/// did, and the completion that satisfies it, if any. What took its place or closed it before it was
/// satisfied is final; a completion counts whatever happened besides, even late.
pub fn stands(
    satisfied_at: Option<DateTime<Utc>>,
    events: &[Happened],
    due_at: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Status {
    let known = || events.iter().filter(|event| event.at <= at);
    let satisfied = satisfied_at.filter(|satisfied| *satisfied <= at);
    let end = known().find(|e| matches!(e.kind, EventKind::Superseded | EventKind::Disabled));
    if let Some(end) = end.filter(|end| satisfied.is_none_or(|satisfied| end.at < satisfied)) {
        let replaced = end.kind == EventKind::Superseded;
        return if replaced { Status::Superseded } else { Status::Closed };
    }
    if satisfied.is_some() {
        return Status::Satisfied;
    }
    if is_exempted(events, at) {
        return Status::Exempted;
    }
    if is_out(events, at) {
        return Status::Closed;
    }
    if due_at <= at { Status::Overdue } else { Status::Open }
}

/// Whether an exemption is in force at `at`.
pub fn is_exempted(events: &[Happened], at: DateTime<Utc>) -> bool {
    let spoken = |e: &&Happened| matches!(e.kind, EventKind::Exempted | EventKind::Lifted);
    let last = events.iter().rfind(|event| event.at <= at && spoken(event));
    last.is_some_and(|e| e.kind == EventKind::Exempted && e.until.is_none_or(|until| at < until))
}

/// Whether the person was outside the audience at `at`.
pub fn is_out(events: &[Happened], at: DateTime<Utc>) -> bool {
    let spoken = |e: &&Happened| matches!(e.kind, EventKind::LeftAudience | EventKind::Reentered);
    let last = events.iter().rfind(|event| event.at <= at && spoken(event));
    last.is_some_and(|event| event.kind == EventKind::LeftAudience)
}

/// The instant from which something due on a civil date is late: the first of the next civil day in
/// the zone.
pub fn due_at(due_on: NaiveDate, zone: Tz) -> DateTime<Utc> {
    instant(due_on.checked_add_days(Days::new(1)).unwrap_or(due_on), NaiveTime::MIN, zone)
}

/// A civil date and time as an instant. An hour that the clocks show twice is its first occurrence;
/// one that they skip is the instant at which they skip it.
pub fn instant(date: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let wanted = date.and_time(time);
    // Clocks go forward by an hour at most, but Samoa once skipped a whole day.
    for minutes in 0..=2 * 24 * 60 {
        match zone.from_local_datetime(&(wanted + Duration::minutes(minutes))) {
            MappedLocalTime::Single(found) | MappedLocalTime::Ambiguous(found, _) => {
                return found.with_timezone(&Utc);
            }
            MappedLocalTime::None => {}
        }
    }
    wanted.and_utc()
}

/// The zone that a row names; Paris if the zone database no longer knows it.
pub fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::Europe__Paris)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a date")
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_deadline_is_the_end_of_its_day_where_the_organisation_is() {
        let day = date(2026, 11, 29);
        assert_eq!(due_at(day, Tz::Europe__Paris), utc("2026-11-29T23:00:00Z"));
        assert_eq!(due_at(day, Tz::Indian__Reunion), utc("2026-11-29T20:00:00Z"));
        assert_eq!(due_at(day, Tz::America__Cayenne), utc("2026-11-30T03:00:00Z"));
        assert_eq!(due_at(day, Tz::Pacific__Noumea), utc("2026-11-29T13:00:00Z"));
        assert_eq!(due_at(date(2026, 7, 1), Tz::Europe__Paris), utc("2026-07-01T22:00:00Z"));
    }

    #[test]
    fn a_midnight_that_the_clocks_skip_is_the_instant_of_the_change() {
        // Cairo goes from 00:00 to 01:00 on the last Friday of April.
        assert_eq!(due_at(date(2026, 4, 23), Tz::Africa__Cairo), utc("2026-04-23T22:00:00Z"));
        // Samoa had no 30 December 2011.
        assert_eq!(due_at(date(2011, 12, 29), Tz::Pacific__Apia), utc("2011-12-30T10:00:00Z"));
    }

    #[test]
    fn a_completion_counts_even_late_and_a_withdrawal_closes() {
        let due = utc("2026-11-29T23:00:00Z");
        let (before, after) = (due - Duration::days(1), due + Duration::days(1));
        assert_eq!(status(State::Enrolled, due, before), Status::Open);
        assert_eq!(status(State::InProgress, due, due), Status::Overdue);
        assert_eq!(status(State::Completed, due, after), Status::Satisfied);
        assert_eq!(status(State::Withdrawn, due, after), Status::Closed);
    }

    proptest! {
        #[test]
        fn a_deadline_falls_within_the_day_after_in_every_zone(
            days in 0_i64..30_000,
            zone in proptest::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        ) {
            let day = date(1990, 1, 1) + Duration::days(days);
            let found = due_at(day, zone).with_timezone(&zone).date_naive();
            prop_assert!(found > day, "{found} in {zone}");
            prop_assert!(found <= day + Duration::days(2), "{found} in {zone}");
        }
    }
}
