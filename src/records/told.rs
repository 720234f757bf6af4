//! What each kind of fact says: the shape that must still be readable in ten years, and the key under
//! which telling it twice is telling it once.
//!
//! A field may be added; none is renamed, removed or given another meaning. `statistics` reads
//! `audience`, `standing` and `duration_minutes` in SQL.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::model::FactKind;

/// What happened in an enrolment.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Told {
    /// A person enrolled.
    Enrolled(Enrolled),
    /// A person withdrew.
    Withdrawn {
        /// A word from a list: a fact names nobody.
        reason: &'static str,
    },
    /// A lesson was read.
    LessonDone {
        /// Its slug, in the version started.
        lesson: String,
    },
    /// A quiz attempt was graded.
    AttemptSubmitted(Graded),
    /// A module was completed.
    Completed(Box<Completed>),
    /// An attestation was issued.
    AttestationIssued {
        /// The attestation.
        attestation_id: Uuid,
        /// The fact that it attests.
        completion_fact_id: Uuid,
    },
    /// A person enrolled in a path.
    PathEnrolled(PathEnrolled),
    /// A person left a path.
    PathWithdrawn {
        /// A word from a list: a fact names nobody.
        reason: &'static str,
    },
    /// A path was completed.
    PathCompleted(Box<PathCompleted>),
}

/// Under what a person enrolled, as of that moment.
#[derive(Clone, Debug, Serialize)]
pub struct Enrolled {
    /// Public: `elu` or `agent`.
    pub audience: String,
    /// Whether a managing agent.
    pub manager: bool,
    /// How sure the capacity is: `confirmed` or `declared`.
    pub standing: String,
    /// The capacity.
    pub capacity_id: Uuid,
    /// Code of the module.
    pub module: String,
    /// Version started.
    pub version: i32,
    /// Digest of that version's file tree.
    pub tree_digest: String,
    /// The civil date by which to complete, in the organisation's zone.
    pub due_on: Option<NaiveDate>,
    /// The enrolment in a path through which the module was begun; absent when directly, and before
    /// paths were followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_enrolment_id: Option<Uuid>,
}

/// An attempt, its answers and its grade.
#[derive(Clone, Debug, Serialize)]
pub struct Graded {
    /// The attempt.
    pub attempt_id: Uuid,
    /// First, second …
    pub number: i32,
    /// From which its questions were drawn, in decimal: more digits than a JSON number keeps.
    pub seed: String,
    /// When it was started.
    pub started_at: DateTime<Utc>,
    /// Right answers; shares of questions together, rounded down, where part of one is worth something.
    pub points: u32,
    /// Questions that count.
    pub out_of: u32,
    /// The same as `points`, in hundredths of a question. Absent before 2026-11-23, when every
    /// question counted, for all or nothing.
    pub hundredths: u32,
    /// Whole percent, rounded down.
    pub percent: u8,
    /// Whether the pass mark was reached.
    pub passed: bool,
    /// The pass mark of the version started.
    pub pass_mark_percent: i32,
    /// Choices by question, in the order of their letters; items in the order given.
    pub answers: BTreeMap<String, Vec<String>>,
}

/// A completion, whatever has been published, renamed or left since.
#[derive(Clone, Debug, Serialize)]
pub struct Completed {
    /// Code of the module.
    pub module: String,
    /// Its title.
    pub title: String,
    /// The version completed.
    pub version: i32,
    /// Digest of that version's file tree.
    pub tree_digest: String,
    /// `complete`, or `extract` for a part of the module.
    pub status: String,
    /// Who reviewed the law in it; `none` when nobody had.
    pub legal_review: String,
    /// When its sources had been read.
    pub verified_on: NaiveDate,
    /// The texts it cites, as the module's manifest describes them.
    pub references: Value,
    /// Who provides it.
    pub provider_id: Uuid,
    /// Announced duration, in minutes.
    pub duration_minutes: i32,
    /// Percent of right answers that passes.
    pub pass_mark_percent: i32,
    /// Best result, in whole percent.
    pub percent: Option<u32>,
    /// Attempts submitted.
    pub attempts: usize,
    /// Slugs of the lessons read.
    pub lessons: BTreeSet<String>,
    /// The capacity held that day.
    pub capacity: Option<HeldCapacity>,
    /// Salted digest of the holder's name.
    pub holder: String,
}

/// The capacity in which a person completed.
#[derive(Clone, Debug, Serialize)]
pub struct HeldCapacity {
    /// The capacity.
    pub id: Uuid,
    /// `elu` or `agent`.
    pub kind: String,
    /// `confirmed` or `declared`.
    pub standing: String,
    /// Type of mandate of an élu.
    pub mandate: Option<String>,
    /// Category of an agent: A, B or C.
    pub category: Option<String>,
}

/// Under what a person enrolled in a path, as of that moment.
#[derive(Clone, Debug, Serialize)]
pub struct PathEnrolled {
    /// Public: `elu` or `agent`.
    pub audience: String,
    /// Whether a managing agent.
    pub manager: bool,
    /// How sure the capacity is: `confirmed` or `declared`.
    pub standing: String,
    /// The capacity.
    pub capacity_id: Uuid,
    /// Code of the path.
    pub path: String,
    /// Version begun, which stays.
    pub version: i32,
    /// Digest of what that version says.
    pub digest: String,
}

/// A path completed, whatever has been published or renamed since.
#[derive(Clone, Debug, Serialize)]
pub struct PathCompleted {
    /// Code of the path.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The version followed.
    pub version: i32,
    /// Digest of what that version says.
    pub digest: String,
    /// Who provides it.
    pub provider_id: Uuid,
    /// Announced minutes of the modules below, together.
    pub minutes: i64,
    /// The modules of the path that were completed by then, in its order.
    pub modules: Vec<PathModule>,
    /// The capacity under which the person enrolled in the path.
    pub capacity_id: Uuid,
}

