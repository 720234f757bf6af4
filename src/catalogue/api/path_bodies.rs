//! What answers about paths are made of.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use sea_orm::ActiveEnum as _;

use super::bodies::Provider;
use crate::catalogue::Catalogue;
use crate::catalogue::model::path_version;
use crate::catalogue::paths::PathEdition;
use crate::content::{Minutes, ModuleCode, PathStep, Prerequisite};

/// A duration in minutes: a range where there is a choice between modules.
#[derive(Object)]
#[oai(rename = "PathMinutes")]
pub(crate) struct MinutesShown {
    /// With the shortest module of each choice.
    min: u32,
    /// With the longest.
    max: u32,
}

impl From<Minutes> for MinutesShown {
    fn from(minutes: Minutes) -> Self {
        Self { min: minutes.least, max: minutes.most }
    }
}

/// A module of a path.
#[derive(Object)]
#[oai(rename = "PathModule")]
struct ModuleOfPath {
    /// Its code.
    code: String,
    /// Whether it is published today; the rest is absent when it is not.
    published: bool,
    /// Its title, as published now.
    #[oai(skip_serializing_if_is_none)]
    title: Option<String>,
    /// Its announced duration.
    #[oai(skip_serializing_if_is_none)]
    minutes: Option<u32>,
}

/// A step of a path.
#[derive(Object)]
#[oai(rename = "PathStep")]
struct Step {
    /// Whether the path is complete without it.
    optional: bool,
    /// The modules, any of which will do; a single one most of the time.
    any_of: Vec<ModuleOfPath>,
}

/// What comes before a path.
#[derive(Object)]
#[oai(rename = "PathPrerequisite")]
struct Asked {
    /// The codes of the modules, any of which will do.
    any_of: Vec<String>,
    /// `advised`, or `required`: asked of whoever enrols.
    kind: String,
}

/// A learning path, in one version.
#[derive(Object)]
#[oai(rename = "Path")]
pub(super) struct Shown {
    /// Its code, global and immutable.
    code: String,
    /// Number of the version; between double quotes, the `If-Match` of the next one.
    version: i32,
    /// When the version was published.
    published_at: DateTime<Utc>,
    /// What the version changes: `first`, `editorial`, `substantive` or `legal`.
    change: String,
    /// A word about the change.
    #[oai(skip_serializing_if_is_none)]
    note: Option<String>,
    /// Title.
    title: String,
    /// What it is about.
    summary: String,
    /// Who provides it.
    provider: Provider,
    /// For whom: `elu`, `agent`, `cadre`.
    audiences: Vec<String>,
    /// What its reader can do afterwards.
    outcomes: Vec<String>,
    /// `ordered`: one step after the other; `free`: as the reader likes.
    order: String,
    /// What comes before the path.
    prerequisites: Vec<Asked>,
    /// Its steps, in the order written.
    steps: Vec<Step>,
    /// How long the mandatory steps take, by the modules published today.
    total_minutes: MinutesShown,
    /// How long the optional steps take, likewise.
    optional_minutes: MinutesShown,
}

/// The announced minutes of the modules that are published.
pub(crate) fn announced(catalogue: &Catalogue) -> impl Fn(&ModuleCode) -> Option<u32> {
    |code| catalogue.get(code).map(|edition| edition.content.manifest.duration_minutes)
}

impl Shown {
    /// Describes a version of a path beside what is published.
    pub(super) fn of(path: &PathEdition, catalogue: &Catalogue) -> Self {
        let (content, version) = (path.content.clone(), &path.version);
        let minutes = catalogue.minutes_of(&content);
        Self {
            code: content.code,
            version: version.number,
            published_at: version.published_at,
            change: version.change_kind.to_value(),
            note: version.change_note.clone(),
            title: content.title,
            summary: content.summary,
            provider: Provider::new(content.provider, path.provider.name.clone()),
            audiences: content.audiences.iter().map(ToString::to_string).collect(),
            outcomes: content.outcomes,
            order: content.order.to_string(),
            prerequisites: content.prerequisites.iter().map(Asked::from).collect(),
            steps: content.steps.iter().map(|step| Step::of(step, catalogue)).collect(),
            total_minutes: minutes.required.into(),
            optional_minutes: minutes.optional.into(),
        }
    }
}

impl Step {
    fn of(step: &PathStep, catalogue: &Catalogue) -> Self {
        let module = |code: &ModuleCode| {
            let manifest = catalogue.get(code).map(|edition| &edition.content.manifest);
            ModuleOfPath {
                code: code.to_string(),
                published: manifest.is_some(),
                title: manifest.map(|manifest| manifest.title.clone()),
                minutes: manifest.map(|manifest| manifest.duration_minutes),
            }
        };
        Self { optional: step.optional, any_of: step.any_of.iter().map(module).collect() }
    }
}

impl From<&Prerequisite> for Asked {
    fn from(asked: &Prerequisite) -> Self {
        let any_of = asked.any_of.iter().map(ToString::to_string).collect();
        Self { any_of, kind: asked.kind.to_string() }
    }
}

/// A page of paths.
#[derive(Object)]
#[oai(rename = "PathPage")]
pub(super) struct Items {
    /// Paths, in the order of their codes.
    pub(super) items: Vec<Shown>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}

/// A version of a path.
#[derive(Object)]
#[oai(rename = "PathVersion")]
pub(super) struct Version {
    /// Its number, from 1.
    number: i32,
    /// Its title.
    title: String,
    /// When it was published.
    published_at: DateTime<Utc>,
    /// What it changes: `first`, `editorial`, `substantive` or `legal`.
    change: String,
    /// A word about the change.
    #[oai(skip_serializing_if_is_none)]
    note: Option<String>,
    /// SHA-256 of what it says.
    digest: String,
}

impl From<path_version::Model> for Version {
    fn from(row: path_version::Model) -> Self {
        Self {
            number: row.number,
            title: row.title,
            published_at: row.published_at,
            change: row.change_kind.to_value(),
            note: row.change_note,
            digest: row.digest,
        }
    }
}

/// The versions of a path.
#[derive(Object)]
#[oai(rename = "PathVersions")]
pub(super) struct Versions {
    /// Versions, latest first.
    pub(super) items: Vec<Version>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}
