//! Learning paths as values: which modules, in which order, and how long they take together.
//!
//! A path writes no duration: it is the sum of what its modules announce, so it cannot go stale.

use std::ops::Add;

use serde::{Deserialize, Serialize};

use super::code::ModuleCode;
use super::manifest::{Audience, Prerequisite};
use super::words::words;

words! {
    /// Whether the modules of a path follow each other.
    PathOrder {
        /// One after the other, as written.
        Ordered = "ordered",
        /// As the reader likes; the written order is only a proposal.
        Free = "free",
    }
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathStep {
    /// The modules, any of which will do; never empty, and a single one most of the time.
    pub any_of: Vec<ModuleCode>,
    /// Whether the path is complete without it.
    pub optional: bool,
}

/// A choice of modules for somebody, and what it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearningPath {
    /// Of the shape of a [`ModuleCode`]; unique, and not the code of a module.
    pub code: String,
    /// Organisation reference of who provides the path, `scheme:value`.
    pub provider: String,
    /// 1 to 150 characters.
    pub title: String,
    /// 1 to 600 characters.
    pub summary: String,
    /// For whom; never empty.
    pub audiences: Vec<Audience>,
    /// What its reader can do afterwards: 1 to 8 sentences.
    pub outcomes: Vec<String>,
    /// Ordered or free.
    pub order: PathOrder,
    /// What comes before the path as a whole, at most 8; a *required* one is asked of who enrols.
    pub prerequisites: Vec<Prerequisite>,
    /// 2 to 20 steps, one of them mandatory at least; no module is in two of them.
    pub steps: Vec<PathStep>,
}

/// A duration in minutes; it is a range where the reader has a choice between modules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Minutes {
    /// With the shortest module of each choice.
    pub least: u32,
    /// With the longest.
    pub most: u32,
}

impl Minutes {
    /// From the shortest to the longest of these; nothing of none.
    pub fn between(each: impl Iterator<Item = u32>) -> Self {
        let widened = |so_far: Option<Self>, one: u32| match so_far {
            None => Some(Self { least: one, most: one }),
            Some(range) => Some(Self { least: range.least.min(one), most: range.most.max(one) }),
        };
        each.fold(None, widened).unwrap_or_default()
    }
}

impl Add for Minutes {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        // What was announced out of bounds is refused elsewhere, and no reason to stop here.
        Self {
            least: self.least.saturating_add(other.least),
            most: self.most.saturating_add(other.most),
        }
    }
}

/// How long a path takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PathMinutes {
    /// Every step.
    pub total: Minutes,
    /// The steps that the path asks for.
    pub required: Minutes,
    /// The steps that it only offers.
    pub optional: Minutes,
}

impl PathStep {
    /// How long the step takes, when `announced` tells the minutes of each module.
    #[must_use]
    pub fn minutes(&self, announced: impl Fn(&ModuleCode) -> u32) -> Minutes {
        Minutes::between(self.any_of.iter().map(announced))
    }
}

impl LearningPath {
    /// The modules of every step, in the order written.
    pub fn members(&self) -> impl Iterator<Item = &ModuleCode> {
        self.steps.iter().flat_map(|step| &step.any_of)
    }

    /// How long the path takes, when `announced` tells the minutes of each module.
    #[must_use]
    pub fn minutes(&self, announced: impl Fn(&ModuleCode) -> u32) -> PathMinutes {
        self.sum(|step| step.minutes(&announced))
    }

    /// How long the path takes, when `of_step` tells the minutes of each step.
    #[must_use]
    pub fn sum(&self, of_step: impl Fn(&PathStep) -> Minutes) -> PathMinutes {
        let sum = |optional: bool| {
            let steps = self.steps.iter().filter(|step| step.optional == optional);
            steps.map(&of_step).fold(Minutes::default(), Minutes::add)
        };
        let (required, optional) = (sum(false), sum(true));
        PathMinutes { total: required + optional, required, optional }
    }
}
