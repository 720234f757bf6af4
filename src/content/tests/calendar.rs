//! Durations of the calendar.

use proptest::prelude::*;

use super::super::CalendarDuration;

fn duration(text: &str) -> CalendarDuration {
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

proptest! {
    #[test]
    fn no_text_makes_reading_a_duration_panic(text in "\\PC*") {
        let _ = text.parse::<CalendarDuration>();
    }
}
