//! Keys that were wrong, mended: the quiz as it would be under other right answers. What is drawn, and
//! in what order, stays that of the quiz as published: draw from that one, mark by this one.

use std::collections::BTreeMap;

use super::question::{Choice, Item, Question, Task};
use super::quiz::{Quiz, Unit};

/// The right answers of some questions, by id: the choices to tick, or all items in the right order,
/// under the author's ids.
pub type Keys = BTreeMap<String, Vec<String>>;

impl Quiz {
    /// The same quiz under other right answers, each such as [`Question::key_of`] answers.
    #[must_use]
    pub fn mended(&self, keys: &Keys) -> Self {
        let mut mended = self.clone();
        for unit in mended.banks.iter_mut().flat_map(|bank| &mut bank.units) {
            let questions = match unit {
                Unit::Question(question) => std::slice::from_mut(&mut **question),
                Unit::Scenario(scenario) => scenario.questions.as_mut_slice(),
            };
            for question in questions {
                if let Some(key) = keys.get(&question.id) {
                    question.task.mend(key);
                }
            }
        }
        mended
    }
}

impl Question {
    /// A right answer to this question, as a key is written: choices in the order of their letters, each
    /// once; `None` when it cannot be one. One choice answers a single question or a true-or-false one,
    /// one at least a multiple one; all items, each once, an ordering.
    #[must_use]
    pub fn key_of(&self, right: &[String]) -> Option<Vec<String>> {
        let mut sorted = right.to_vec();
        sorted.sort();
        let once = sorted.windows(2).all(|pair| pair[0] != pair[1]);
        let options = self.task.options();
        let known = right.iter().all(|id| options.iter().any(|(own, _)| own == id));
        let many = match &self.task {
            Task::Single { .. } | Task::TrueFalse { .. } => right.len() == 1,
            Task::Multiple { .. } => !right.is_empty(),
            Task::Ordering { .. } => right.len() == options.len(),
        };
        let key = if matches!(self.task, Task::Ordering { .. }) { right.to_vec() } else { sorted };
        (once && known && many).then_some(key)
    }
}

impl Task {
    fn mend(&mut self, key: &[String]) {
        match self {
            Self::Single { choices }
            | Self::TrueFalse { choices }
            | Self::Multiple { choices, .. } => {
                choices
                    .iter_mut()
                    .for_each(|Choice { id, correct, .. }| *correct = key.contains(id));
            }
            Self::Ordering { items, .. } => {
                let place = |item: &Item| key.iter().position(|id| *id == item.id);
                items.sort_by_key(place);
            }
        }
    }
}
