//! One question: what is asked, how it is answered, how it is credited, and on what text it rests.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::manifest::Grade;
use super::words::words;

words! {
    /// How a question is answered.
    Kind {
        /// Exactly one choice is correct.
        Single = "single",
        /// One or several choices are correct.
        Multiple = "multiple",
        /// Two choices, one of them correct.
        TrueFalse = "true_false",
        /// Items to put in order.
        Ordering = "ordering",
    }
}

words! {
    /// What an answer that is not wholly right is worth.
    Credit {
        /// Nothing.
        Exact = "exact",
        /// Its share, by the rule of its kind (see [`grade`](super::grade())).
        Partial = "partial",
    }
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// One lower-case letter, unique in the question.
    pub id: String,
    /// What the learner reads.
    pub text: String,
    /// Whether ticking it is right.
    pub correct: bool,
}

/// One thing to put in its place among others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// One lower-case letter, unique in the question. Never shown before submission: authors write
    /// a, b, c in the right order.
    pub id: String,
    /// What the learner reads.
    pub text: String,
}

/// The part of a question that depends on its kind. What joins numbers, short texts or pairs to it
/// has no options, or two lists of them, and an answer that is a list of texts as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// Tick the one correct choice.
    Single {
        /// 2 to 8 choices, in the author's order.
        choices: Vec<Choice>,
    },
    /// Tick every correct choice and no other.
    Multiple {
        /// 2 to 8 choices, in the author's order.
        choices: Vec<Choice>,
        /// What a part of them is worth.
        credit: Credit,
    },
    /// Tick one of two.
    TrueFalse {
        /// The two choices, in the author's order.
        choices: Vec<Choice>,
    },
    /// Put in order.
    Ordering {
        /// 3 to 8 items, in the right order.
        items: Vec<Item>,
        /// What an order that is nearly right is worth.
        credit: Credit,
    },
}

impl Task {
    /// The kind, as files and the API write it.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Single { .. } => Kind::Single,
            Self::Multiple { .. } => Kind::Multiple,
            Self::TrueFalse { .. } => Kind::TrueFalse,
            Self::Ordering { .. } => Kind::Ordering,
        }
    }

    /// What an answer that is not wholly right is worth.
    #[must_use]
    pub const fn credit(&self) -> Credit {
        match self {
            Self::Single { .. } | Self::TrueFalse { .. } => Credit::Exact,
            Self::Multiple { credit, .. } | Self::Ordering { credit, .. } => *credit,
        }
    }

    /// What is shown to choose from or to put in order, as (id, text), as the author wrote it.
    #[must_use]
    pub fn options(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Single { choices }
            | Self::Multiple { choices, .. }
            | Self::TrueFalse { choices } => {
                choices.iter().map(|c| (c.id.as_str(), c.text.as_str())).collect()
            }
            Self::Ordering { items, .. } => {
                items.iter().map(|i| (i.id.as_str(), i.text.as_str())).collect()
            }
        }
    }

    /// Whether this option belongs to the right answer.
    #[must_use]
    pub fn is_right(&self, id: &str) -> bool {
        self.key().iter().any(|right| right == id)
    }

    /// The right answer: the correct choices in the order of their letters, or the items in order.
    #[must_use]
    pub fn key(&self) -> Vec<String> {
        match self {
            Self::Single { choices }
            | Self::Multiple { choices, .. }
            | Self::TrueFalse { choices } => {
                let right = choices.iter().filter(|choice| choice.correct);
                let mut right: Vec<String> = right.map(|choice| choice.id.clone()).collect();
                right.sort();
                right
            }
            Self::Ordering { items, .. } => items.iter().map(|item| item.id.clone()).collect(),
        }
    }
}

/// One question of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// `[A-Za-z0-9-]{1,40}`, unique in the module.
    pub id: String,
    /// The question.
    pub text: String,
    /// How it is answered.
    #[serde(flatten)]
    pub task: Task,
    /// Why the answer is what it is, shown afterwards.
    pub explanation: String,
    /// The text of law or other source, for people.
    pub reference: String,
    /// How well the reference was checked.
    pub grade: Grade,
    /// Date on which it was checked.
    pub verified_on: NaiveDate,
    /// Further sources.
    pub sources: Vec<String>,
    /// Ids of the manifest's references that it rests on.
    pub cites: Vec<String>,
}

impl Question {
    /// Whether its result counts for the score: nobody passes or fails on what nobody re-read.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.grade != Grade::M
    }
}
