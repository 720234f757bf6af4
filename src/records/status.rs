//! What facts mean at an instant. Pure: learning changes a status by appending a fact, the calendar
//! changes it by being read later; nothing is ever stored that could disagree.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::model::{FactKind, fact};

/// Where an enrolment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing read or answered yet.
    Enrolled,
    /// Begun.
    InProgress,
    /// Every lesson read and the quiz passed.
    Completed,
    /// Left before completion.
    Withdrawn,
}

impl State {
    /// The word used by the API.
    pub const fn word(self) -> &'static str {
        match self {
            State::Enrolled => "enrolled",
            State::InProgress => "in_progress",
            State::Completed => "completed",
            State::Withdrawn => "withdrawn",
        }
    }
}

/// What the facts of one enrolment say at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Where it stands.
    pub state: State,
    /// Slugs of the lessons read.
    pub lessons_done: BTreeSet<String>,
    /// Attempts submitted.
    pub attempts: usize,
    /// Best result, in whole percent rounded down.
    pub best_percent: Option<u32>,
    /// Whether an attempt reached the pass mark.
    pub passed: bool,
    /// When the module was completed.
    pub completed_at: Option<DateTime<Utc>>,
    /// Whether that is because prior learning was recognised.
    pub recognised: bool,
}

/// What the facts of one enrolment say, whatever their dates: what a verb decides on while it holds the
/// enrolment. A clock that lags must not hide what another process has just committed.
pub fn recorded(facts: &[fact::Model]) -> Status {
    status(facts, DateTime::<Utc>::MAX_UTC)
}

/// Reads the facts of one enrolment as they were known to have happened by `at`. Their order does not
/// matter, nor does being told one twice; a superseded fact counts for nothing.
pub fn status(facts: &[fact::Model], at: DateTime<Utc>) -> Status {
    let superseded: BTreeSet<_> =
        facts.iter().filter(|f| f.occurred_at <= at).filter_map(|f| f.supersedes_id).collect();
    let known = || facts.iter().filter(|f| f.occurred_at <= at && !superseded.contains(&f.id));
    let of = |kind| known().filter(move |f| f.kind == kind);
    let lessons_done: BTreeSet<String> = of(FactKind::LessonDone)
        .filter_map(|f| f.payload["lesson"].as_str().map(str::to_owned))
        .collect();
    let results = || known().filter(|f| f.kind.is_result());
    let attempts = results().count();
    let percent =
        |f: &fact::Model| f.payload["percent"].as_u64().and_then(|p| u32::try_from(p).ok());
    let best_percent = results().filter_map(percent).max();
    let passed = results().any(|f| f.payload["passed"] == true);
    let completed_at = known().filter(|f| f.kind.completes()).map(|f| f.occurred_at).min();
    let withdrawn = of(FactKind::Withdrawn).next().is_some();
    let state = match (completed_at, withdrawn) {
        (Some(_), _) => State::Completed,
        (None, true) => State::Withdrawn,
        (None, false) if lessons_done.is_empty() && attempts == 0 => State::Enrolled,
        (None, false) => State::InProgress,
    };
    let recognised = of(FactKind::Recognised).next().is_some();
    Status { state, lessons_done, attempts, best_percent, passed, completed_at, recognised }
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, TimeZone as _};
    use proptest::prelude::*;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn told(kind: FactKind, minute: i64, payload: serde_json::Value) -> fact::Model {
        let at = Utc.timestamp_opt(1_800_000_000, 0).unwrap() + Duration::minutes(minute);
        fact::Model {
            id: Uuid::from_u128(u128::from(minute.unsigned_abs()) + 1),
            kind,
            person_id: Uuid::nil(),
            enrolment_id: None,
            module_id: None,
            version_id: None,
            organisation_id: None,
            occurred_at: at,
            recorded_at: at,
            recorded_by: None,
            natural_key: minute.to_string(),
            supersedes_id: None,
            payload,
        }
    }

    #[test]
    fn a_status_read_at_an_earlier_date_is_what_was_true_then() {
        let facts = [
            told(FactKind::Enrolled, 0, json!({})),
            told(FactKind::LessonDone, 1, json!({"lesson": "01-a"})),
            told(FactKind::AttemptSubmitted, 2, json!({"percent": 83, "passed": true})),
            told(FactKind::Completed, 2, json!({})),
        ];
        let at = |minute| status(&facts, facts[0].occurred_at + Duration::minutes(minute)).state;
        assert_eq!([at(0), at(1), at(2)], [State::Enrolled, State::InProgress, State::Completed]);
    }

    #[test]
    fn a_superseded_fact_counts_for_nothing() {
        let mut facts = vec![told(FactKind::Completed, 1, json!({}))];
        let mut correction = told(FactKind::LessonDone, 2, json!({"lesson": "01-a"}));
        correction.supersedes_id = Some(facts[0].id);
        facts.push(correction);
        assert_eq!(status(&facts, facts[1].occurred_at).state, State::InProgress);
        assert_eq!(status(&facts, facts[0].occurred_at).state, State::Completed);
    }

    proptest! {
        #[test]
        fn neither_order_nor_repetition_of_facts_changes_what_they_mean(
            kinds in prop::collection::vec(0_usize..4, 0..12), turn in 0_usize..12,
        ) {
            let all = [FactKind::Enrolled, FactKind::LessonDone, FactKind::AttemptSubmitted, FactKind::Withdrawn];
            let facts: Vec<_> = kinds.iter().zip(0..).map(|(k, minute)| {
                let payload = json!({"lesson": format!("0{k}"), "percent": k * 25, "passed": *k == 3});
                told(all[*k], minute, payload)
            }).collect();
            let later = told(FactKind::Enrolled, 99, json!({})).occurred_at;
            let mut turned = facts.clone();
            if !turned.is_empty() { let n = turned.len(); turned.rotate_left(turn % n); }
            prop_assert_eq!(status(&facts, later), status(&turned, later));
        }
    }
}
