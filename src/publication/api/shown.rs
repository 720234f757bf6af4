//! What answers about publications are made of.

use chrono::{DateTime, Utc};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object};
use sea_orm::ActiveEnum as _;
use uuid::Uuid;

use crate::catalogue::model::module_retirement;
use crate::content::Difference;
use crate::publication::Differences;
use crate::publication::checklist::Check;
use crate::publication::model::scheduled_publication;
use crate::publication::preview::{Change, Persons, Preview};

/// A number of persons, withheld when statistical secrecy asks for it.
#[derive(Object)]
pub struct PersonsTold {
    /// How many; absent when withheld.
    #[oai(skip_serializing_if_is_none)]
    count: Option<u64>,
    /// Whether the number is withheld for statistical secrecy: fewer persons than this installation's
    /// threshold (5 at least), none included.
    suppressed: bool,
}

impl From<Persons> for PersonsTold {
    fn from(persons: Persons) -> Self {
        match persons {
            Persons::TooFew => Self { count: None, suppressed: true },
            Persons::Count(count) => Self { count: Some(count), suppressed: false },
        }
    }
}

/// One line of the checklist.
#[derive(Object)]
struct CheckLine {
    /// A stable code.
    code: String,
    /// Whether it holds.
    holds: bool,
    /// Whether it stops the publication when it does not hold. A line of a regime stops only a provider
    /// that is declared under it; for the others it is advice.
    blocks: bool,
    /// The regime that asks for it: `qualiopi`, `distance` or `lheo`; absent when everybody is asked.
    #[oai(skip_serializing_if_is_none)]
    regime: Option<String>,
    /// What is asked, in French.
    label: String,
    /// The same in English.
    label_en: String,
    /// What to do about it, in French, when it does not hold.
    #[oai(skip_serializing_if_is_none)]
    remedy: Option<String>,
    /// The same in English.
    #[oai(skip_serializing_if_is_none)]
    remedy_en: Option<String>,
    /// What is at fault in this case, such as the codes of modules.
    #[oai(skip_serializing_if_is_none)]
    found: Option<String>,
}

impl From<Check> for CheckLine {
    fn from(check: Check) -> Self {
        let remedy = |text: &str| (!check.holds).then(|| text.to_owned());
        Self {
            code: check.code.to_owned(),
            holds: check.holds,
            blocks: check.blocks,
            regime: check.regime.map(|regime| regime.to_value()),
            label: check.asks.0.to_owned(),
            label_en: check.asks.1.to_owned(),
            remedy: remedy(check.remedy.0),
            remedy_en: remedy(check.remedy.1),
            found: check.found,
        }
    }
}

/// One place where the draft differs from the published version.
#[derive(Object)]
struct PlaceDiffering {
    /// Where, from the whole to the part, in French: a field of the manifest, a lesson, a question.
    place: Vec<String>,
    /// What stands there now, at most 2,000 characters; absent when it is added.
    #[oai(skip_serializing_if_is_none)]
    before: Option<String>,
    /// What would stand there; absent when it is taken out.
    #[oai(skip_serializing_if_is_none)]
    after: Option<String>,
}

impl From<Difference> for PlaceDiffering {
    fn from(Difference { place, before, after }: Difference) -> Self {
        Self { place, before, after }
    }
}

/// What the draft changes in the version published now.
#[derive(Object)]
struct DifferencesOut {
    /// How many places differ.
    total: usize,
    /// The first 200 of them, in the order of reading.
    items: Vec<PlaceDiffering>,
    /// Whether a place or the end of a text is left out.
    cut: bool,
}

impl From<Differences> for DifferencesOut {
    fn from(differences: Differences) -> Self {
        let items = differences.told.into_iter().map(Into::into).collect();
        Self { total: differences.total, items, cut: differences.cut }
    }
}

