//! The result that an attempt was given: read from what was told, never worked out again. A newer
//! program may mark otherwise; it does not rewrite evidence.

use serde_json::Value;
use uuid::Uuid;

use super::model::fact;

/// A result, as it was told when the attempt was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultTold {
    /// Credit won, in hundredths of a question.
    pub hundredths: u32,
    /// Questions that counted.
    pub out_of: u32,
    /// Whole percent, rounded down.
    pub percent: u8,
    /// Whether the pass mark was reached.
    pub passed: bool,
    /// The pass mark of the version started.
    pub pass_mark_percent: u8,
    /// Whether every question counted, whatever its grade: so it was before credit had hundredths.
    pub all_counted: bool,
    /// The regrade of the version whose keys it was marked under; none under those published.
    pub keys: Option<i32>,
    /// What the attempt was worth before it was marked again, if it was.
    pub was: Option<Was>,
}

/// What an attempt was worth before it was marked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Was {
    /// Whole percent, rounded down.
    pub percent: u8,
    /// Whether the pass mark was reached.
    pub passed: bool,
}

/// The result of an attempt, among the facts of its enrolment; `None` when none was told.
pub fn result_of(facts: &[fact::Model], attempt: Uuid) -> Option<ResultTold> {
    fact_of(facts, attempt).and_then(told)
}

/// The fact that tells the result of an attempt, the one that holds among those of its enrolment.
pub fn fact_of(facts: &[fact::Model], attempt: Uuid) -> Option<&fact::Model> {
    let id = attempt.to_string();
    let corrected = |told: &fact::Model| facts.iter().any(|f| f.supersedes_id == Some(told.id));
    facts.iter().find(|f| f.kind.is_result() && f.payload["attempt_id"] == id && !corrected(f))
}

/// The result that a fact tells; `None` when it tells none.
pub fn told(told: &fact::Model) -> Option<ResultTold> {
    let number = |key: &str| told.payload[key].as_u64().and_then(|n| u32::try_from(n).ok());
    let percent = |key: &str| number(key).and_then(|n| u8::try_from(n).ok());
    let hundredths = number("hundredths");
    Some(ResultTold {
        hundredths: hundredths.or_else(|| number("points")?.checked_mul(100))?,
        out_of: number("out_of")?,
        percent: percent("percent")?,
        passed: told.payload["passed"].as_bool()?,
        pass_mark_percent: percent("pass_mark_percent")?,
        all_counted: hundredths.is_none(),
        keys: told.payload["keys"].as_i64().and_then(|n| i32::try_from(n).ok()),
        was: told.payload.get("was").and_then(was),
    })
}

fn was(told: &Value) -> Option<Was> {
    let percent = told["percent"].as_u64().and_then(|n| u8::try_from(n).ok())?;
    Some(Was { percent, passed: told["passed"].as_bool()? })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::records::model::FactKind;

    fn submitted(attempt: u128, more: &Value) -> fact::Model {
        let mut payload = json!({
            "attempt_id": Uuid::from_u128(attempt), "points": 2, "out_of": 3, "percent": 72,
            "passed": false, "pass_mark_percent": 80,
        });
        let own = payload.as_object_mut().expect("an object");
        own.extend(more.as_object().cloned().unwrap_or_default());
        let at = DateTime::default();
        fact::Model {
            id: Uuid::from_u128(attempt + 100),
            kind: FactKind::AttemptSubmitted,
            person_id: Uuid::nil(),
            enrolment_id: None,
            module_id: None,
            version_id: None,
            organisation_id: None,
            occurred_at: at,
            recorded_at: at,
            recorded_by: None,
            natural_key: attempt.to_string(),
            supersedes_id: None,
            payload,
        }
    }

    #[test]
    fn a_result_is_that_of_its_attempt_as_it_was_told() {
        let facts = [submitted(1, &json!({})), submitted(2, &json!({"hundredths": 216}))];
        let told = result_of(&facts, Uuid::from_u128(2)).expect("told");
        let expected = ResultTold {
            hundredths: 216,
            out_of: 3,
            percent: 72,
            passed: false,
            pass_mark_percent: 80,
            all_counted: false,
            keys: None,
            was: None,
        };
        assert_eq!(told, expected);
        assert_eq!(result_of(&facts, Uuid::from_u128(3)), None);
    }

    #[test]
    fn before_hundredths_every_question_counted_whole() {
        let told = result_of(&[submitted(1, &json!({}))], Uuid::from_u128(1)).expect("told");
        assert_eq!((told.hundredths, told.all_counted), (200, true));
    }

    #[test]
    fn a_correction_takes_the_place_of_what_it_corrects() {
        let wrong = submitted(1, &json!({"hundredths": 216}));
        let mut right = submitted(1, &json!({"hundredths": 300, "passed": true}));
        (right.id, right.supersedes_id) = (Uuid::from_u128(7), Some(wrong.id));
        for facts in [[wrong.clone(), right.clone()], [right, wrong]] {
            let told = result_of(&facts, Uuid::from_u128(1)).expect("told");
            assert_eq!((told.hundredths, told.passed), (300, true));
        }
    }
}
