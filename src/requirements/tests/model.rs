//! Random dated histories: the pure status against a model that reads them instant by instant.

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;

use crate::obligations::Status;
use crate::obligations::model::EventKind;
use crate::obligations::rules::{Happened, stands};

fn instant(minute: i64) -> DateTime<Utc> {
    super::noon("2026-01-01") + Duration::minutes(minute)
}

/// Lives through the minutes up to `at`, as a clerk would.
fn model(done: Option<i64>, events: &[(i64, EventKind, Option<i64>)], due: i64, at: i64) -> Status {
    let (mut satisfied, mut end, mut out, mut exempt) = (false, None, false, None);
    for minute in 0..=at {
        // Of what happens in one minute, completing comes first.
        satisfied |= done == Some(minute) && end.is_none();
        for (_, kind, until) in events.iter().filter(|(when, ..)| *when == minute) {
            match kind {
                EventKind::Superseded if !satisfied && end.is_none() => {
                    end = Some(Status::Superseded)
                }
                EventKind::Disabled if !satisfied && end.is_none() => end = Some(Status::Closed),
                EventKind::Exempted => exempt = Some(until.unwrap_or(i64::MAX)),
                EventKind::Lifted => exempt = None,
                EventKind::LeftAudience => out = true,
                EventKind::Reentered => out = false,
                _ => {}
            }
        }
    }
    match (satisfied, end, exempt.is_some_and(|until| at < until), out, due <= at) {
        (true, ..) => Status::Satisfied,
        (_, Some(end), ..) => end,
        (_, _, true, ..) => Status::Exempted,
        (_, _, _, true, _) => Status::Closed,
        (.., late) => [Status::Open, Status::Overdue][usize::from(late)],
    }
}

fn any_event() -> impl Strategy<Value = (i64, EventKind, Option<i64>)> {
    let kind = prop::sample::select(vec![
        EventKind::Exempted,
        EventKind::Lifted,
        EventKind::Superseded,
        EventKind::LeftAudience,
        EventKind::Reentered,
        EventKind::Moved,
        EventKind::Disabled,
    ]);
    (0_i64..40, kind, prop::option::of(0_i64..60))
}

proptest! {
    #[test]
    fn a_status_is_what_living_through_the_history_says(
        mut events in prop::collection::vec(any_event(), 0..9),
        done in prop::option::of(0_i64..50),
        due in 0_i64..50,
        at in 0_i64..55,
    ) {
        events.sort_by_key(|(minute, ..)| *minute);
        let happened: Vec<Happened> = events
            .iter()
            .map(|(minute, kind, until)| Happened {
                kind: *kind,
                at: instant(*minute),
                until: until.map(instant),
            })
            .collect();
        let found = stands(done.map(instant), &happened, instant(due), instant(at));
        prop_assert_eq!(found, model(done, &events, due, at), "{:?} {:?}", events, done);
    }
}
