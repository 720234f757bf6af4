//! Decisions on threads, as pure functions: how they begin, what a message and a decision make of them.

use chrono::{DateTime, Duration, Utc};

use super::model::{Side, ThreadKind, ThreadState};
use crate::error::{Reason, Refusal, Result};

/// Threads of a sort (reports and questions, or complaints) that one person may open in a day.
pub const THREADS_A_DAY: usize = 20;
/// Messages that one person may write in a day, in the threads that they opened.
pub const MESSAGES_A_DAY: usize = 100;

/// The state in which a thread of this kind begins.
pub const fn first(kind: ThreadKind) -> ThreadState {
    match kind {
        ThreadKind::Error | ThreadKind::Question => ThreadState::Open,
        ThreadKind::Complaint => ThreadState::Received,
    }
}

/// Where a message leaves a thread: an answer answers; whoever asked and writes again is waiting again.
pub const fn after_message(kind: ThreadKind, from: ThreadState, side: Side) -> ThreadState {
    match (side, kind, from) {
        (Side::Staff, ..) => ThreadState::Answered,
        (Side::Asker, ThreadKind::Complaint, ThreadState::Received) => ThreadState::Received,
        (Side::Asker, ThreadKind::Complaint, _) => ThreadState::InProgress,
        (Side::Asker, ..) => ThreadState::Open,
    }
}

/// The states that those who answer may decide on; `answered` is what answering does.
pub const fn decidable(kind: ThreadKind) -> &'static [ThreadState] {
    match kind {
        ThreadKind::Error | ThreadKind::Question => {
            &[ThreadState::Open, ThreadState::Resolved, ThreadState::Rejected]
        }
        ThreadKind::Complaint => &[ThreadState::InProgress, ThreadState::Closed],
    }
}

/// Refuses a decision that does not fit: nobody is turned away, nor a complaint closed, without a word
/// (Qualiopi, indicator 31: complaints are answered).
///
/// # Errors
/// `invalid-values` for a state of another kind of thread, `answer-missing` when nothing was answered.
pub fn check_decision(kind: ThreadKind, to: ThreadState, answered: bool) -> Result<()> {
    let mut faults = crate::error::Faults::default();
    let (fr, en) = match kind {
        ThreadKind::Complaint => ("in_progress ou closed", "in_progress or closed"),
        _ => ("open, resolved ou rejected", "open, resolved or rejected"),
    };
    faults.check(decidable(kind).contains(&to), "/state", fr, en);
    faults.refuse()?;
    if matches!(to, ThreadState::Rejected | ThreadState::Closed) && !answered {
        return Err(Refusal::new(Reason::AnswerMissing)
            .because(
                "Répondez d'abord à la personne : on ne rejette ni ne clôt sans un mot.",
                "Answer the person first: nothing is rejected or closed without a word.",
            )
            .into());
    }
    Ok(())
}

/// Refuses one more when the day's are used up. `latest` are the instants of those of the last day,
/// latest first.
///
/// # Errors
/// `too-many-requests`, with the seconds until one of them is a day old.
pub fn check_pace(latest: &[DateTime<Utc>], most: usize, now: DateTime<Utc>) -> Result<()> {
    let Some(oldest) = most.checked_sub(1).and_then(|n| latest.get(n)) else { return Ok(()) };
    let wait = (*oldest + day() - now).num_seconds().max(0);
    let seconds = u64::try_from(wait).unwrap_or(0) + 1;
    Err(Refusal::new(Reason::TooManyRequests)
        .because(
            format!("Au plus {most} par jour : l'équipe les lit une à une."),
            format!("At most {most} a day: they are read one by one."),
        )
        .retry_after(seconds)
        .into())
}

/// How long what was written counts against the pace.
pub fn day() -> Duration {
    Duration::days(1)
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable as _;

    use super::*;
    use crate::error::Error;

    fn reason<T>(result: Result<T>) -> Option<Reason> {
        match result {
            Err(Error::Refused(refusal)) => Some(refusal.reason),
            _ => None,
        }
    }

    #[test]
    fn whoever_asked_and_writes_again_waits_again_and_an_answer_answers() {
        use ThreadState::{Answered, Closed, InProgress, Open, Received, Rejected, Resolved};
        for state in [Open, Answered, Resolved, Rejected] {
            assert_eq!(after_message(ThreadKind::Error, state, Side::Asker), Open);
            assert_eq!(after_message(ThreadKind::Question, state, Side::Staff), Answered);
        }
        let complaint = |from| after_message(ThreadKind::Complaint, from, Side::Asker);
        assert_eq!(complaint(Received), Received, "nobody has looked yet");
        assert_eq!([complaint(Answered), complaint(Closed)], [InProgress; 2]);
    }

    #[test]
    fn nothing_is_rejected_or_closed_without_a_word() {
        for kind in ThreadKind::iter() {
            for state in ThreadState::iter() {
                let fits = decidable(kind).contains(&state);
                assert_eq!(check_decision(kind, state, true).is_ok(), fits, "{kind:?} {state:?}");
                let silent = reason(check_decision(kind, state, false));
                let over = matches!(state, ThreadState::Rejected | ThreadState::Closed);
                let expected = match (fits, over) {
                    (false, _) => Some(Reason::InvalidValues),
                    (true, true) => Some(Reason::AnswerMissing),
                    (true, false) => None,
                };
                assert_eq!(silent, expected, "{kind:?} {state:?}");
            }
        }
    }

    #[test]
    fn the_pace_is_kept_by_the_day_and_says_when_to_come_back() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("an instant");
        let at = |hours: i64| now - Duration::hours(hours);
        let latest = [at(1), at(2), at(20)];
        assert!(check_pace(&latest, 4, now).is_ok());
        match check_pace(&latest, 3, now) {
            Err(Error::Refused(refusal)) => {
                assert_eq!(refusal.retry_after_seconds, Some(4 * 3_600 + 1));
            }
            other => panic!("{other:?}"),
        }
    }
}
