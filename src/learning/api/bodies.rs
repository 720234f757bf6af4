//! What learners read and send: requests and answers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::records::Status;
use crate::records::graded::ResultTold;

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
    /// When its time is over; absent when nothing bounds it. What was answered by then is graded.
    #[oai(skip_serializing_if_is_none)]
    pub(super) due_at: Option<DateTime<Utc>>,
    /// The questions, in the order shown.
    pub(super) questions: Vec<AskedQuestion>,
    /// The result, after submission only; absent again of an attempt that was annulled.
    #[oai(skip_serializing_if_is_none)]
    pub(super) result: Option<AttemptResult>,
}

/// A question as asked; its key appears after submission only.
#[derive(Object)]
pub(super) struct AskedQuestion {
    /// Identifier in the module.
    pub(super) id: String,
    /// `single`, `multiple`, `true_false` or `ordering`.
    pub(super) kind: String,
    /// The situation that it is asked about; the questions on one situation follow each other.
    #[oai(skip_serializing_if_is_none)]
    pub(super) scenario: Option<AskedScenario>,
    /// The question.
    pub(super) text: String,
    /// `exact`: all or nothing; `partial`: an answer that is nearly right wins its share.
    pub(super) credit: String,
    /// The choices, or the items to put in order, in the order shown.
    pub(super) choices: Vec<AskedChoice>,
    /// Identifiers of the choices kept so far; of an ordering, all of them in the order given, or none.
    pub(super) answer: Vec<String>,
    /// The correction, after submission only.
    #[oai(skip_serializing_if_is_none)]
    pub(super) correction: Option<Correction>,
}

/// A situation on which several questions are asked.
#[derive(Object)]
pub(super) struct AskedScenario {
    /// Identifier in the module.
    pub(super) id: String,
    /// What has happened.
    pub(super) situation: String,
}

/// A choice, or an item to put in order.
#[derive(Object)]
pub(super) struct AskedChoice {
    /// Identifier in the question of this attempt: what an answer names.
    pub(super) id: String,
    /// Its text.
    pub(super) text: String,
}

/// The correction of a question.
#[derive(Object)]
pub(super) struct Correction {
    /// Whether the answer was exactly right.
    pub(super) right: bool,
    /// Credit won, in hundredths of a question.
    pub(super) credit: u32,
    /// Whether it counts for the result: a question graded `M` does not.
    pub(super) counted: bool,
    /// Identifiers of the right choices; of an ordering, all of them in the right order.
    pub(super) correct: Vec<String>,
    /// Why.
    pub(super) explanation: String,
    /// Legal or other reference.
    pub(super) reference: String,
    /// Reliability: `V` read at the source, `S` concordant secondary, `M` from memory.
    pub(super) grade: String,
    /// Why the key is not the one that was published, in the words of whoever corrected it.
    #[oai(skip_serializing_if_is_none)]
    pub(super) mended: Option<String>,
}

/// The result of an attempt.
#[derive(Object)]
pub(super) struct AttemptResult {
    /// Questions' worth won, to the hundredth: 5.5 of 6.
    pub(super) points: f64,
    /// Questions that count.
    pub(super) out_of: u32,
    /// Whole percent, rounded down.
    pub(super) percent: u8,
    /// Percent that passes.
    pub(super) pass_mark_percent: u8,
    /// Whether the pass mark was reached.
    pub(super) passed: bool,
    /// What it was worth before it was marked again, a key having been wrong.
    #[oai(skip_serializing_if_is_none)]
    pub(super) was: Option<ResultBefore>,
    /// Where the enrolment stands now.
    pub(super) progress: Progress,
}

/// What an attempt was worth before it was marked again.
#[derive(Object)]
pub(super) struct ResultBefore {
    /// Whole percent, rounded down.
    pub(super) percent: u8,
    /// Whether the pass mark was reached.
    pub(super) passed: bool,
}

/// An answer to one question.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct AnswerBody {
    /// Identifiers of the choices; of an ordering, all of them in the order given. Empty takes the
    /// answer back.
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

impl AttemptResult {
    /// The result as it was told, beside where the enrolment stands now.
    pub(super) fn of(told: &ResultTold, progress: Progress) -> Self {
        Self {
            points: f64::from(told.hundredths) / 100.0,
            out_of: told.out_of,
            percent: told.percent,
            pass_mark_percent: told.pass_mark_percent,
            passed: told.passed,
            was: told.was.map(|was| ResultBefore { percent: was.percent, passed: was.passed }),
            progress,
        }
    }
}
