//! Marking an attempt: integers only, so that no threshold depends on a rounding.
//!
//! Credit is in hundredths of a question, rounded down:
//!
//! * `exact`: 100 when the answer is exactly the right one, otherwise 0;
//! * `partial`, several choices: max(0, right ticked − wrong ticked) × 100 / right choices;
//! * `partial`, an ordering: of its T pairs of items, C are in the right relative order:
//!   max(0, 2 C − T) × 100 / T;
//! * left blank: 0.
//!
//! A question graded `M` (from memory) gets its credit, and counts neither for nor against. When
//! nothing else was drawn, which only a version older than that rule allows, everything counts: it
//! could be passed when it was published.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::answer::{AnswerError, Answers, normalised};
use super::draw::Drawn;
use super::question::{Choice, Credit, Item, Question, Task};
use super::quiz::Quiz;

/// The outcome of one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Credit won by the questions that count, in hundredths of a question.
    pub points: u32,
    /// What could be won: a hundred for each question that counts.
    pub out_of: u32,
    /// `points` as a percentage of `out_of`, rounded down; 0 when nothing was drawn.
    pub percent: u8,
    /// Whether `points × 100 ≥ pass mark × out_of`; false when nothing was drawn.
    pub passed: bool,
    /// Each question, in the order drawn.
    pub questions: Vec<Graded>,
}

/// The outcome of one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graded {
    /// Id of the question.
    pub question: String,
    /// Whether the answer was exactly the right one.
    pub correct: bool,
    /// Credit won, in hundredths: 0 to 100.
    pub credit: u32,
    /// Whether it counts for the score.
    pub counted: bool,
}

/// Marks the answers to a draw, given under the author's ids (as
/// [`accept`](super::accept) answers them).
///
/// # Errors
/// [`AnswerError`] as [`accept`](super::accept), or when a drawn question is not in the quiz.
pub fn grade(
    drawn: &[Drawn],
    quiz: &Quiz,
    answers: &Answers,
    pass_mark_percent: u8,
) -> Result<Score, AnswerError> {
    let answers = normalised(drawn, answers)?;
    let by_id: BTreeMap<&str, &Question> = quiz.questions().map(|q| (q.id.as_str(), q)).collect();
    let mut missing = Vec::new();
    let mut graded = Vec::new();
    for one in drawn {
        let Some(question) = by_id.get(one.question.as_str()) else {
            missing.push(one.question.clone());
            continue;
        };
        let answer = answers.get(&one.question).map_or(&[][..], Vec::as_slice);
        let credit = credit(&question.task, answer);
        graded.push(Graded {
            question: one.question.clone(),
            correct: credit == 100,
            credit,
            counted: question.counts(),
        });
    }
    if graded.iter().all(|one| !one.counted) {
        graded.iter_mut().for_each(|one| one.counted = true);
    }
    if missing.is_empty() {
        Ok(score(graded, pass_mark_percent))
    } else {
        Err(AnswerError { missing, ..AnswerError::default() })
    }
}

/// Hundredths won by an answer.
fn credit(task: &Task, answer: &[String]) -> u32 {
    let won = match task {
        _ if answer.is_empty() => return 0,
        _ if answer == task.key() => return 100,
        _ if task.credit() == Credit::Exact => return 0,
        Task::Single { choices } | Task::TrueFalse { choices } | Task::Multiple { choices, .. } => {
            of_choices(choices, answer)
        }
        Task::Ordering { items, .. } => of_order(items, answer),
    };
    u32::try_from(won).unwrap_or(100)
}

fn of_choices(choices: &[Choice], ticked: &[String]) -> usize {
    let count = |right: bool| {
        choices.iter().filter(|c| c.correct == right && ticked.contains(&c.id)).count()
    };
    let all = choices.iter().filter(|choice| choice.correct).count();
    (count(true).saturating_sub(count(false)) * 100).checked_div(all).unwrap_or(0)
}

fn of_order(items: &[Item], order: &[String]) -> usize {
    let place = |item: &Item| order.iter().position(|id| *id == item.id);
    let places: Vec<_> = items.iter().map(place).collect();
    let pairs = places
        .iter()
        .enumerate()
        .flat_map(|(nth, first)| places[nth + 1..].iter().map(move |second| first < second));
    let right: Vec<bool> = pairs.collect();
    let (all, kept) = (right.len(), right.iter().filter(|kept| **kept).count());
    ((2 * kept).saturating_sub(all) * 100).checked_div(all).unwrap_or(0)
}

fn score(questions: Vec<Graded>, pass_mark_percent: u8) -> Score {
    let counted = || questions.iter().filter(|one| one.counted);
    let out_of = counted().count() as u64 * 100;
    let points: u64 = counted().map(|one| u64::from(one.credit)).sum();
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
