//! What answers about one's paths are made of.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use uuid::Uuid;

use crate::catalogue::Catalogue;
use crate::catalogue::api::path_bodies::{MinutesShown, announced};
use crate::content::{ModuleCode, PathStep};
use crate::enrolments::paths::Standing;
use crate::enrolments::paths::progress::{StepProgress, left};

/// A module of a path that somebody follows.
#[derive(Object)]
struct FollowedModule {
    /// Its code.
    code: String,
    /// Its title as published now; absent when it is not published any more.
    #[oai(skip_serializing_if_is_none)]
    title: Option<String>,
    /// Its announced duration, likewise.
    #[oai(skip_serializing_if_is_none)]
    minutes: Option<u32>,
    /// `not_started`, `in_progress` or `completed`, in whatever version, through the path or not.
    state: String,
    /// The person's latest enrolment in it.
    #[oai(skip_serializing_if_is_none)]
    enrolment_id: Option<Uuid>,
}

/// A step of a path that somebody follows.
#[derive(Object)]
struct FollowedStep {
    /// Whether the path is complete without it.
    optional: bool,
    /// That of its most advanced module.
    state: String,
    /// Whether it may be begun: in an ordered path, what is mandatory before it is completed.
    open: bool,
    /// The modules, any of which will do.
    any_of: Vec<FollowedModule>,
}

/// An enrolment in a path and its progress.
#[derive(Object)]
pub(super) struct PathEnrolment {
    /// Identifier.
    id: Uuid,
    /// Code of the path.
    path: String,
    /// Title of the path, in the version begun.
    title: String,
    /// The version begun, which stays.
    version: i32,
    /// The version published now; absent when the path is not listed any more.
    #[oai(skip_serializing_if_is_none)]
    latest_version: Option<i32>,
    /// `ordered` or `free`.
    order: String,
    /// `enrolled`, `in_progress`, `completed` or `withdrawn`.
    state: String,
    /// Mandatory steps completed among all of them, in whole percent, rounded down.
    percent: u8,
    /// When the person enrolled in the path.
    enrolled_at: DateTime<Utc>,
    /// When the path was completed.
    #[oai(skip_serializing_if_is_none)]
    completed_at: Option<DateTime<Utc>>,
    /// The steps, in the order written.
    steps: Vec<FollowedStep>,
    /// Codes of the modules of the next mandatory step, any of which will do; none when nothing is
    /// left that must be done.
    next: Vec<String>,
    /// How long the mandatory steps that are left take, each counted whole.
    minutes_left: MinutesShown,
    /// How long the optional steps that are left take, likewise.
    optional_minutes_left: MinutesShown,
}

/// A page of enrolments in paths.
#[derive(Object)]
pub(super) struct PathEnrolments {
    /// Enrolments, latest first.
    pub(super) items: Vec<PathEnrolment>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}

impl PathEnrolment {
    /// Describes where somebody stands, beside what is published.
    pub(super) fn of(standing: &Standing, catalogue: &Catalogue) -> Self {
        let Standing { row, edition, status, progress, .. } = standing;
        let content = &edition.content;
        let left = left(content, announced(catalogue), |code| standing.member(code).state);
        let next = progress.next.and_then(|next| content.steps.get(next));
        let steps = content.steps.iter().zip(&progress.steps);
        Self {
            id: row.id,
            path: edition.path.code.clone(),
            title: edition.version.title.clone(),
            version: edition.version.number,
            latest_version: catalogue.path(&edition.path.code).map(|path| path.version.number),
            order: content.order.to_string(),
            state: standing.state().word().to_owned(),
            percent: progress.percent,
            enrolled_at: row.enrolled_at,
            completed_at: status.completed_at,
            steps: steps
                .map(|(step, at)| FollowedStep::of(step, *at, standing, catalogue))
                .collect(),
            next: next.map(|step| codes(&step.any_of)).unwrap_or_default(),
            minutes_left: left.required.into(),
            optional_minutes_left: left.optional.into(),
        }
    }
}

fn codes(modules: &[ModuleCode]) -> Vec<String> {
    modules.iter().map(ToString::to_string).collect()
}

impl FollowedStep {
    fn of(step: &PathStep, at: StepProgress, standing: &Standing, catalogue: &Catalogue) -> Self {
        let module = |code: &ModuleCode| {
            let manifest = catalogue.get(code).map(|edition| &edition.content.manifest);
            let member = standing.member(code);
            FollowedModule {
                code: code.to_string(),
                title: manifest.map(|manifest| manifest.title.clone()),
                minutes: manifest.map(|manifest| manifest.duration_minutes),
                state: member.state.word().to_owned(),
                enrolment_id: member.enrolment_id,
            }
        };
        let any_of = step.any_of.iter().map(module).collect();
        Self { optional: step.optional, state: at.state.word().to_owned(), open: at.open, any_of }
    }
}
