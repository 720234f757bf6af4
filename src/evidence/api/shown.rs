//! What stands behind an attestation, as it is told: over HTTP and in bundles.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use sea_orm::ActiveEnum as _;
use uuid::Uuid;

use crate::evidence::gather::Evidence;
use crate::evidence::owed::Satisfied;
use crate::learning::model::time_spent;
use crate::records::graded;
use crate::records::model::{FactKind, fact};

/// A file of the version that was completed.
#[derive(Object)]
pub struct EvidenceFile {
    /// Its path in the module.
    path: String,
    /// SHA-256 of its bytes.
    digest: String,
}

/// The exact content that was followed.
#[derive(Object)]
pub struct EvidenceContent {
    /// Code of the module.
    module: String,
    /// Its title.
    title: String,
    /// The version.
    version: i32,
    /// SHA-256 over the lines `<digest>  <path>` of the files below, in their order.
    tree_digest: String,
    /// When it was published.
    published_at: DateTime<Utc>,
    /// Its files, in the order of their paths.
    files: Vec<EvidenceFile>,
}

/// Who provided it, as of that day.
#[derive(Object)]
pub struct EvidenceProvider {
    /// Its identifier.
    id: Uuid,
    /// Its name, today.
    name: String,
    /// The regimes under which it was declared that day.
    regimes: Vec<String>,
    /// The number of the agrément for the training of élus that it held that day.
    #[oai(skip_serializing_if_is_none)]
    agrement: Option<String>,
}

/// A lesson that was read.
#[derive(Object)]
pub struct EvidenceLesson {
    /// Its slug.
    slug: String,
    /// When.
    at: DateTime<Utc>,
    /// The fact that says so.
    fact_id: Uuid,
}

/// What an attempt was worth, by one fact: an attempt that was marked again has one more.
#[derive(Object)]
pub struct EvidenceResult {
    /// The attempt.
    attempt_id: Uuid,
    /// First, second …
    number: i64,
    /// When it was started.
    #[oai(skip_serializing_if_is_none)]
    started_at: Option<DateTime<Utc>>,
    /// When this was told.
    at: DateTime<Utc>,
    /// Whole percent, rounded down.
    percent: u8,
    /// Percent that passes.
    pass_mark_percent: u8,
    /// Whether the pass mark was reached.
    passed: bool,
    /// The regrade under whose keys it was marked; absent under those published.
    #[oai(skip_serializing_if_is_none)]
    regrade: Option<i32>,
    /// The fact that says so.
    fact_id: Uuid,
}

/// Time measured on a lesson on one day.
#[derive(Object)]
pub struct EvidenceTime {
    /// The lesson.
    lesson: String,
    /// The day in Paris.
    day: NaiveDate,
    /// Seconds.
    seconds: i32,
}

/// The requirement that opened an obligation, in the version of then.
#[derive(Object)]
pub struct EvidenceRequirement {
    /// Its code.
    code: String,
    /// Its version.
    number: i32,
    /// Its title, in French.
    title: String,
}

/// A text that a requirement rests on, as it was known at the completion.
#[derive(Object)]
pub struct EvidenceText {
    /// Its id in the register.
    id: String,
    /// Its version in the register.
    number: i32,
    /// The citation.
    text: String,
    /// First day on which it is in force.
    #[oai(skip_serializing_if_is_none)]
    in_force_from: Option<NaiveDate>,
    /// Last day on which it is.
    #[oai(skip_serializing_if_is_none)]
    in_force_to: Option<NaiveDate>,
}

/// An obligation that the completion satisfies.
#[derive(Object)]
pub struct EvidenceObligation {
    /// The obligation.
    id: Uuid,
    /// `enrolment`, `requirement` or `legal_change`.
    origin: String,
    /// When it opened.
    opened_at: DateTime<Utc>,
    /// The last day on which it was not late.
    due_on: NaiveDate,
    /// The requirement that opened it.
    #[oai(skip_serializing_if_is_none)]
    requirement: Option<EvidenceRequirement>,
    /// The text that it rests on.
    #[oai(skip_serializing_if_is_none)]
    legal_basis: Option<EvidenceText>,
}

/// A text that the version cited, as its manifest described it then.
#[derive(Object)]
pub struct EvidenceCited {
    /// Its id in the manifest.
    id: String,
    /// The citation.
    text: String,
}

/// A fact of the enrolment.
#[derive(Object)]
pub struct EvidenceFact {
    /// Identifier: what a correction names.
    id: Uuid,
    /// What happened.
    kind: String,
    /// When.
    at: DateTime<Utc>,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
    /// The fact that it corrects, which stays and counts for nothing any more.
    #[oai(skip_serializing_if_is_none)]
    supersedes_id: Option<Uuid>,
}

