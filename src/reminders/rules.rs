//! When a reminder is due, as a pure function of dates.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::obligations::rules::instant;

/// The hour at which reminders leave, where the organisation is: before the working day begins.
const HOUR: NaiveTime = match NaiveTime::from_hms_opt(8, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// How long after its instant a reminder still makes sense, at most.
const WINDOW: Duration = Duration::days(3);

/// A rule in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The row.
    pub id: Uuid,
    /// Days from the due date: −7 is a week before, +1 the day after.
    pub offset_days: i32,
}

/// What is owed, as far as reminding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debt {
    /// Civil date by which it is owed.
    pub due_on: NaiveDate,
    /// The zone of that date.
    pub zone: Tz,
    /// When it became owed.
    pub opened_at: DateTime<Utc>,
    /// When it becomes late.
    pub due_at: DateTime<Utc>,
}

/// What is to be done about one debt and one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Its time has not come.
    NotYet,
    /// To be sent between these two instants, the first of which has passed.
    Send {
        /// When it became due.
        due_at: DateTime<Utc>,
        /// When it stops making sense.
        expires_at: DateTime<Utc>,
    },
    /// Its time came and went, during an outage or because the obligation was opened late.
    Missed {
        /// When it was due.
        due_at: DateTime<Utc>,
    },
}

/// Decides what to do at `now` about a debt still owed and one of the `rules` in force that has not
/// spoken of it.
pub fn decide(debt: &Debt, rule: Rule, rules: &[Rule], now: DateTime<Utc>) -> Decision {
    let due_at = due_instant(debt, rule.offset_days);
    if now < due_at {
        return Decision::NotYet;
    }
    let expires_at = expires(debt, rule, rules);
    if now < expires_at {
        Decision::Send { due_at, expires_at }
    } else {
        Decision::Missed { due_at }
    }
}

/// When a rule is due: at [`HOUR`] of its day where the organisation is, or at once for a debt opened
/// on that day or later.
fn due_instant(debt: &Debt, offset_days: i32) -> DateTime<Utc> {
    let day = debt
        .due_on
        .checked_add_signed(Duration::days(i64::from(offset_days)))
        .unwrap_or(debt.due_on);
    let opened_on = debt.opened_at.with_timezone(&debt.zone).date_naive();
    if opened_on >= day { debt.opened_at } else { instant(day, HOUR, debt.zone) }
}

/// When a reminder stops making sense: when the next rule speaks in its place, when what it announces
/// has passed, after the window in any case.
fn expires(debt: &Debt, rule: Rule, rules: &[Rule]) -> DateTime<Utc> {
    let own = due_instant(debt, rule.offset_days) + WINDOW;
    let next = rules
        .iter()
        .filter(|other| other.offset_days > rule.offset_days)
        .map(|other| due_instant(debt, other.offset_days))
        .min();
    let announced = (rule.offset_days <= 0).then_some(debt.due_at);
    [next, announced].into_iter().flatten().fold(own, DateTime::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::obligations::rules;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn debt(due_on: &str, zone: Tz, opened_at: DateTime<Utc>) -> Debt {
        let due_on = due_on.parse().expect("a date");
        Debt { due_on, zone, opened_at, due_at: rules::due_at(due_on, zone) }
    }

    fn three() -> [Rule; 3] {
        [-7, -1, 1].map(|offset_days| Rule { id: Uuid::nil(), offset_days })
    }

    fn at(debt: &Debt, offset_days: i32, now: DateTime<Utc>) -> Decision {
        let rule = Rule { id: Uuid::nil(), offset_days };
        decide(debt, rule, &three(), now)
    }

    #[test]
    fn a_rule_is_due_at_eight_in_the_morning_where_the_organisation_is() {
        for (zone, eight) in [
            (Tz::Europe__Paris, "2026-11-22T07:00:00Z"),
            (Tz::Indian__Reunion, "2026-11-22T04:00:00Z"),
            (Tz::America__Cayenne, "2026-11-22T11:00:00Z"),
        ] {
            let debt = debt("2026-11-29", zone, utc("2026-10-01T00:00:00Z"));
            let eight = utc(eight);
            assert_eq!(at(&debt, -7, eight - Duration::seconds(1)), Decision::NotYet);
            let send = Decision::Send { due_at: eight, expires_at: eight + WINDOW };
            assert_eq!(at(&debt, -7, eight), send);
            assert_eq!(at(&debt, -7, eight + Duration::hours(71)), send, "late, not lost");
            assert_eq!(at(&debt, -7, eight + WINDOW), Decision::Missed { due_at: eight });
        }
    }

    #[test]
    fn a_debt_opened_seven_days_ahead_is_reminded_at_once_at_any_hour() {
        for hour in 0..24 {
            let opened = utc("2026-11-21T23:00:00Z") + Duration::hours(hour);
            let debt = debt("2026-11-29", Tz::Europe__Paris, opened);
            let send = Decision::Send { due_at: opened, expires_at: opened + WINDOW };
            assert_eq!(at(&debt, -7, opened), send, "{opened}");
            assert_eq!(at(&debt, -1, opened), Decision::NotYet);
        }
    }

    #[test]
    fn a_debt_opened_the_day_before_gets_one_reminder_and_not_two() {
        let opened = utc("2026-11-28T05:00:00Z");
        let debt = debt("2026-11-29", Tz::Europe__Paris, opened);
        assert_eq!(at(&debt, -7, opened), Decision::Missed { due_at: opened });
        assert!(matches!(at(&debt, -1, opened), Decision::Send { .. }));
    }

    #[test]
    fn what_announces_a_deadline_is_not_sent_once_it_has_passed() {
        let debt = debt("2026-11-29", Tz::Europe__Paris, utc("2026-10-01T00:00:00Z"));
        let Decision::Send { expires_at, .. } = at(&debt, -1, utc("2026-11-28T07:00:00Z")) else {
            panic!("due the day before");
        };
        assert_eq!(expires_at, debt.due_at);
        assert!(matches!(at(&debt, 1, utc("2026-11-30T07:00:00Z")), Decision::Send { .. }));
    }

    proptest! {
        /// Whenever the planner runs, each rule speaks on time, and one at a time.
        #[test]
        fn any_schedule_of_rounds_reminds_on_time_and_of_one_thing_at_a_time(
            opened_hours in 0_i64..40 * 24,
            mut rounds in proptest::collection::vec(0_i64..70 * 24 * 60, 1..60),
            zone in proptest::sample::select(vec![
                Tz::Europe__Paris, Tz::Indian__Reunion, Tz::America__Cayenne, Tz::Pacific__Noumea,
            ]),
        ) {
            let start = utc("2026-10-01T00:00:00Z");
            let opened = start + Duration::hours(opened_hours);
            let debt = debt("2026-11-10", zone, opened);
            rounds.sort_unstable();
            let mut ledger: BTreeSet<i32> = BTreeSet::new();
            for now in rounds.into_iter().map(|m| start + Duration::minutes(m)) {
                let mut sent = 0;
                for rule in three() {
                    if ledger.contains(&rule.offset_days) {
                        continue;
                    }
                    match decide(&debt, rule, &three(), now) {
                        Decision::NotYet => continue,
                        Decision::Send { due_at, expires_at } => {
                            prop_assert!(due_at <= now && now < expires_at);
                            prop_assert!(opened <= due_at);
                            sent += 1;
                        }
                        Decision::Missed { due_at } => prop_assert!(due_at <= now),
                    }
                    ledger.insert(rule.offset_days);
                }
                prop_assert!(sent <= 1, "two reminders of one debt in one round");
            }
        }
    }
}
