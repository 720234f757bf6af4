//! The shapes of what facts say. A field may be added; none is renamed, removed or given another meaning.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
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
    /// Who enrolled them, when it was somebody else, or who invited them to; absent before 2026-11-24.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_for: Option<EnrolledFor>,
}

/// On whose behalf a person was enrolled, or invited to enrol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnrolledFor {
    /// `employer` or `cdg`.
    pub by: String,
    /// The organisation whose person they are.
    pub organisation_id: Uuid,
    /// The invitation that they accepted, of an élu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation_id: Option<Uuid>,
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
    /// The number of the regrade of the version whose keys it was marked under; absent under those
    /// that were published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<i32>,
}

/// An attempt marked again, a key having been wrong: all that its first result says, under the right
/// keys, and what that was.
#[derive(Clone, Debug, Serialize)]
pub struct Regraded {
    /// The attempt, its answers and what they are worth now.
    #[serde(flatten)]
    pub graded: Graded,
    /// The regrade.
    pub regrade_id: Uuid,
    /// What had been told.
    pub was: WasGraded,
}

/// The result that another takes the place of.
#[derive(Clone, Debug, Serialize)]
pub struct WasGraded {
    /// The fact that tells it, and stays.
    pub fact_id: Uuid,
    /// In hundredths of a question.
    pub hundredths: u32,
    /// Whole percent, rounded down.
    pub percent: u8,
    /// Whether the pass mark was reached.
    pub passed: bool,
}

/// What somebody had learnt before, recognised as a module. `statistics` counts it nowhere: nothing
/// was followed here.
#[derive(Clone, Debug, Serialize)]
pub struct Recognised {
    /// Code of the module.
    pub module: String,
    /// Its title.
    pub title: String,
    /// The version enrolled in.
    pub version: i32,
    /// Digest of that version's file tree.
    pub tree_digest: String,
    /// Who provides it, and recognises.
    pub provider_id: Uuid,
    /// Announced duration of the module, in minutes; none of them was followed.
    pub duration_minutes: i32,
    /// On what: a word from a list.
    pub basis: &'static str,
    /// The day on which it was acquired.
    pub acquired_on: NaiveDate,
    /// SHA-256 of the document that proves it, which stays with whoever recognises.
    pub document: String,
    /// The capacity held that day.
    pub capacity: Option<HeldCapacity>,
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
    /// Who provided it, as it was known that day; absent before 2026-11-24.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderThen>,
    /// The zone in which its civil days are counted; absent before 2026-11-24.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// A provider as it was known on a day, whatever it is called or says since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderThen {
    /// Public name.
    pub name: String,
    /// Legal name, where it was said.
    pub legal_name: Option<String>,
    /// Lines of its postal address.
    pub address: Vec<String>,
    /// SIRET, 14 digits.
    pub siret: Option<String>,
    /// *Numéro de déclaration d'activité*.
    pub activity_number: Option<String>,
    /// Number of the ministerial *agrément* for the training of élus that held that day.
    pub agrement: Option<String>,
    /// Digest of its logo.
    pub logo: Option<String>,
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
    /// Name of its organisation that day; absent before 2026-11-24.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
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

/// Why an attestation is no longer valid, or is again; its author is who recorded it.
#[derive(Clone, Debug, Serialize)]
pub struct Revoked {
    /// The attestation.
    pub attestation_id: Uuid,
    /// A word from a list: a fact names nobody.
    pub reason: &'static str,
    /// The fact that this one answers: that it was issued, reinstated or revoked.
    pub of_fact_id: Uuid,
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
    /// Who enrolled them, when it was somebody else, or who invited them to; absent before 2026-11-24.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_for: Option<EnrolledFor>,
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
