//! What is answered about what stands behind an attestation.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use uuid::Uuid;

/// A file of the version that was completed.
#[derive(Object)]
pub(super) struct EvidenceFile {
    /// Its path in the module.
    pub(super) path: String,
    /// SHA-256 of its bytes.
    pub(super) digest: String,
}

/// The exact content that was followed.
#[derive(Object)]
pub(super) struct EvidenceContent {
    /// Code of the module.
    pub(super) module: String,
    /// Its title.
    pub(super) title: String,
    /// The version.
    pub(super) version: i32,
    /// SHA-256 over the lines `<digest>  <path>` of the files below, in their order.
    pub(super) tree_digest: String,
    /// When it was published.
    pub(super) published_at: DateTime<Utc>,
    /// Its files, in the order of their paths.
    pub(super) files: Vec<EvidenceFile>,
}

/// Who provided it, as of that day.
#[derive(Object)]
pub(super) struct EvidenceProvider {
    /// Its identifier.
    pub(super) id: Uuid,
    /// Its name, today.
    pub(super) name: String,
    /// The regimes under which it was declared that day.
    pub(super) regimes: Vec<String>,
    /// The number of the agrément for the training of élus that it held that day.
    #[oai(skip_serializing_if_is_none)]
    pub(super) agrement: Option<String>,
}

/// A lesson that was read.
#[derive(Object)]
pub(super) struct EvidenceLesson {
    /// Its slug.
    pub(super) slug: String,
    /// When.
    pub(super) at: DateTime<Utc>,
    /// The fact that says so.
    pub(super) fact_id: Uuid,
}

/// What an attempt was worth, by one fact: an attempt that was marked again has one more.
#[derive(Object)]
pub(super) struct EvidenceResult {
    /// The attempt.
    pub(super) attempt_id: Uuid,
    /// First, second …
    pub(super) number: i64,
    /// When it was started.
    #[oai(skip_serializing_if_is_none)]
    pub(super) started_at: Option<DateTime<Utc>>,
    /// When this was told.
    pub(super) at: DateTime<Utc>,
    /// Whole percent, rounded down.
    pub(super) percent: u8,
    /// Percent that passes.
    pub(super) pass_mark_percent: u8,
    /// Whether the pass mark was reached.
    pub(super) passed: bool,
    /// The regrade under whose keys it was marked; absent under those published.
    #[oai(skip_serializing_if_is_none)]
    pub(super) regrade: Option<i32>,
    /// The fact that says so.
    pub(super) fact_id: Uuid,
}

/// Time measured on a lesson on one day.
#[derive(Object)]
pub(super) struct EvidenceTime {
    /// The lesson.
    pub(super) lesson: String,
    /// The day in Paris.
    pub(super) day: NaiveDate,
    /// Seconds.
    pub(super) seconds: i32,
}

/// The requirement that opened an obligation, in the version of then.
#[derive(Object)]
pub(super) struct EvidenceRequirement {
    /// Its code.
    pub(super) code: String,
    /// Its version.
    pub(super) number: i32,
    /// Its title, in French.
    pub(super) title: String,
}

/// A text that a requirement rests on, as it was known at the completion.
#[derive(Object)]
pub(super) struct EvidenceText {
    /// Its id in the register.
    pub(super) id: String,
    /// Its version in the register.
    pub(super) number: i32,
    /// The citation.
    pub(super) text: String,
    /// First day on which it is in force.
    #[oai(skip_serializing_if_is_none)]
    pub(super) in_force_from: Option<NaiveDate>,
    /// Last day on which it is.
    #[oai(skip_serializing_if_is_none)]
    pub(super) in_force_to: Option<NaiveDate>,
}

/// An obligation that the completion satisfies.
#[derive(Object)]
pub(super) struct EvidenceObligation {
    /// The obligation.
    pub(super) id: Uuid,
    /// `enrolment`, `requirement` or `legal_change`.
    pub(super) origin: String,
    /// When it opened.
    pub(super) opened_at: DateTime<Utc>,
    /// The last day on which it was not late.
    pub(super) due_on: NaiveDate,
    /// The requirement that opened it.
    #[oai(skip_serializing_if_is_none)]
    pub(super) requirement: Option<EvidenceRequirement>,
    /// The text that it rests on.
    #[oai(skip_serializing_if_is_none)]
    pub(super) legal_basis: Option<EvidenceText>,
}

/// A text that the version cited, as its manifest described it then.
#[derive(Object)]
pub(super) struct EvidenceCited {
    /// Its id in the manifest.
    pub(super) id: String,
    /// The citation.
    pub(super) text: String,
}

/// A fact of the enrolment.
#[derive(Object)]
pub(super) struct EvidenceFact {
    /// Identifier: what a correction names.
    pub(super) id: Uuid,
    /// What happened.
    pub(super) kind: String,
    /// When.
    pub(super) at: DateTime<Utc>,
    /// When it was recorded.
    pub(super) recorded_at: DateTime<Utc>,
    /// The fact that it corrects, which stays and counts for nothing any more.
    #[oai(skip_serializing_if_is_none)]
    pub(super) supersedes_id: Option<Uuid>,
}

/// What stands behind an attestation.
#[derive(Object)]
#[oai(rename = "Evidence")]
pub(super) struct EvidenceOut {
    /// The attestation.
    pub(super) attestation_id: Uuid,
    /// When it was issued.
    pub(super) issued_at: DateTime<Utc>,
    /// The enrolment.
    pub(super) enrolment_id: Option<Uuid>,
    /// When the module was completed.
    pub(super) completed_at: DateTime<Utc>,
    /// The fact that says so.
    pub(super) completion_fact_id: Uuid,
    /// The fact that corrected it; absent while it stands.
    #[oai(skip_serializing_if_is_none)]
    pub(super) corrected_by: Option<Uuid>,
    /// What was followed.
    pub(super) content: EvidenceContent,
    /// Who provided it.
    pub(super) provider: EvidenceProvider,
    /// The lessons read, those that count.
    pub(super) lessons: Vec<EvidenceLesson>,
    /// What attempts were worth, corrected results included.
    pub(super) results: Vec<EvidenceResult>,
    /// The time measured.
    pub(super) time_spent: Vec<EvidenceTime>,
    /// What it satisfies.
    pub(super) obligations: Vec<EvidenceObligation>,
    /// The texts that the version cited.
    pub(super) cited: Vec<EvidenceCited>,
    /// Every fact of the enrolment, in order.
    pub(super) facts: Vec<EvidenceFact>,
}