/// What publishing would do.
#[derive(Object)]
pub(super) struct PreviewOut {
    /// To be quoted when publishing.
    digest: String,
    /// Number of the version published now.
    #[oai(skip_serializing_if_is_none)]
    current_version: Option<i32>,
    /// Number of the version to come.
    next_version: i32,
    /// Persons under way on earlier versions: they stay on theirs.
    in_progress: PersonsTold,
    /// Persons who have completed the module: they keep what they have.
    completed: PersonsTold,
    /// Persons who would owe the new version; absent unless the law has changed.
    #[oai(skip_serializing_if_is_none)]
    would_owe: Option<PersonsTold>,
    /// Months that they would have.
    #[oai(skip_serializing_if_is_none)]
    due_in_months: Option<u32>,
    /// Whether every line of the checklist that blocks holds.
    publishable: bool,
    /// The checklist.
    checklist: Vec<CheckLine>,
    /// What changes; absent when nothing is published yet, or the draft cannot be read.
    #[oai(skip_serializing_if_is_none)]
    differences: Option<DifferencesOut>,
}

impl PreviewOut {
    pub(super) fn of(preview: Preview, change: Change, differences: Option<Differences>) -> Self {
        Self {
            digest: preview.digest,
            current_version: preview.current,
            next_version: preview.next,
            in_progress: preview.in_progress.into(),
            completed: preview.completed.into(),
            would_owe: preview.would_owe.map(Into::into),
            due_in_months: change.due_in_months,
            publishable: !preview.checks.iter().any(Check::stops),
            checklist: preview.checks.into_iter().map(Into::into).collect(),
            differences: differences.map(Into::into),
        }
    }
}

/// A version just published.
#[derive(Object)]
pub(super) struct PublishedOut {
    /// The module's code.
    pub(super) code: String,
    /// Number of the version.
    pub(super) version: i32,
    /// SHA-256 of its file tree.
    pub(super) digest: String,
}

/// A publication to come, or what became of it.
#[derive(Object)]
pub(super) struct Scheduled {
    /// Identifier.
    id: Uuid,
    /// `scheduled`, `published`, `failed` (the checklist did not hold any more) or `cancelled`.
    state: String,
    /// When it is to happen.
    at: DateTime<Utc>,
    /// What the version changes.
    change: String,
    /// Months given to those who completed an earlier version.
    #[oai(skip_serializing_if_is_none)]
    due_in_months: Option<i32>,
    /// A word to readers about the change.
    #[oai(skip_serializing_if_is_none)]
    note: Option<String>,
    /// SHA-256 of the file tree to be published.
    digest: String,
    /// When it was scheduled.
    scheduled_at: DateTime<Utc>,
    /// When it was published, failed or was cancelled.
    #[oai(skip_serializing_if_is_none)]
    settled_at: Option<DateTime<Utc>>,
    /// Codes of the lines that did not hold.
    failed_checks: Vec<String>,
}

impl From<scheduled_publication::Model> for Scheduled {
    fn from(row: scheduled_publication::Model) -> Self {
        let failed = row.failed_checks.unwrap_or_default();
        Self {
            id: row.id,
            state: row.state.to_value(),
            at: row.at,
            change: row.change_kind.to_value(),
            due_in_months: row.due_in_months,
            note: row.note,
            digest: row.tree_digest,
            scheduled_at: row.scheduled_at,
            settled_at: row.settled_at,
            failed_checks: failed.split_whitespace().map(str::to_owned).collect(),
        }
    }
}

/// What was scheduled of a draft.
#[derive(Object)]
pub(super) struct Schedules {
    /// Latest first, at most 200.
    pub(super) items: Vec<Scheduled>,
}

#[derive(ApiResponse)]
pub(super) enum Published {
    /// Published.
    #[oai(status = 201)]
    New(
        Json<PublishedOut>,
        /// The version.
        #[oai(header = "Location")]
        String,
    ),
    /// To be published at the instant asked for.
    #[oai(status = 202)]
    Later(Json<Scheduled>),
}

#[derive(ApiResponse)]
pub(super) enum Cancelled {
    /// Nothing is scheduled.
    #[oai(status = 204)]
    Done,
}

/// A module that has left the catalogue.
#[derive(Object)]
pub(super) struct RetiredOut {
    /// The module's code.
    code: String,
    /// Number of its last version.
    after_version: i32,
    /// Why.
    reason: String,
    /// When.
    retired_at: DateTime<Utc>,
}

impl RetiredOut {
    pub(super) fn of(code: String, row: module_retirement::Model) -> Self {
        let (reason, retired_at) = (row.reason, row.retired_at);
        Self { code, after_version: row.after_number, reason, retired_at }
    }
}
