//! What requests about corrected keys are made of, and what they are answered.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::publication::api::PersonsTold;
use crate::regrades::model::regrade;
use crate::regrades::preview::Preview;
use crate::regrades::wish::{KeyWish, Lower, Wish};

/// Another right answer to a question.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct CorrectedKey {
    /// Its id in the version.
    #[oai(validator(max_length = 40))]
    pub(super) question: String,
    /// Identifiers of the right choices, or of all items in the right order, as the author wrote them.
    #[oai(validator(min_items = 1, max_items = 8))]
    pub(super) right_answers: Vec<String>,
    /// Why, as learners will read it; 1 to 1000 characters.
    #[oai(validator(min_length = 1, max_length = 1000))]
    pub(super) reason: String,
}

/// Keys to correct.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct RegradePreviewIn {
    /// The questions, each once.
    #[oai(validator(min_items = 1, max_items = 100))]
    pub(super) corrections: Vec<CorrectedKey>,
}

/// The decision to lower results that passed.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct LowerIn {
    /// How many persons would fail, as the preview says; absent where it withholds the number.
    pub(super) persons: Option<u64>,
    /// Why; 1 to 1000 characters.
    #[oai(validator(min_length = 1, max_length = 1000))]
    pub(super) reason: String,
}

/// Keys to correct, as previewed.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct RegradeIn {
    /// The questions, each once.
    #[oai(validator(min_items = 1, max_items = 100))]
    pub(super) corrections: Vec<CorrectedKey>,
    /// The digest of the preview.
    #[oai(validator(max_length = 64))]
    pub(super) digest: String,
    /// To lower passed results too; they stay as they are if absent.
    pub(super) lower: Option<LowerIn>,
}

fn example_key() -> CorrectedKey {
    CorrectedKey {
        question: "q1".to_owned(),
        right_answers: vec!["b".to_owned()],
        reason: "La réponse « a » suivait une version du texte qui n’est plus en vigueur."
            .to_owned(),
    }
}

impl Example for RegradePreviewIn {
    fn example() -> Self {
        Self { corrections: vec![example_key()] }
    }
}

impl Example for RegradeIn {
    fn example() -> Self {
        let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned();
        Self { corrections: vec![example_key()], digest, lower: None }
    }
}

/// Whom corrected keys would touch.
#[derive(Object)]
pub(super) struct RegradePreview {
    /// To be quoted when regrading.
    pub(super) digest: String,
    /// Persons one of whose results would change.
    concerned: PersonsTold,
    /// Persons who had not passed and would: they complete and are attested thereby, unless they left.
    passing: PersonsTold,
    /// Persons who passed, and one of whose passed results would be lower: it stays unless decided.
    lowered: PersonsTold,
    /// Persons who passed and would not have: they stay so unless decided.
    failing: PersonsTold,
}

impl From<Preview> for RegradePreview {
    fn from(seen: Preview) -> Self {
        Self {
            digest: seen.digest,
            concerned: seen.concerned.into(),
            passing: seen.passing.into(),
            lowered: seen.lowered.into(),
            failing: seen.failing.into(),
        }
    }
}

/// Keys of a version that were corrected.
#[derive(Object)]
pub(super) struct Regrade {
    /// Identifier.
    id: Uuid,
    /// 1, 2, 3 … in the version.
    number: i32,
    /// The questions whose keys were corrected.
    questions: Vec<String>,
    /// Whether passed results are lowered too.
    pub(super) lower: bool,
    /// When it was decided: every attempt handed in since is marked under the corrected keys.
    decided_at: DateTime<Utc>,
    /// When all earlier attempts had been marked again; absent while they are.
    #[oai(skip_serializing_if_is_none)]
    finished_at: Option<DateTime<Utc>>,
}

/// What was corrected in a version, latest first.
#[derive(Object)]
pub(super) struct Regrades {
    /// All of it.
    pub(super) items: Vec<Regrade>,
    /// Always null: it is one page.
    pub(super) next: Option<String>,
}

impl Regrade {
    pub(super) fn of(row: regrade::Model, questions: Vec<String>) -> Self {
        Self {
            id: row.id,
            number: row.number,
            questions,
            lower: row.lower,
            decided_at: row.decided_at,
            finished_at: row.finished_at,
        }
    }
}

/// What a body asks for.
pub(super) fn wish(corrections: Vec<CorrectedKey>, lower: Option<LowerIn>) -> Wish {
    let lower = lower.map(|LowerIn { persons, reason }| Lower { persons, reason });
    Wish { keys: keys(corrections), lower }
}

fn keys(corrections: Vec<CorrectedKey>) -> Vec<KeyWish> {
    let key = |CorrectedKey { question, right_answers, reason }: CorrectedKey| KeyWish {
        question,
        right: right_answers,
        reason,
    };
    corrections.into_iter().map(key).collect()
}
