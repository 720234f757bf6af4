//! What the facts of one enrolment in a path mean at an instant. Pure.
//!
//! Whether a path is under way is not told by facts of its own: it is read from the modules.

use chrono::{DateTime, Utc};

use super::model::{FactKind, fact};

/// Where an enrolment in a path stands, as its own facts tell it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PathStatus {
    /// When its last mandatory step was completed; nothing undoes it.
    pub completed_at: Option<DateTime<Utc>>,
    /// Whether the person left before that.
    pub withdrawn: bool,
}

impl PathStatus {
    /// Whether something may still come of it: neither completed nor left.
    pub const fn is_open(&self) -> bool {
        self.completed_at.is_none() && !self.withdrawn
    }
}

/// Reads the facts of one enrolment in a path as they were known to have happened by `at`; a
/// superseded fact counts for nothing.
pub fn path_status(facts: &[fact::Model], at: DateTime<Utc>) -> PathStatus {
    let known = |f: &&fact::Model| f.occurred_at <= at;
    let superseded = |f: &&fact::Model| {
        facts.iter().filter(known).any(|later| later.supersedes_id == Some(f.id))
    };
    let of = |kind| facts.iter().filter(known).filter(move |f| f.kind == kind && !superseded(f));
    let completed_at = of(FactKind::PathCompleted).map(|f| f.occurred_at).min();
    let withdrawn = completed_at.is_none() && of(FactKind::PathWithdrawn).next().is_some();
    PathStatus { completed_at, withdrawn }
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, TimeZone as _};
    use serde_json::Value;
    use uuid::Uuid;

    use super::*;

    fn told(kind: FactKind, minute: u32) -> fact::Model {
        let at = Utc.timestamp_opt(1_800_000_000, 0).unwrap() + Duration::minutes(minute.into());
        fact::Model {
            id: Uuid::from_u128(u128::from(minute) + 1),
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
            payload: Value::Null,
        }
    }

    #[test]
    fn a_path_is_open_until_it_is_completed_or_left_and_no_other_fact_closes_it() {
        let module = [FactKind::Completed, FactKind::Withdrawn].map(|kind| told(kind, 1));
        assert!(path_status(&module, module[0].occurred_at).is_open(), "facts of a module");
        let left = told(FactKind::PathWithdrawn, 2);
        let before = left.occurred_at - Duration::minutes(1);
        assert!(path_status(std::slice::from_ref(&left), before).is_open());
        assert!(path_status(std::slice::from_ref(&left), left.occurred_at).withdrawn);
        let done = told(FactKind::PathCompleted, 3);
        let status = path_status(&[left, done.clone()], done.occurred_at);
        let completed = PathStatus { completed_at: Some(done.occurred_at), withdrawn: false };
        assert_eq!(status, completed);
    }

    #[test]
    fn a_corrected_completion_opens_the_path_again() {
        let done = told(FactKind::PathCompleted, 1);
        let mut correction = told(FactKind::PathEnrolled, 2);
        correction.supersedes_id = Some(done.id);
        let facts = [done, correction];
        assert!(!path_status(&facts, facts[0].occurred_at).is_open());
        assert!(path_status(&facts, facts[1].occurred_at).is_open());
    }
}
