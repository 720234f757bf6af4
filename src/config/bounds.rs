//! Between what and what a number may be: outside, no process could work, or not for long.

use std::ops::RangeInclusive;

use super::{ConfigError, Settings};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Refuses the first number that is outside its bounds.
pub(super) fn check(settings: &Settings) -> Result<(), ConfigError> {
    for (key, value, range) in numbers(settings) {
        if !range.contains(&value) {
            let (least, most) = (range.start(), range.end());
            let why = format!("{key}: {value}: must be at least {least} and at most {most}");
            return Err(ConfigError::Value(why));
        }
    }
    Ok(())
}

/// Every number of the settings: its key, its value, its bounds. A number too large for 64 bits is
/// outside any.
fn numbers(s: &Settings) -> Vec<(&'static str, i64, RangeInclusive<i64>)> {
    let big = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let (http, database, tokens, mail) = (&s.http, &s.database, &s.tokens, &s.mail);
    vec![
        ("http.request_timeout_seconds", big(http.request_timeout_seconds), 1..=HOUR),
        ("http.body_limit_bytes", big(http.body_limit_bytes as u64), 1_024..=1 << 30),
        ("http.shutdown_grace_seconds", big(http.shutdown_grace_seconds), 0..=HOUR),
        // One connection holds the migration lock while another migrates.
        ("database.max_connections", database.max_connections.into(), 2..=10_000),
        ("database.acquire_timeout_seconds", big(database.acquire_timeout_seconds), 1..=HOUR),
        ("tokens.access_minutes", tokens.access_minutes, 1..=24 * 60),
        ("tokens.refresh_days", tokens.refresh_days, 1..=3_650),
        ("tokens.invitation_days", tokens.invitation_days, 1..=365),
        ("tokens.reset_minutes", tokens.reset_minutes, 1..=7 * 24 * 60),
        ("sign_in.per_account_and_address", s.sign_in.per_account_and_address.into(), 1..=100_000),
        ("sign_in.per_address", s.sign_in.per_address.into(), 1..=1_000_000),
        ("mail.smtp_port", mail.smtp_port.into(), 1..=65_535),
        ("mail.timeout_seconds", big(mail.timeout_seconds), 1..=HOUR),
        ("mail.max_attempts", mail.max_attempts.into(), 1..=100),
        ("worker.tick_seconds", big(s.worker.tick_seconds), 1..=HOUR),
        ("worker.plan_seconds", big(s.worker.plan_seconds), 1..=DAY),
        // Under five, a count is about someone (statistical secrecy).
        ("statistics.min_persons", s.statistics.min_persons, 5..=1_000_000),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::load;

    #[test]
    fn every_number_of_the_defaults_has_bounds_and_stands_within_them() {
        let settings = load(None, None).expect("the defaults");
        let defaults: toml::Table = toml::from_str(super::super::DEFAULTS).expect("TOML");
        let bounded: BTreeSet<String> =
            numbers(&settings).into_iter().map(|(key, ..)| key.to_owned()).collect();
        let numbers =
            defaults.iter().filter_map(|(section, keys)| Some((section, keys.as_table()?)));
        let numbers: BTreeSet<String> = numbers
            .flat_map(|(section, keys)| keys.iter().map(move |(key, v)| (section, key, v)))
            .filter(|(.., value)| value.is_integer())
            .map(|(section, key, _)| format!("{section}.{key}"))
            .collect();
        assert_eq!(bounded, numbers);
    }

    #[test]
    fn what_no_process_can_work_with_is_refused_by_its_key() {
        let fine = load(None, None).expect("the defaults");
        type Change = fn(&mut Settings);
        let wrong: [(&str, Change); 6] = [
            ("tokens.access_minutes: -5", |s| s.tokens.access_minutes = -5),
            ("tokens.refresh_days: 10000000000000000", |s| {
                s.tokens.refresh_days = 10_000_000_000_000_000;
            }),
            ("http.request_timeout_seconds: 0", |s| s.http.request_timeout_seconds = 0),
            ("http.request_timeout_seconds: 9", |s| s.http.request_timeout_seconds = u64::MAX),
            ("worker.tick_seconds: 9", |s| s.worker.tick_seconds = u64::MAX / 2),
            ("mail.max_attempts: 0", |s| s.mail.max_attempts = 0),
        ];
        for (said, change) in wrong {
            let mut settings = fine.clone();
            change(&mut settings);
            let error = check(&settings).expect_err(said).to_string();
            assert!(error.contains(said) && error.contains("at least"), "{error}");
        }
    }
}
