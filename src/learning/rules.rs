//! Decisions on attempts, as pure functions: how many, how far apart, for how long.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use crate::content::Manifest;
use crate::error::{Reason, Refusal, Result};

/// How long after the end of an attempt an answer is still taken: it was on its way.
pub const GRACE: Duration = Duration::seconds(30);

/// How far apart the clocks of two processes may be: what is beyond is a clock set back.
const DRIFT: Duration = Duration::minutes(2);

/// What is arranged for one learner; nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arranged {
    /// Added to the time of an attempt, in percent of it.
    pub extra_time_percent: u32,
    /// Added to the time of an attempt, in minutes.
    pub extra_minutes: u32,
    /// Attempts besides those that the module allows.
    pub extra_attempts: u32,
}

/// When an attempt begun at an instant is over; `None` when nothing bounds it. Part of a second that a
/// percentage leaves is given.
pub fn due_at(
    manifest: &Manifest,
    arranged: Arranged,
    started_at: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let minutes = i64::from(manifest.attempt_time_minutes?);
    let percent = 100 + i64::from(arranged.extra_time_percent);
    let seconds = (minutes * 60 * percent + 99) / 100 + i64::from(arranged.extra_minutes) * 60;
    Some(started_at + Duration::seconds(seconds))
}

/// Whether nothing more is taken in an attempt that is over at `due_at`.
pub fn is_over(due_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    due_at.is_some_and(|due_at| due_at + GRACE < now)
}

