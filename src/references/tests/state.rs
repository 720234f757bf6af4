//! Where an item stands, and the day it is in Paris.

use chrono::{DateTime, NaiveDate, Utc};

use super::super::model::Consequence;
use super::super::rules::{State, paris_day, state};

#[test]
fn an_item_is_open_until_decided_and_closed_by_the_version_that_follows_the_decision() {
    assert_eq!(state(None, Some(1), true), State::Open);
    assert_eq!(state(None, Some(2), true), State::Open, "a version that answers nothing");
    assert_eq!(state(None, Some(2), false), State::Closed, "a version that carries the answer");
    for consequence in [Consequence::Editorial, Consequence::Substantive, Consequence::Legal] {
        assert_eq!(state(Some((consequence, 2)), Some(2), true), State::Decided);
        assert_eq!(state(Some((consequence, 2)), Some(2), false), State::Decided);
        assert_eq!(state(Some((consequence, 2)), Some(3), true), State::Closed);
        assert_eq!(state(Some((consequence, 2)), None, false), State::Closed, "withdrawn");
    }
    assert_eq!(state(Some((Consequence::None, 2)), Some(2), true), State::Closed);
}

#[test]
fn a_day_passes_at_midnight_in_paris_in_winter_and_in_summer() {
    let at = |text: &str| paris_day(text.parse::<DateTime<Utc>>().expect("an instant"));
    let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).expect("a date");
    assert_eq!(at("2026-12-02T22:59:59Z"), day(12, 2));
    assert_eq!(at("2026-12-02T23:00:00Z"), day(12, 3));
    assert_eq!(at("2026-07-01T21:59:59Z"), day(7, 1));
    assert_eq!(at("2026-07-01T22:00:00Z"), day(7, 2));
}
