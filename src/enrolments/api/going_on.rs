//! What goes on in enrolments: where to resume, the time spent, and the version that is published since.

use std::collections::HashMap;

use poem_openapi::Object;
use sea_orm::{ActiveEnum as _, ColumnTrait as _, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::app::App;
use crate::catalogue::Edition;
use crate::catalogue::model::{ChangeKind, module_version};
use crate::content::Module;
use crate::error::Result;
use crate::learning::{presence, resume};
use crate::records::{State, Status};

/// Where to go on.
#[derive(Object)]
pub(super) struct Resume {
    /// `lesson`, `attempt` (one is open) or `quiz`.
    kind: String,
    /// Slug of the first lesson that was not read.
    #[oai(skip_serializing_if_is_none)]
    lesson: Option<String>,
    /// The attempt that is open.
    #[oai(skip_serializing_if_is_none)]
    attempt: Option<Uuid>,
}

impl From<resume::Resume> for Resume {
    fn from(place: resume::Resume) -> Self {
        let (kind, lesson, attempt) = match place {
            resume::Resume::Attempt(id) => ("attempt", None, Some(id)),
            resume::Resume::Lesson(slug) => ("lesson", Some(slug), None),
            resume::Resume::Quiz => ("quiz", None, None),
        };
        Self { kind: kind.to_owned(), lesson, attempt }
    }
}

/// A version published since: one may finish the one begun, or move.
#[derive(Object)]
pub(super) struct NewerVersion {
    /// Its number.
    number: i32,
    /// The strongest change since the version begun: `editorial`, `substantive` or `legal`.
    change: String,
}

/// What goes on in some enrolments; nothing in one that was opened a moment ago.
#[derive(Debug, Default)]
pub(crate) struct GoingOn {
    minutes: HashMap<Uuid, u32>,
    open: HashMap<Uuid, Uuid>,
    newer: HashMap<Uuid, (i32, ChangeKind)>,
}

impl GoingOn {
    /// As many statements, however many enrolments.
    pub(crate) async fn of<'e>(
        app: &App,
        enrolled: impl IntoIterator<Item = (Uuid, &'e Edition)>,
    ) -> Result<Self> {
        let conn = app.db.read();
        let enrolled: HashMap<Uuid, &Edition> = enrolled.into_iter().collect();
        let ids: Vec<Uuid> = enrolled.keys().copied().collect();
        let minutes = presence::minutes(conn, &ids).await?;
        let open = resume::open_attempts(conn, &ids).await?;
        Ok(Self { minutes, open, newer: newer(app, &enrolled).await? })
    }

    /// The version published since, of an enrolment that is open.
    pub(super) fn newer(&self, id: Uuid, status: &Status) -> Option<NewerVersion> {
        let (number, change) = self.since(id, status)?;
        Some(NewerVersion { number, change: change.to_value() })
    }

    /// The number of the version published since, and the strongest change, of an enrolment that is open.
    pub(crate) fn since(&self, id: Uuid, status: &Status) -> Option<(i32, ChangeKind)> {
        if matches!(status.state, State::Completed | State::Withdrawn) {
            return None;
        }
        self.newer.get(&id).copied()
    }

    /// Whole minutes spent on the lessons of an enrolment.
    pub(crate) fn spent_minutes(&self, enrolment_id: Uuid) -> u32 {
        self.minutes.get(&enrolment_id).copied().unwrap_or(0)
    }

    /// Where to go on in an enrolment.
    pub(super) fn resume(&self, id: Uuid, content: &Module, status: &Status) -> Option<Resume> {
        self.place(id, content, status).map(Resume::from)
    }

    /// The same, as a value.
    pub(crate) fn place(
        &self,
        id: Uuid,
        content: &Module,
        status: &Status,
    ) -> Option<resume::Resume> {
        resume::resume(content, status, self.open.get(&id).copied())
    }
}

/// The latest version, and the strongest change since the one begun, of each enrolment in a version that
/// was superseded; one statement, if there is any.
async fn newer(
    app: &App,
    enrolled: &HashMap<Uuid, &Edition>,
) -> Result<HashMap<Uuid, (i32, ChangeKind)>> {
    let catalogue = app.shelf.current(app.db.read()).await?;
    let latest = |edition: &Edition| {
        let number = catalogue.get(edition.code())?.version.number;
        (number > edition.version.number).then_some(number)
    };
    let behind: Vec<(Uuid, &Edition, i32)> = enrolled
        .iter()
        .filter_map(|(id, edition)| Some((*id, *edition, latest(edition)?)))
        .collect();
    if behind.is_empty() {
        return Ok(HashMap::new());
    }
    let modules = behind.iter().map(|(_, edition, _)| edition.module.id);
    let versions = module_version::Entity::find()
        .filter(module_version::Column::ModuleId.is_in(modules))
        .all(app.db.read())
        .await?;
    let strongest = |edition: &Edition, latest: i32| {
        let since = edition.version.number + 1..=latest;
        let since = versions
            .iter()
            .filter(|v| v.module_id == edition.module.id && since.contains(&v.number));
        since.map(|v| v.change_kind).max()
    };
    let told = behind
        .iter()
        .filter_map(|(id, edition, latest)| Some((*id, (*latest, strongest(edition, *latest)?))));
    Ok(told.collect())
}
