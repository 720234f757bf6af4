//! What `module.toml` says of the quiz: the pass mark, and what bounds attempts.

use super::fields::Fields;
use super::manifest::DEFAULT_PASS_MARK_PERCENT;

/// How many attempts, how far apart, for how long.
pub(super) struct Attempts {
    pub(super) limit: Option<u32>,
    pub(super) pause_minutes: Option<u32>,
    pub(super) time_minutes: Option<u32>,
}

/// The longest pause between two attempts: thirty days, in minutes.
const LONGEST_PAUSE: u32 = 30 * 24 * 60;

/// The longest time that an attempt may be given: ten hours, in minutes.
const LONGEST_ATTEMPT: u32 = 600;

/// The pass mark in percent, and what bounds attempts.
pub(super) fn read_limits(fields: &mut Fields<'_>) -> Option<(u8, Attempts)> {
    let pass_mark =
        fields.optional("pass_mark_percent").map_or(Some(DEFAULT_PASS_MARK_PERCENT), |value| {
            value.integer(1..=100).and_then(|n| u8::try_from(n).ok())
        });
    let mut most = |key, most: u32| fields.optional(key).and_then(|value| value.integer(1..=most));
    let attempts = Attempts {
        limit: most("attempt_limit", 1000),
        pause_minutes: most("attempt_pause_minutes", LONGEST_PAUSE),
        time_minutes: most("attempt_time_minutes", LONGEST_ATTEMPT),
    };
    Some((pass_mark?, attempts))
}
