//! Questions with their keys, for those who write, review or audit them.

use chrono::NaiveDate;
use poem_openapi::Object;

use crate::content;

/// A choice and whether it is right.
#[derive(Object)]
struct KeyedChoice {
    /// Its id in the question.
    id: String,
    /// What the learner reads.
    text: String,
    /// Whether ticking it is right.
    correct: bool,
}

/// A question with its key.
#[derive(Object)]
struct KeyedQuestion {
    /// Its id in the module.
    id: String,
    /// `single`, `multiple` or `true_false`.
    kind: String,
    /// The question.
    text: String,
    /// Its choices, in the author's order.
    choices: Vec<KeyedChoice>,
    /// Why the answer is what it is.
    explanation: String,
    /// The text that it rests on.
    reference: String,
    /// How well the reference was checked: `V`, `S` or `M`.
    grade: String,
    /// When it was checked.
    verified_on: NaiveDate,
    /// Further sources.
    sources: Vec<String>,
}

/// The questions of a version, with their keys.
#[derive(Object)]
pub(super) struct KeyedQuestions {
    /// Questions, in the order of the files.
    items: Vec<KeyedQuestion>,
    /// Always null: a module's questions are one page.
    next: Option<String>,
}

impl From<&content::Module> for KeyedQuestions {
    fn from(module: &content::Module) -> Self {
        Self { items: module.questions.iter().map(KeyedQuestion::from).collect(), next: None }
    }
}

impl From<&content::Question> for KeyedQuestion {
    fn from(question: &content::Question) -> Self {
        let q = question.clone();
        let choice =
            |c: content::Choice| KeyedChoice { id: c.id, text: c.text, correct: c.correct };
        Self {
            id: q.id,
            kind: q.kind.to_string(),
            text: q.text,
            choices: q.choices.into_iter().map(choice).collect(),
            explanation: q.explanation,
            reference: q.reference,
            grade: q.grade.to_string(),
            verified_on: q.verified_on,
            sources: q.sources,
        }
    }
}