/// A module of a path that was completed.
#[derive(Clone, Debug, Serialize)]
pub struct PathModule {
    /// Its code.
    pub module: String,
    /// The version completed, whichever it was.
    pub version: i64,
    /// Its announced duration then, in minutes.
    pub minutes: i64,
    /// Whether the path was complete without it.
    pub optional: bool,
    /// When; perhaps before the person enrolled in the path.
    pub completed_at: DateTime<Utc>,
    /// The fact that says so.
    pub completion_fact_id: Uuid,
}

impl Told {
    /// The kind of fact.
    pub const fn kind(&self) -> FactKind {
        match self {
            Self::Enrolled(_) => FactKind::Enrolled,
            Self::Withdrawn { .. } => FactKind::Withdrawn,
            Self::LessonDone { .. } => FactKind::LessonDone,
            Self::AttemptSubmitted(_) => FactKind::AttemptSubmitted,
            Self::Completed(_) => FactKind::Completed,
            Self::AttestationIssued { .. } => FactKind::AttestationIssued,
            Self::PathEnrolled(_) => FactKind::PathEnrolled,
            Self::PathWithdrawn { .. } => FactKind::PathWithdrawn,
            Self::PathCompleted(_) => FactKind::PathCompleted,
        }
    }

    /// What makes this the same as another telling of it, in an enrolment in a module or in a path.
    pub fn natural_key(&self, enrolment_id: Uuid) -> String {
        match self {
            Self::Enrolled(_) => format!("enrolled:{enrolment_id}"),
            Self::Withdrawn { .. } => format!("withdrawn:{enrolment_id}"),
            Self::LessonDone { lesson } => format!("lesson:{enrolment_id}:{lesson}"),
            Self::AttemptSubmitted(graded) => format!("attempt:{}", graded.attempt_id),
            Self::Completed(_) => format!("completed:{enrolment_id}"),
            Self::AttestationIssued { attestation_id, .. } => {
                format!("attestation:{attestation_id}")
            }
            Self::PathEnrolled(_) => format!("path-enrolled:{enrolment_id}"),
            Self::PathWithdrawn { .. } => format!("path-withdrawn:{enrolment_id}"),
            Self::PathCompleted(_) => format!("path-completed:{enrolment_id}"),
        }
    }

    /// The snapshot, as it is kept.
    pub fn payload(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one_of_each() -> [Told; 9] {
        let id = Uuid::from_u128(7);
        let day = NaiveDate::default();
        let enrolled = Enrolled {
            audience: "elu".to_owned(),
            manager: false,
            standing: "confirmed".to_owned(),
            capacity_id: id,
            module: "E1".to_owned(),
            version: 1,
            tree_digest: "d".to_owned(),
            due_on: Some(day),
            path_enrolment_id: Some(id),
        };
        let graded = Graded {
            attempt_id: id,
            number: 1,
            seed: i64::MIN.to_string(),
            started_at: DateTime::default(),
            points: 5,
            out_of: 6,
            hundredths: 550,
            percent: 83,
            passed: true,
            pass_mark_percent: 80,
            answers: BTreeMap::from([("01-q".to_owned(), vec!["a".to_owned()])]),
        };
        let completed = Completed {
            module: "E1".to_owned(),
            title: "Titre".to_owned(),
            version: 1,
            tree_digest: "d".to_owned(),
            status: "complete".to_owned(),
            legal_review: "none".to_owned(),
            verified_on: day,
            references: json!([{ "id": "r" }]),
            provider_id: id,
            duration_minutes: 20,
            pass_mark_percent: 80,
            percent: Some(83),
            attempts: 1,
            lessons: BTreeSet::from(["01-a".to_owned()]),
            capacity: Some(HeldCapacity {
                id,
                kind: "agent".to_owned(),
                standing: "declared".to_owned(),
                mandate: None,
                category: Some("A".to_owned()),
            }),
            holder: "h".to_owned(),
        };
        [
            Told::Enrolled(enrolled),
            Told::Withdrawn { reason: "other" },
            Told::LessonDone { lesson: "01-a".to_owned() },
            Told::AttemptSubmitted(graded),
            Told::Completed(Box::new(completed)),
            Told::AttestationIssued { attestation_id: id, completion_fact_id: id },
            Told::PathEnrolled(PathEnrolled {
                audience: "elu".to_owned(),
                manager: false,
                standing: "confirmed".to_owned(),
                capacity_id: id,
                path: "ELUS".to_owned(),
                version: 1,
                digest: "d".to_owned(),
            }),
            Told::PathWithdrawn { reason: "other" },
            Told::PathCompleted(Box::new(path_completed(id))),
        ]
    }

    fn path_completed(id: Uuid) -> PathCompleted {
        PathCompleted {
            path: "ELUS".to_owned(),
            title: "Titre".to_owned(),
            version: 1,
            digest: "d".to_owned(),
            provider_id: id,
            minutes: 20,
            modules: vec![PathModule {
                module: "E1".to_owned(),
                version: 2,
                minutes: 20,
                optional: false,
                completed_at: DateTime::default(),
                completion_fact_id: id,
            }],
            capacity_id: id,
        }
    }

    /// A promise of ten years: a change of this snapshot is a change of what was told.
    #[test]
    fn what_facts_say_and_the_keys_under_which_they_say_it_stay_as_they_are() {
        let shown = one_of_each().map(|told| {
            json!({
                "kind": format!("{:?}", told.kind()),
                "key": told.natural_key(Uuid::from_u128(1)),
                "payload": told.payload(),
            })
        });
        insta::assert_json_snapshot!(shown);
    }
}
