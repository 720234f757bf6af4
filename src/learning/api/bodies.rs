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
pub(crate) struct LessonText {
    /// Its slug.
    pub(crate) slug: String,
    /// Its title.
    pub(crate) title: String,
    /// Its text as sanitised HTML: no script, no outside request.
    pub(crate) html: String,
    /// Words to read.
    pub(crate) words: u32,
}

/// Where the enrolment stands after what was recorded.
#[derive(Object)]
pub(crate) struct Progress {
    /// `enrolled`, `in_progress`, `completed` or `withdrawn`.
    pub(crate) state: String,
    /// Slugs of the lessons read.
    pub(crate) lessons_done: Vec<String>,
    /// Best result, in whole percent.
    #[oai(skip_serializing_if_is_none)]
    pub(crate) best_percent: Option<u32>,
    /// When the module was completed.
    #[oai(skip_serializing_if_is_none)]
    pub(crate) completed_at: Option<DateTime<Utc>>,
}

/// An attempt: its questions, and after submission its result.
#[derive(Object)]
pub(crate) struct Attempt {
    /// Identifier.
    pub(crate) id: Uuid,
    /// The enrolment.
    pub(crate) enrolment_id: Uuid,
    /// First, second …
    pub(crate) number: i32,
    /// When it was started.
    pub(crate) started_at: DateTime<Utc>,
    /// When it was submitted.
    #[oai(skip_serializing_if_is_none)]
    pub(crate) submitted_at: Option<DateTime<Utc>>,
    /// When its time is over; absent when nothing bounds it. What was answered by then is graded.
    #[oai(skip_serializing_if_is_none)]
    pub(crate) due_at: Option<DateTime<Utc>>,
    /// The questions, in the order shown.
    pub(crate) questions: Vec<AskedQuestion>,
    /// The result, after submission only; absent again of an attempt that was annulled.
    #[oai(skip_serializing_if_is_none)]
    pub(crate) result: Option<AttemptResult>,
}

/// A question as asked; its key appears after submission only.
#[derive(Object)]
pub(crate) struct AskedQuestion {
    /// Identifier in the module.
    pub(crate) id: String,
    /// `single`, `multiple`, `true_false` or `ordering`.
    pub(crate) kind: String,
    /// The situation that it is asked about; the questions on one situation follow each other.
    #[oai(skip_serializing_if_is_none)]
    pub(crate) scenario: Option<AskedScenario>,
    /// The question.
    pub(crate) text: String,
    /// `exact`: all or nothing; `partial`: an answer that is nearly right wins its share.
    pub(crate) credit: String,
    /// The choices, or the items to put in order, in the order shown.
    pub(crate) choices: Vec<AskedChoice>,
    /// Identifiers of the choices kept so far; of an ordering, all of them in the order given, or none.
    pub(crate) answer: Vec<String>,
    /// The correction, after submission only.
    #[oai(skip_serializing_if_is_none)]
    pub(crate) correction: Option<Correction>,
}

/// A situation on which several questions are asked.
#[derive(Object)]
pub(crate) struct AskedScenario {
    /// Identifier in the module.
    pub(crate) id: String,
    /// What has happened.
    pub(crate) situation: String,
}

/// A choice, or an item to put in order.
#[derive(Object)]
pub(crate) struct AskedChoice {
    /// Identifier in the question of this attempt: what an answer names.
    pub(crate) id: String,
    /// Its text.
    pub(crate) text: String,
}

/// The correction of a question.
#[derive(Object)]
pub(crate) struct Correction {
    /// Whether the answer was exactly right.
    pub(crate) right: bool,
    /// Credit won, in hundredths of a question.
    pub(crate) credit: u32,
    /// Whether it counts for the result: a question graded `M` does not.
    pub(crate) counted: bool,
    /// Identifiers of the right choices; of an ordering, all of them in the right order.
    pub(crate) correct: Vec<String>,
    /// Why.
    pub(crate) explanation: String,
    /// Legal or other reference.
    pub(crate) reference: String,
    /// Reliability: `V` read at the source, `S` concordant secondary, `M` from memory.
    pub(crate) grade: String,
    /// Why the key is not the one that was published, in the words of whoever corrected it.
    #[oai(skip_serializing_if_is_none)]
    pub(crate) mended: Option<String>,
}

/// The result of an attempt.
#[derive(Object)]
pub(crate) struct AttemptResult {
    /// Questions' worth won, to the hundredth: 5.5 of 6.
    pub(crate) points: f64,
    /// Questions that count.
    pub(crate) out_of: u32,
    /// Whole percent, rounded down.
    pub(crate) percent: u8,
    /// Percent that passes.
    pub(crate) pass_mark_percent: u8,
    /// Whether the pass mark was reached.
    pub(crate) passed: bool,
    /// What it was worth before it was marked again, a key having been wrong.
    #[oai(skip_serializing_if_is_none)]
    pub(crate) was: Option<ResultBefore>,
    /// Where the enrolment stands now.
    pub(crate) progress: Progress,
}

/// What an attempt was worth before it was marked again.
#[derive(Object)]
pub(crate) struct ResultBefore {
    /// Whole percent, rounded down.
    pub(crate) percent: u8,
    /// Whether the pass mark was reached.
    pub(crate) passed: bool,
}

/// An answer to one question.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(crate) struct AnswerBody {
    /// Identifiers of the choices; of an ordering, all of them in the order given. Empty takes the
    /// answer back.
    pub(crate) choices: Vec<String>,
}

impl Example for AnswerBody {
    fn example() -> Self {
        Self { choices: vec!["a".to_owned()] }
    }
}

/// What is handed in.
#[derive(Object, Default)]
#[oai(deny_unknown_fields, example)]
pub(crate) struct Submission {
    /// Answers by question, added to those kept already; absent when all were kept one by one.
    #[oai(default)]
    pub(crate) answers: BTreeMap<String, Vec<String>>,
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
    pub(crate) fn of(told: &ResultTold, progress: Progress) -> Self {
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
