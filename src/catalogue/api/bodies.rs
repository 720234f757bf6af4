//! What list answers are made of.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::{Enum, Object};
use sea_orm::ActiveEnum as _;

use super::found::Shown;
use crate::catalogue::Edition;
use crate::catalogue::model::module_version;
use crate::catalogue::search::Highlights;
use crate::content::{self, Level};

/// For whom a module is written.
#[derive(Clone, Copy, Enum)]
#[oai(rename = "Audience", rename_all = "snake_case")]
pub(super) enum AudienceParam {
    /// Local elected officials.
    Elu,
    /// Territorial agents.
    Agent,
    /// Managing agents.
    Cadre,
}

impl From<AudienceParam> for content::Audience {
    fn from(value: AudienceParam) -> Self {
        match value {
            AudienceParam::Elu => Self::Elu,
            AudienceParam::Agent => Self::Agent,
            AudienceParam::Cadre => Self::Cadre,
        }
    }
}

/// What a module claims to be.
#[derive(Clone, Copy, Enum)]
#[oai(rename = "Level", rename_all = "snake_case")]
pub(super) enum LevelParam {
    /// *Sensibilisation*.
    Awareness,
    /// *Formation*.
    Training,
}

impl From<LevelParam> for Level {
    fn from(value: LevelParam) -> Self {
        match value {
            LevelParam::Awareness => Self::Awareness,
            LevelParam::Training => Self::Training,
        }
    }
}

/// The French term of a level.
pub(super) fn label(level: Level) -> String {
    match level {
        Level::Awareness => "sensibilisation",
        Level::Training => "formation",
    }
    .to_owned()
}

/// Who provides a module.
#[derive(Object)]
#[oai(rename = "ModuleProvider")]
pub(super) struct Provider {
    /// Organisation reference.
    #[oai(rename = "ref")]
    reference: String,
    /// Name.
    name: String,
}

impl Provider {
    /// A provider as a manifest refers to it, and its name.
    pub(super) fn new(reference: String, name: String) -> Self {
        Self { reference, name }
    }
}

impl From<&Edition> for Provider {
    fn from(edition: &Edition) -> Self {
        let reference = edition.content.manifest.provider.clone();
        Self { reference, name: edition.provider.name.clone() }
    }
}

/// A module in the catalogue.
#[derive(Object)]
#[oai(rename = "ModuleItem")]
pub(super) struct Item {
    /// Its code, global and immutable.
    code: String,
    /// Title.
    title: String,
    /// What it is about.
    summary: String,
    /// `awareness` or `training`.
    level: String,
    /// The French term: `sensibilisation` or `formation`.
    level_label: String,
    /// For whom: `elu`, `agent`, `cadre`.
    audiences: Vec<String>,
    /// Recommendations of Senate report n° 447 that it answers.
    recommendations: Vec<u8>,
    /// Themes.
    themes: Vec<String>,
    /// Language (two letters).
    language: String,
    /// Announced duration, in minutes.
    duration_minutes: u32,
    /// Who provides it.
    provider: Provider,
    /// Number of the version published now.
    version: i32,
    /// `complete`, or `extract` for a part of the module.
    status: String,
    /// Who reviewed the law in it; `none` when nobody has.
    legal_review: String,
    /// Last day on which it is taken to be up to date.
    review_by: NaiveDate,
    /// When the version published now was.
    published_at: DateTime<Utc>,
    /// Where it says what was looked for, in a search with words.
    #[oai(skip_serializing_if_is_none)]
    highlights: Option<Shown>,
}

impl From<&Edition> for Item {
    fn from(edition: &Edition) -> Self {
        let manifest = &edition.content.manifest;
        Self {
            code: manifest.code.to_string(),
            level: manifest.level.to_string(),
            level_label: label(manifest.level),
            audiences: manifest.audiences.iter().map(ToString::to_string).collect(),
            provider: edition.into(),
            version: edition.version.number,
            status: manifest.status.to_string(),
            title: manifest.title.clone(),
            summary: manifest.summary.clone(),
            recommendations: manifest.recommendations.clone(),
            themes: manifest.themes.clone(),
            language: manifest.language.clone(),
            duration_minutes: manifest.duration_minutes,
            legal_review: manifest.legal_review.clone(),
            review_by: manifest.review_by,
            published_at: edition.version.published_at,
            highlights: None,
        }
    }
}

impl Item {
    /// A module that was searched for, with where it says what was.
    pub(super) fn found(edition: &Edition, highlights: Option<Highlights>) -> Self {
        Self { highlights: highlights.map(Into::into), ..edition.into() }
    }
}

/// A version of a module.
#[derive(Object)]
#[oai(rename = "ModuleVersion")]
pub(super) struct Version {
    /// Its number, from 1.
    number: i32,
    /// Its title.
    title: String,
    /// `complete` or `extract`.
    status: String,
    /// When it was published.
    published_at: DateTime<Utc>,
    /// What it changes: `first`, `editorial`, `substantive` or `legal`.
    change: String,
    /// A word about the change.
    #[oai(skip_serializing_if_is_none)]
    note: Option<String>,
    /// SHA-256 of its file tree, as `content/README.md` defines it.
    digest: String,
    /// `current`; `superseded` by a later one; or `retired`: the last of a module that has left the
    /// catalogue.
    state: String,
}

impl Version {
    /// A version of a module whose last one has the number `last`.
    pub(super) fn of(row: module_version::Model, last: i32, retired: bool) -> Self {
        let state = match (row.number == last, retired) {
            (false, _) => "superseded",
            (true, false) => "current",
            (true, true) => "retired",
        };
        Self {
            state: state.to_owned(),
            number: row.number,
            title: row.title,
            status: row.status,
            published_at: row.published_at,
            change: row.change_kind.to_value(),
            note: row.change_note,
            digest: row.tree_digest,
        }
    }
}

/// The versions of a module.
#[derive(Object)]
#[oai(rename = "ModuleVersions")]
pub(super) struct Versions {
    /// Versions, latest first.
    pub(super) items: Vec<Version>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}
