//! Marking an attempt: integers only, so that no threshold depends on a rounding.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::draw::Drawn;
use super::quiz::Question;

/// What a learner ticked: question id → choice ids. A question left out is a question left blank.
pub type Answers = BTreeMap<String, BTreeSet<String>>;

/// The outcome of one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Points won, one for each question answered exactly.
    pub points: u32,
    /// Points that could be won.
    pub out_of: u32,
    /// `points` as a percentage of `out_of`, rounded down; 0 when nothing was asked.
    pub percent: u8,
    /// Whether `points × 100 ≥ pass mark × out_of`; false when nothing was asked.
    pub passed: bool,
    /// Each question, in the order drawn.
    pub questions: Vec<Graded>,
}

/// The outcome of one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graded {
    /// Id of the question.
    pub question: String,
    /// Whether exactly the correct choices were ticked.
    pub correct: bool,
}

/// Answers that do not belong to the draw. Each list names what it refuses, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error(
    "réponses étrangères à ce quiz : questions [{}], choix [{}] ; questions tirées mais absentes de la version [{}]",
    .questions.join(", "), shown(.choices), .missing.join(", ")
)]
pub struct AnswerError {
    /// Questions answered that were not drawn.
    pub questions: Vec<String>,
    /// Choices ticked that the question does not have, as (question, choice).
    pub choices: Vec<(String, String)>,
    /// Questions drawn that the given version does not have: the caller's mistake.
    pub missing: Vec<String>,
}

fn shown(choices: &[(String, String)]) -> String {
    let pairs: Vec<String> = choices.iter().map(|(q, c)| format!("{q}/{c}")).collect();
    pairs.join(", ")
}

/// Checks that every answer names a drawn question and choices shown with it.
///
/// # Errors
/// [`AnswerError`] naming all that does not.
pub fn check_answers(drawn: &[Drawn], answers: &Answers) -> Result<(), AnswerError> {
    let shown: BTreeMap<&str, &[String]> =
        drawn.iter().map(|one| (one.question.as_str(), one.choices.as_slice())).collect();
    let mut error = AnswerError::default();
    for (question, ticked) in answers {
        match shown.get(question.as_str()) {
            None => error.questions.push(question.clone()),
            Some(choices) => {
                let foreign = ticked.iter().filter(|choice| !choices.contains(choice));
                let pairs = foreign.map(|choice| (question.clone(), choice.clone()));
                error.choices.extend(pairs);
            }
        }
    }
    if error == AnswerError::default() { Ok(()) } else { Err(error) }
}

/// Marks the answers to a draw. A question gives its point when exactly its correct choices are
/// ticked, whatever its kind: all or nothing.
///
/// # Errors
/// [`AnswerError`] as [`check_answers`], or when a drawn question is not among `questions`.
pub fn grade(
    drawn: &[Drawn],
    questions: &[Question],
    answers: &Answers,
    pass_mark_percent: u8,
) -> Result<Score, AnswerError> {
    check_answers(drawn, answers)?;
    let by_id: BTreeMap<&str, &Question> = questions.iter().map(|q| (q.id.as_str(), q)).collect();
    let mut missing = Vec::new();
    let mut graded = Vec::new();
    for one in drawn {
        let Some(question) = by_id.get(one.question.as_str()) else {
            missing.push(one.question.clone());
            continue;
        };
        graded.push(Graded {
            question: one.question.clone(),
            correct: is_exact(question, answers.get(&one.question)),
        });
    }
    if missing.is_empty() {
        Ok(score(graded, pass_mark_percent))
    } else {
        Err(AnswerError { missing, ..AnswerError::default() })
    }
}

fn is_exact(question: &Question, ticked: Option<&BTreeSet<String>>) -> bool {
    let correct = question.choices.iter().filter(|choice| choice.correct);
    let correct: BTreeSet<&str> = correct.map(|choice| choice.id.as_str()).collect();
    let ticked: BTreeSet<&str> = ticked.into_iter().flatten().map(String::as_str).collect();
    ticked == correct
}

fn score(questions: Vec<Graded>, pass_mark_percent: u8) -> Score {
    let out_of = questions.len() as u64;
    let points = questions.iter().filter(|one| one.correct).count() as u64;
    let percent = (points * 100).checked_div(out_of).unwrap_or(0);
    let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Score {
        points: narrow(points),
        out_of: narrow(out_of),
        percent: u8::try_from(percent).unwrap_or(100),
        passed: out_of > 0 && points * 100 >= u64::from(pass_mark_percent) * out_of,
        questions,
    }
}
