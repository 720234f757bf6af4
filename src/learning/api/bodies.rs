//! What learners read and send: requests, answers, and how a question is shown.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::content::{Answers, Question};
use crate::records::Status;

/// A lesson to read.
#[derive(Object)]
pub(super) struct LessonText {
    /// Its slug.
    pub(super) slug: String,
    /// Its title.
    pub(super) title: String,
    /// Its text as sanitised HTML: no script, no outside request.
    pub(super) html: String,
    /// Words to read.
    pub(super) words: u32,
}

/// Where the enrolment stands after what was recorded.
#[derive(Object)]
pub(super) struct Progress {
    /// `enrolled`, `in_progress`, `completed` or `withdrawn`.
    pub(super) state: String,
    /// Slugs of the lessons read.
    pub(super) lessons_done: Vec<String>,
    /// Best result, in whole percent.
    #[oai(skip_serializing_if_is_none)]
    pub(super) best_percent: Option<u32>,
    /// When the module was completed.
    #[oai(skip_serializing_if_is_none)]
    pub(super) completed_at: Option<DateTime<Utc>>,
}

/// An attempt: its questions, and after submission its result.
#[derive(Object)]
pub(super) struct Attempt {
    /// Identifier.
    pub(super) id: Uuid,
    /// The enrolment.
    pub(super) enrolment_id: Uuid,
    /// First, second …
    pub(super) number: i32,
    /// When it was started.
    pub(super) started_at: DateTime<Utc>,
    /// When it was submitted.
    #[oai(skip_serializing_if_is_none)]
    pub(super) submitted_at: Option<DateTime<Utc>>,
    /// The questions, in the order shown.
    pub(super) questions: Vec<AskedQuestion>,
    /// The result, after submission only.
    #[oai(skip_serializing_if_is_none)]
    pub(super) result: Option<AttemptResult>,
}

/// A question as asked; its key appears after submission only.
#[derive(Object)]
pub(super) struct AskedQuestion {
    /// Identifier in the module.
    pub(super) id: String,
    /// `single`, `multiple` or `true_false`.
    pub(super) kind: String,
    /// The question.
    pub(super) text: String,
    /// The choices, in the order shown.
    pub(super) choices: Vec<AskedChoice>,
    /// Identifiers of the choices kept so far.
    pub(super) answer: Vec<String>,
    /// The correction, after submission only.
    #[oai(skip_serializing_if_is_none)]
    pub(super) correction: Option<Correction>,
}

/// A choice.
#[derive(Object)]
pub(super) struct AskedChoice {
    /// Identifier in the question.
    pub(super) id: String,
    /// Its text.
    pub(super) text: String,
}

/// The correction of a question.
#[derive(Object)]
pub(super) struct Correction {
    /// Whether the answer was right.
    pub(super) right: bool,
    /// Identifiers of the right choices.
    pub(super) correct: Vec<String>,
    /// Why.
    pub(super) explanation: String,
    /// Legal or other reference.
    pub(super) reference: String,
    /// Reliability: `V` read at the source, `S` concordant secondary, `M` from memory.
    pub(super) grade: String,
}

/// The result of an attempt.
#[derive(Object)]
pub(super) struct AttemptResult {
    /// Right answers.
    pub(super) points: u32,
    /// Questions.
    pub(super) out_of: u32,
    /// Whole percent, rounded down.
    pub(super) percent: u8,
    /// Percent that passes.
    pub(super) pass_mark_percent: u8,
    /// Whether the pass mark was reached.
    pub(super) passed: bool,
    /// Where the enrolment stands now.
    pub(super) progress: Progress,
}

/// An answer to one question.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct AnswerBody {
    /// Identifiers of the choices.
    pub(super) choices: Vec<String>,
}

impl Example for AnswerBody {
    fn example() -> Self {
        Self { choices: vec!["a".to_owned()] }
    }
}

/// What is handed in.
#[derive(Object, Default)]
#[oai(deny_unknown_fields, example)]
pub(super) struct Submission {
    /// Answers by question, added to those kept already; absent when all were kept one by one.
    #[oai(default)]
    pub(super) answers: BTreeMap<String, Vec<String>>,
}

impl Example for Submission {
    fn example() -> Self {
        Self { answers: BTreeMap::from([("q1".to_owned(), vec!["a".to_owned(), "c".to_owned()])]) }
    }
}

/// A question as an attempt shows it: with its correction once submitted, never before.
pub(super) fn asked(
    question: &Question,
    order: &[String],
    kept: &Answers,
    submitted: bool,
) -> AskedQuestion {
    let answer = kept.get(&question.id).cloned().unwrap_or_default();
    let text = |id: &String| {
        let choice = question.choices.iter().find(|c| c.id == *id)?;
        Some(AskedChoice { id: choice.id.clone(), text: choice.text.clone() })
    };
    let correct: BTreeSet<String> =
        question.choices.iter().filter(|c| c.correct).map(|c| c.id.clone()).collect();
    let correction = submitted.then(|| Correction {
        right: correct == answer,
        correct: correct.into_iter().collect(),
        explanation: question.explanation.clone(),
        reference: question.reference.clone(),
        grade: question.grade.as_str().to_owned(),
    });
    AskedQuestion {
        id: question.id.clone(),
        kind: question.kind.as_str().to_owned(),
        text: question.text.clone(),
        choices: order.iter().filter_map(text).collect(),
        answer: answer.into_iter().collect(),
        correction,
    }
}

impl From<Status> for Progress {
    fn from(status: Status) -> Self {
        Self {
            state: status.state.word().to_owned(),
            lessons_done: status.lessons_done.into_iter().collect(),
            best_percent: status.best_percent,
            completed_at: status.completed_at,
        }
    }
}
