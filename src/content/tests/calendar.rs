//! Durations of the calendar.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::super::CalendarDuration;

fn duration(text: &str) -> CalendarDuration {
    text.parse().expect(text)
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

#[test]
fn a_duration_reads_back_as_it_was_written() {
    for text in ["P2Y", "P18M", "P1Y6M", "P90D", "P1Y2M3D", "P10Y", "P3660D"] {
        assert_eq!(duration(text).to_string(), text);
        let json = serde_json::to_string(&duration(text)).expect("serialised");
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<CalendarDuration>(&json).expect("read"), duration(text));
    }
}

#[test]
fn what_is_not_a_duration_of_one_day_to_ten_years_is_refused() {
    let bad = [
        "",
        "P",
        "2Y",
        "P2",
        "P2W",
        "PT2H",
        "P1DT2H",
        "P2M1Y",
        "P1Y1Y",
        "P-1Y",
        "P+1Y",
        "P1.5Y",
        "P0Y",
        "P0Y0M0D",
        "P11Y",
        "P121M",
        "P10Y1M",
        "P3661D",
        "P10000D",
        "P99999999999Y",
        "p2y",
        " P2Y",
        "PY",
        "P٢Y",
    ];
    for text in bad {
        assert!(text.parse::<CalendarDuration>().is_err(), "{text}");
    }
}

#[test]
fn a_month_that_is_too_short_gives_its_last_day() {
    for (from, text, to) in [
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2028-01-31", "P1M", "2028-02-29"),
        ("2026-08-31", "P18M", "2028-02-29"),
        ("2026-11-22", "P2Y", "2028-11-22"),
        ("2026-12-31", "P90D", "2027-03-31"),
        ("2026-01-31", "P1M1D", "2026-03-01"),
    ] {
        assert_eq!(duration(text).after(day(from)), day(to), "{from} + {text}");
    }
}

#[test]
fn the_end_of_the_calendar_is_no_panic() {
    assert_eq!(duration("P10Y").after(NaiveDate::MAX), NaiveDate::MAX);
}

proptest! {
    #[test]
    fn what_lasts_always_ends_later(years in 0..5u32, months in 0..40u32, days in 1..900u32, from in 0..40_000i32) {
        let lasting = duration(&format!("P{years}Y{months}M{days}D"));
        let from = NaiveDate::from_num_days_from_ce_opt(730_000 + from).expect("a date");
        prop_assert!(lasting.after(from) > from);
        prop_assert_eq!(duration(&lasting.to_string()), lasting);
    }

    #[test]
    fn no_text_makes_reading_a_duration_panic(text in "\\PC*") {
        let _ = text.parse::<CalendarDuration>();
    }
}
