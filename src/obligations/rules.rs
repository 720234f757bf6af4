//! Deadlines and status as pure functions of dates and facts.

use chrono::{DateTime, Days, Duration, MappedLocalTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::records::model::FactKind;

/// Where an obligation stands at a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Owed, and there is still time.
    Open,
    /// Owed, and the deadline has passed.
    Overdue,
    /// Completed, even late.
    Satisfied,
    /// The person withdrew.
    Closed,
}

impl Status {
    /// Whether something is still expected of the person.
    pub fn is_owed(self) -> bool {
        matches!(self, Status::Open | Status::Overdue)
    }
}

/// A fact that bears on an obligation, once corrections have been applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What happened.
    pub kind: FactKind,
    /// When.
    pub occurred_at: DateTime<Utc>,
}

/// Where an obligation due at `due_at` stands at `at`. A completion counts even late, and even if the
/// person withdrew afterwards: what was learnt was learnt.
pub fn status(evidence: &[Evidence], due_at: DateTime<Utc>, at: DateTime<Utc>) -> Status {
    let seen = |kind| evidence.iter().any(|e| e.kind == kind && e.occurred_at <= at);
    if seen(FactKind::Completed) {
        Status::Satisfied
    } else if seen(FactKind::Withdrawn) {
        Status::Closed
    } else if due_at <= at {
        Status::Overdue
    } else {
        Status::Open
    }
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
        let fact = |kind, occurred_at| Evidence { kind, occurred_at };
        assert_eq!(status(&[], due, before), Status::Open);
        assert_eq!(status(&[], due, due), Status::Overdue);
        let late = [fact(FactKind::Completed, after)];
        assert_eq!(status(&late, due, due), Status::Overdue, "as it was then");
        assert_eq!(status(&late, due, after), Status::Satisfied);
        let left = [fact(FactKind::Withdrawn, before)];
        assert_eq!(status(&left, due, after), Status::Closed);
        let both = [fact(FactKind::Completed, before), fact(FactKind::Withdrawn, after)];
        assert_eq!(status(&both, due, after), Status::Satisfied);
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
