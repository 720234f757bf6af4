//! `module.toml` as values: what a module says of itself.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::CalendarDuration;
use super::code::ModuleCode;
use super::reference::Reference;
use super::words::words;

words! {
    /// For whom a module is written. The French terms are kept: they have no faithful translation.
    Audience {
        /// Local elected official.
        Elu = "elu",
        /// Territorial agent.
        Agent = "agent",
        /// Managing agent.
        Cadre = "cadre",
    }
}

words! {
    /// What a module claims to be.
    Level {
        /// *Sensibilisation*.
        Awareness = "awareness",
        /// *Formation*.
        Training = "training",
    }
}

words! {
    /// Whether the whole module is here.
    Status {
        /// The whole module.
        Complete = "complete",
        /// Part of it; durations are those of the extract itself.
        Extract = "extract",
    }
}

words! {
    /// How well a statement of law was checked. `?` (not checked) is never published.
    Grade {
        /// Read in a dated source.
        V = "V",
        /// Concordant secondary sources.
        S = "S",
        /// From memory.
        M = "M",
    }
}

words! {
    /// How strongly a module asks for another.
    PrerequisiteKind {
        /// Recommended; the other module may not exist yet.
        Advised = "advised",
        /// Must be completed first; the other module must exist.
        Required = "required",
    }
}

/// What comes before this module: one module, or any one of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prerequisite {
    /// The modules, any of which will do; never empty, and a single one most of the time.
    pub any_of: Vec<ModuleCode>,
    /// Advised or required.
    pub kind: PrerequisiteKind,
}

impl Prerequisite {
    /// Whether one of its modules is among those that `holds` says.
    pub fn is_met(&self, holds: impl Fn(&ModuleCode) -> bool) -> bool {
        self.any_of.iter().any(holds)
    }
}

/// Everything `module.toml` says; the rules are those of `content/README.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The module's code, also the name of its folder.
    pub code: ModuleCode,
    /// The module's code in the provider's own catalogue, 1 to 60 characters.
    pub external_code: Option<String>,
    /// 1 to 150 characters.
    pub title: String,
    /// 1 to 600 characters.
    pub summary: String,
    /// Organisation reference of the provider, `scheme:value`.
    pub provider: String,
    /// For whom; never empty.
    pub audiences: Vec<Audience>,
    /// Awareness or training.
    pub level: Level,
    /// Two-letter language code.
    pub language: String,
    /// Complete or extract.
    pub status: Status,
    /// Announced duration, in minutes.
    pub duration_minutes: u32,
    /// Declared off-screen activities, in minutes, included in the duration.
    pub activity_minutes: u32,
    /// 1 to 8 objectives.
    pub objectives: Vec<String>,
    /// Recommendations of Senate report n° 447 that the module answers, 1 to 11.
    pub recommendations: Vec<u8>,
    /// 1 to 6 slugs.
    pub themes: Vec<String>,
    /// FORMACODE of what is taught, the main one first: up to 5, of 5 digits each.
    #[serde(default)]
    pub formacodes: Vec<String>,
    /// NSF specialities (decree n° 94-522), up to 3, of 3 digits each.
    #[serde(default)]
    pub nsf: Vec<String>,
    /// SPDX identifier of the content's licence.
    pub licence: String,
    /// Accessibility statement.
    pub accessibility: String,
    /// E-mail address of who answers.
    pub contact: String,
    /// Date on which the sources were read.
    pub verified_on: NaiveDate,
    /// Last day on which the module is taken to be up to date.
    pub review_by: NaiveDate,
    /// `none`, or the body that reviewed the law.
    pub legal_review: String,
    /// Share of points needed to pass, in percent.
    pub pass_mark_percent: u8,
    /// Most attempts at the quiz; `None` is no limit.
    pub attempt_limit: Option<u32>,
    /// Minutes between the end of an attempt and the beginning of the next; `None` is no pause.
    #[serde(default)]
    pub attempt_pause_minutes: Option<u32>,
    /// Minutes that an attempt may last; `None` is as long as one likes.
    #[serde(default)]
    pub attempt_time_minutes: Option<u32>,
    /// How long a completion holds; `None` is for ever.
    pub validity: Option<CalendarDuration>,
    /// Modules that come before this one.
    pub prerequisites: Vec<Prerequisite>,
    /// References cited.
    pub references: Vec<Reference>,
}

/// Pass mark when the manifest says none, in percent.
pub const DEFAULT_PASS_MARK_PERCENT: u8 = 80;

/// What `legal_review` says of a module that no jurist has read.
pub const NO_LEGAL_REVIEW: &str = "none";

/// Whether the module should have been reviewed by now: `today` is after `review_by`.
///
/// Today is the caller's: this room never asks the clock.
#[must_use]
pub fn overdue(manifest: &Manifest, today: NaiveDate) -> bool {
    today > manifest.review_by
}