/// Refuses to decide by a clock that is earlier than what was recorded last, by more than two processes
/// may differ.
///
/// # Errors
/// `clock-behind`.
pub fn check_clock(recorded: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<()> {
    let Some(ahead) = recorded.map(|at| at - now).filter(|ahead| *ahead > DRIFT) else {
        return Ok(());
    };
    Err(Refusal::new(Reason::ClockBehind)
        .because(
            "L'heure du serveur est antérieure à ce qui est déjà enregistré. Réessayez ; si cela dure, prévenez l'exploitant.",
            "The server's time is earlier than what is already recorded. Try again; if it lasts, tell the operator.",
        )
        .retry_after(seconds(ahead))
        .into())
}

/// Refuses an attempt beyond those that the module and what is arranged allow; `number` is its own.
///
/// # Errors
/// `attempts-exhausted`, which says whom to ask.
pub fn check_number(manifest: &Manifest, arranged: Arranged, number: u32) -> Result<()> {
    let allowed = |limit: u32| limit.saturating_add(arranged.extra_attempts);
    let Some(allowed) = manifest.attempt_limit.map(allowed).filter(|most| number > *most) else {
        return Ok(());
    };
    let contact = &manifest.contact;
    Err(Refusal::new(Reason::AttemptsExhausted)
        .because(
            format!(
                "Tentatives permises : {allowed}. Pour en demander une autre, écrivez à {contact}."
            ),
            format!("Attempts allowed: {allowed}. To ask for another, write to {contact}."),
        )
        .into())
}

/// Refuses an attempt before the pause that follows the previous one is over; `ended` is when that one
/// ended, `zone` the one in which a time of day is told.
///
/// # Errors
/// `attempt-too-soon`, which says when to come back.
pub fn check_pause(
    manifest: &Manifest,
    ended: Option<DateTime<Utc>>,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<()> {
    let (Some(minutes), Some(ended)) = (manifest.attempt_pause_minutes, ended) else {
        return Ok(());
    };
    let opens = ended + Duration::minutes(i64::from(minutes));
    if opens <= now {
        return Ok(());
    }
    let local = opens.with_timezone(&zone);
    let (day, hour, zone) = (local.format("%d/%m/%Y"), local.format("%H:%M:%S"), zone.name());
    Err(Refusal::new(Reason::AttemptTooSoon)
        .because(
            format!("La prochaine tentative est ouverte à partir du {day} à {hour} ({zone})."),
            format!("The next attempt is open from {} on.", opens.format("%Y-%m-%dT%H:%M:%SZ")),
        )
        .retry_after(seconds(opens - now))
        .into())
}

/// Whole seconds that cover a duration, one at least.
fn seconds(duration: Duration) -> u64 {
    let millis = u64::try_from(duration.num_milliseconds()).unwrap_or(0);
    millis.div_ceil(1000).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::Error;

    fn manifest(limit: Option<u32>, pause: Option<u32>, time: Option<u32>) -> Manifest {
        let tree = crate::catalogue::tests::kit::tree("T1", "Texte.");
        let mut manifest = crate::content::read(&tree).expect("sound").manifest;
        manifest.attempt_limit = limit;
        manifest.attempt_pause_minutes = pause;
        manifest.attempt_time_minutes = time;
        manifest
    }

    fn refused(result: Result<()>) -> Option<Refusal> {
        match result {
            Ok(()) => None,
            Err(Error::Refused(refusal)) => Some(refusal),
            Err(other) => panic!("failed rather than refused: {other}"),
        }
    }

    fn noon() -> DateTime<Utc> {
        "2026-11-23T11:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn what_bounds_nothing_refuses_nothing() {
        let free = manifest(None, None, None);
        assert_eq!(
            due_at(&free, Arranged { extra_minutes: 9, ..Arranged::default() }, noon()),
            None
        );
        assert!(!is_over(None, noon()));
        assert_eq!(refused(check_number(&free, Arranged::default(), 1000)), None);
        assert_eq!(
            refused(check_pause(&free, Some(noon()), chrono_tz::Europe::Paris, noon())),
            None
        );
    }

    #[test]
    fn a_third_more_time_and_five_minutes_are_both_given() {
        let bounded = manifest(None, None, Some(30));
        let arranged = Arranged { extra_time_percent: 33, extra_minutes: 5, extra_attempts: 0 };
        let due = due_at(&bounded, arranged, noon()).expect("bounded");
        assert_eq!(due - noon(), Duration::seconds(30 * 60 * 133 / 100 + 300));
        assert!(!is_over(Some(due), due + GRACE));
        assert!(is_over(Some(due), due + GRACE + Duration::microseconds(1)));
    }

    #[test]
    fn the_last_attempt_says_whom_to_ask_and_one_more_may_be_arranged() {
        let two = manifest(Some(2), None, None);
        assert_eq!(refused(check_number(&two, Arranged::default(), 2)), None);
        let third = refused(check_number(&two, Arranged::default(), 3)).expect("refused");
        assert_eq!(third.reason, Reason::AttemptsExhausted);
        assert!(third.detail.is_some_and(|(fr, _)| fr.contains(&two.contact)));
        let one_more = Arranged { extra_attempts: 1, ..Arranged::default() };
        assert_eq!(refused(check_number(&two, one_more, 3)), None);
    }

    #[test]
    fn a_pause_says_when_it_ends_where_the_learner_is() {
        let paused = manifest(None, Some(90), None);
        let at = |now| check_pause(&paused, Some(noon()), chrono_tz::Europe::Paris, now);
        let early = refused(at(noon() + Duration::minutes(30))).expect("refused");
        assert_eq!((early.reason, early.retry_after_seconds), (Reason::AttemptTooSoon, Some(3600)));
        let said = early.detail.expect("when").0;
        assert!(said.contains("23/11/2026 à 13:30:00"), "{said}");
        assert_eq!(refused(at(noon() + Duration::minutes(90))), None);
    }

    #[test]
    fn a_clock_may_lag_by_two_minutes_and_no_more() {
        let at = |seconds| refused(check_clock(Some(noon() + Duration::seconds(seconds)), noon()));
        assert_eq!((at(-9000), at(120)), (None, None));
        assert_eq!(
            at(121).map(|r| (r.reason, r.retry_after_seconds)),
            Some((Reason::ClockBehind, Some(121)))
        );
    }

    proptest! {
        #[test]
        fn what_is_arranged_never_shortens_an_attempt(
            minutes in 1_u32..=600, percent in 0_u32..=300, extra in 0_u32..=600,
        ) {
            let bounded = manifest(None, None, Some(minutes));
            let arranged = Arranged { extra_time_percent: percent, extra_minutes: extra, extra_attempts: 0 };
            let plain = due_at(&bounded, Arranged::default(), noon());
            prop_assert!(due_at(&bounded, arranged, noon()) >= plain);
        }
    }
}
