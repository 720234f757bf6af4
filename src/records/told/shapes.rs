//! The shapes of what facts say. A field may be added; none is renamed, removed or given another meaning.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

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

/// Why an enrolment was left: for a later version of the module.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    /// `moved`.
    pub reason: &'static str,
    /// The enrolment that follows.
    pub to_enrolment_id: Uuid,
    /// The version that it is pinned to.
    pub to_version: i32,
    /// The strongest change between the two versions: `editorial`, `substantive` or `legal`.
    pub change: String,
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
    /// When its time was over, of an attempt that nobody handed in; absent for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timed_out_at: Option<DateTime<Utc>>,
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
    /// Whole minutes measured on the lessons; absent when none were, and before 2026-11-24.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spent_minutes: Option<u32>,
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

/// Why a fact counts for nothing any more; its author is who recorded it.
#[derive(Clone, Debug, Serialize)]
pub struct Annulled {
    /// The fact.
    pub fact_id: Uuid,
    /// A word from a list: a fact names nobody.
    pub reason: &'static str,
    /// SHA-256 of the document that decides it.
    pub document: Option<String>,
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

/// How long a person was at a half-day of a session. The last one told of a registration and a half-day
/// counts: it supersedes those before it, and says 0 minutes when they were not there after all.
#[derive(Clone, Debug, Serialize)]
pub struct Attended {
    /// The session.
    pub session_id: Uuid,
    /// Its half-day.
    pub half_day_id: Uuid,
    /// First telling, second …
    pub number: i32,
    /// Title of the session.
    pub title: String,
    /// Who held it.
    pub provider_id: Uuid,
    /// `on_site`, `video` or `mixed`.
    pub modality: String,
    /// The civil day, where the session was.
    pub day: NaiveDate,
    /// `morning` or `afternoon`.
    pub half: String,
    /// When the half-day began.
    pub starts_at: DateTime<Utc>,
    /// When it ended.
    pub ends_at: DateTime<Utc>,
    /// Minutes of presence.
    pub minutes: i32,
    /// Minutes of training of the half-day.
    pub out_of_minutes: i32,
}
