//! From what was gathered to what is answered.

use sea_orm::ActiveEnum as _;

use super::bodies::{
    EvidenceCited, EvidenceContent, EvidenceFact, EvidenceFile, EvidenceLesson, EvidenceObligation,
    EvidenceOut, EvidenceProvider, EvidenceRequirement, EvidenceResult, EvidenceText, EvidenceTime,
};
use crate::evidence::Evidence;
use crate::evidence::owed::Satisfied;
use crate::learning::model::time_spent;
use crate::records::graded;
use crate::records::model::{FactKind, fact};

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
