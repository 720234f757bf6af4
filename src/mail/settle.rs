//! What becomes of a message after an attempt: a pure decision.

use chrono::{DateTime, Duration, Utc};

use super::model::MailState;
use super::model::mail_message::Model;

/// The longest pause between two attempts.
const LONGEST_PAUSE_MINUTES: i64 = 60;

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The relay accepted it.
    Sent,
    /// Not now, says the relay of this message; the reason is kept.
    Retry(String),
    /// The relay cannot be reached or will not talk to us: no fault of the message, which is tried
    /// again for as long as it is of use.
    Unreachable(String),
    /// Never; the reason is kept.
    Failed(String),
    /// Handed over, then nothing was heard.
    Unknown(String),
    /// Its time has passed.
    Expired,
    /// No longer due.
    Cancelled,
}

/// State, earliest next attempt and error kept of a message whose attempt had this outcome.
pub(super) fn settle(
    message: &Model,
    outcome: Outcome,
    max_attempts: i32,
    now: DateTime<Utc>,
) -> (MailState, DateTime<Utc>, Option<String>) {
    let over = |state, error| (state, message.not_before, error);
    match outcome {
        Outcome::Sent => over(MailState::Sent, None),
        Outcome::Failed(why) => over(MailState::Failed, Some(why)),
        Outcome::Unknown(why) => over(MailState::Unknown, Some(why)),
        Outcome::Expired => over(MailState::Expired, message.last_error.clone()),
        Outcome::Cancelled => over(MailState::Cancelled, message.last_error.clone()),
        Outcome::Retry(why) if message.attempts >= max_attempts => {
            over(MailState::Failed, Some(format!("given up after {max_attempts} attempts: {why}")))
        }
        Outcome::Retry(why) | Outcome::Unreachable(why) => {
            let next = now + pause(message.attempts);
            let in_time = next < message.expires_at;
            (if in_time { MailState::Queued } else { MailState::Expired }, next, Some(why))
        }
    }
}

/// The pause after that many attempts: 1, 2, 4 … minutes, an hour at most.
fn pause(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    Duration::minutes((1_i64 << doublings).min(LONGEST_PAUSE_MINUTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let minutes: Vec<i64> = (1..=9).map(|n| pause(n).num_minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(pause(i32::MAX), Duration::minutes(60));
        assert_eq!(pause(0), Duration::minutes(1));
    }
}
