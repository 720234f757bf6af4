//! The quiz of a module: banks of units, from which each attempt draws.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::question::Question;

/// Everything that a module may ask.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiz {
    /// One for each quiz file, in path order, when any of them says how many units to draw;
    /// otherwise a single one of all files. None when the module has no quiz.
    pub banks: Vec<Bank>,
}

/// Units of which each attempt asks some.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    /// Its file's name without ending (`01-quiz`), when each file is a bank of its own.
    pub name: Option<String>,
    /// The title of each of its files, by the file's name without ending, for those who edit them:
    /// learners see the module's.
    pub titles: BTreeMap<String, String>,
    /// Units drawn by each attempt, 1 to all of them.
    pub draw: usize,
    /// Its units, in path order then as written.
    pub units: Vec<Unit>,
}

/// What is drawn whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A question by itself.
    Question(Box<Question>),
    /// Several questions on one situation.
    Scenario(Scenario),
}

/// A situation and the questions asked on it, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// Shaped as, and unique among, the ids of questions.
    pub id: String,
    /// What has happened, up to 2,000 characters.
    pub situation: String,
    /// 2 to 6 questions, in the order asked.
    pub questions: Vec<Question>,
}

impl Unit {
    /// Its questions, in the order asked.
    #[must_use]
    pub fn questions(&self) -> &[Question] {
        match self {
            Self::Question(question) => std::slice::from_ref(question),
            Self::Scenario(scenario) => &scenario.questions,
        }
    }

    /// The scenario, when it is one.
    #[must_use]
    pub const fn scenario(&self) -> Option<&Scenario> {
        match self {
            Self::Question(_) => None,
            Self::Scenario(scenario) => Some(scenario),
        }
    }

    /// Whether one of its questions rests on memory alone.
    pub(super) fn is_from_memory(&self) -> bool {
        self.questions().iter().any(|question| !question.counts())
    }
}

impl Quiz {
    /// Whether there is nothing to ask.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.questions().next().is_none()
    }

    /// Every unit, in the order of the files.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.banks.iter().flat_map(|bank| &bank.units)
    }

    /// Every question, in the order of the files.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.units().flat_map(Unit::questions)
    }

    /// Questions that an attempt asks. Scenarios of several lengths may make it one more or less:
    /// of each bank, it is the share drawn of all its questions.
    #[must_use]
    pub fn asked(&self) -> u32 {
        let of_bank = |bank: &Bank| {
            let questions = bank.units.iter().map(|unit| unit.questions().len()).sum();
            share(bank.draw, questions, bank.units.len())
        };
        self.banks.iter().map(of_bank).fold(0, u32::saturating_add)
    }
}

/// `draw × questions / units`, rounded to the nearest (half up); all of them when nothing can be cut.
pub(super) fn share(draw: usize, questions: usize, units: usize) -> u32 {
    let wide = |number: usize| number as u128;
    let twice = 2 * wide(draw.min(units)) * wide(questions) + wide(units);
    let rounded = twice.checked_div(2 * wide(units)).unwrap_or(0);
    u32::try_from(rounded).unwrap_or(u32::MAX)
}