/// What stands behind an attestation.
#[derive(Object)]
#[oai(rename = "Evidence")]
pub struct EvidenceOut {
    /// The attestation.
    attestation_id: Uuid,
    /// When it was issued.
    issued_at: DateTime<Utc>,
    /// The enrolment.
    enrolment_id: Option<Uuid>,
    /// When the module was completed.
    completed_at: DateTime<Utc>,
    /// The fact that says so.
    completion_fact_id: Uuid,
    /// The fact that corrected it; absent while it stands.
    #[oai(skip_serializing_if_is_none)]
    corrected_by: Option<Uuid>,
    /// What was followed.
    content: EvidenceContent,
    /// Who provided it.
    provider: EvidenceProvider,
    /// The lessons read, those that count.
    lessons: Vec<EvidenceLesson>,
    /// What attempts were worth, corrected results included.
    results: Vec<EvidenceResult>,
    /// The time measured.
    time_spent: Vec<EvidenceTime>,
    /// What it satisfies.
    obligations: Vec<EvidenceObligation>,
    /// The texts that the version cited.
    cited: Vec<EvidenceCited>,
    /// Every fact of the enrolment, in order.
    facts: Vec<EvidenceFact>,
}

impl From<Evidence> for EvidenceOut {
    fn from(all: Evidence) -> Self {
        let corrected =
            |f: &fact::Model| all.facts.iter().find(|later| later.supersedes_id == Some(f.id));
        let read = all.facts.iter().filter(|f| f.kind == FactKind::LessonDone);
        let lessons = read.filter(|f| corrected(f).is_none()).filter_map(lesson).collect();
        Self {
            attestation_id: all.attestation.id,
            issued_at: all.attestation.issued_at,
            enrolment_id: all.completion.enrolment_id,
            completed_at: all.completion.occurred_at,
            completion_fact_id: all.completion.id,
            corrected_by: corrected(&all.completion).map(|f| f.id),
            content: content(&all),
            provider: EvidenceProvider {
                id: all.edition.module.provider_id,
                name: all.edition.provider.name.clone(),
                regimes: all.regimes.iter().map(|regime| regime.to_value()).collect(),
                agrement: all.agrement.clone(),
            },
            lessons,
            results: all.facts.iter().filter_map(result).collect(),
            cited: cited(&all.completion),
            facts: all.facts.iter().map(told).collect(),
            time_spent: all.time.into_iter().map(time).collect(),
            obligations: all.owed.into_iter().map(owed).collect(),
        }
    }
}

fn content(all: &Evidence) -> EvidenceContent {
    let version = &all.edition.version;
    let file = |file: &crate::catalogue::model::module_version_file::Model| EvidenceFile {
        path: file.path.clone(),
        digest: file.blob_digest.clone(),
    };
    EvidenceContent {
        module: all.edition.module.code.clone(),
        title: version.title.clone(),
        version: version.number,
        tree_digest: version.tree_digest.clone(),
        published_at: version.published_at,
        files: all.files.iter().map(file).collect(),
    }
}

fn lesson(fact: &fact::Model) -> Option<EvidenceLesson> {
    let slug = fact.payload["lesson"].as_str()?.to_owned();
    Some(EvidenceLesson { slug, at: fact.occurred_at, fact_id: fact.id })
}

fn result(fact: &fact::Model) -> Option<EvidenceResult> {
    if !fact.kind.is_result() {
        return None;
    }
    let (told, said) = (graded::told(fact)?, &fact.payload);
    Some(EvidenceResult {
        attempt_id: said["attempt_id"].as_str()?.parse().ok()?,
        number: said["number"].as_i64()?,
        started_at: said["started_at"].as_str().and_then(|at| at.parse().ok()),
        at: fact.occurred_at,
        percent: told.percent,
        pass_mark_percent: told.pass_mark_percent,
        passed: told.passed,
        regrade: told.keys,
        fact_id: fact.id,
    })
}

fn cited(completion: &fact::Model) -> Vec<EvidenceCited> {
    let all = completion.payload["references"].as_array();
    let one = |text: &serde_json::Value| {
        let said = |key: &str| text[key].as_str().map(str::to_owned);
        Some(EvidenceCited { id: said("id")?, text: said("text")? })
    };
    all.into_iter().flatten().filter_map(one).collect()
}

fn told(fact: &fact::Model) -> EvidenceFact {
    EvidenceFact {
        id: fact.id,
        kind: fact.kind.to_value(),
        at: fact.occurred_at,
        recorded_at: fact.recorded_at,
        supersedes_id: fact.supersedes_id,
    }
}

fn time(row: time_spent::Model) -> EvidenceTime {
    EvidenceTime { lesson: row.lesson, day: row.day, seconds: row.seconds }
}

fn owed(one: Satisfied) -> EvidenceObligation {
    let requirement = one.requirement.map(|(code, version)| EvidenceRequirement {
        code,
        number: version.number,
        title: version.title_fr,
    });
    let legal_basis = one.basis.map(|(id, text)| EvidenceText {
        id,
        number: text.number,
        text: text.text,
        in_force_from: text.in_force_from,
        in_force_to: text.in_force_to,
    });
    EvidenceObligation {
        id: one.row.id,
        origin: one.row.origin.to_value(),
        opened_at: one.row.opened_at,
        due_on: one.row.due_on,
        requirement,
        legal_basis,
    }
}
