//! Enrolling, following, withdrawing.

mod by_others;
pub(crate) mod going_on;
mod path_bodies;
mod paths;
pub(crate) mod withdrawal;

pub use paths::PathEnrolmentsApi;

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use by_others::{ByOthers, EnrolledFor};
use going_on::{GoingOn, NewerVersion, Resume};
use withdrawal::Withdrawal;

use super::model::enrolment;
use super::{Wish, find};
use crate::accounts::Principal;
use crate::app::App;
use crate::catalogue::{self, Edition};
use crate::content::ModuleCode;
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::records::{self, Status};

/// Enrolments.
pub struct EnrolmentsApi {
    /// The application.
    pub app: App,
}

/// What a learner asks for.
#[derive(Object, Default)]
#[oai(deny_unknown_fields, example)]
struct EnrolmentWish {
    /// The civil date by which to complete, in the organisation's time zone; none if absent.
    #[oai(default)]
    due_on: Option<NaiveDate>,
}

impl Example for EnrolmentWish {
    fn example() -> Self {
        Self { due_on: NaiveDate::from_ymd_opt(2027, 3, 31) }
    }
}

/// An enrolment and its progress.
#[derive(Object)]
struct Enrolment {
    /// Identifier.
    id: Uuid,
    /// Code of the module.
    module: String,
    /// Title of the module, in the version started.
    title: String,
    /// The version started, which stays.
    version: i32,
    /// `enrolled`, `in_progress`, `completed` or `withdrawn`.
    state: String,
    /// The civil date by which to complete.
    #[oai(skip_serializing_if_is_none)]
    due_on: Option<NaiveDate>,
    /// The time zone of that date.
    time_zone: String,
    /// When the person enrolled.
    enrolled_at: DateTime<Utc>,
    /// Who enrolled the person, when it was their employer or its CDG, or invited them to.
    #[oai(skip_serializing_if_is_none)]
    enrolled_for: Option<EnrolledFor>,
    /// When the module was completed.
    #[oai(skip_serializing_if_is_none)]
    completed_at: Option<DateTime<Utc>>,
    /// Whether what the learner had learnt before was recognised as the module: it was not followed, and
    /// is not attested.
    recognised: bool,
    /// The lessons, in order.
    lessons: Vec<LessonProgress>,
    /// Questions that an attempt at the quiz asks, one more or less when it draws scenarios; 0 for
    /// no quiz.
    questions: u32,
    /// Attempts submitted.
    attempts: usize,
    /// Best result, in whole percent.
    #[oai(skip_serializing_if_is_none)]
    best_percent: Option<u32>,
    /// Percent of right answers that passes.
    pass_mark_percent: i32,
    /// Where to go on; absent once completed or left.
    #[oai(skip_serializing_if_is_none)]
    resume: Option<Resume>,
    /// Whole minutes that were measured on its lessons; nothing depends on them.
    spent_minutes: u32,
    /// The version published since, when there is one: one may move to it, or finish this one.
    #[oai(skip_serializing_if_is_none)]
    newer_version: Option<NewerVersion>,
}

/// A lesson and whether it was read.
#[derive(Object)]
struct LessonProgress {
    /// Its slug.
    slug: String,
    /// Its title.
    title: String,
    /// Whether it was read.
    done: bool,
}

/// A page of enrolments.
#[derive(Object)]
struct Enrolments {
    /// Enrolments, latest first.
    items: Vec<Enrolment>,
    /// Cursor of the next page.
    next: Option<String>,
}

#[derive(ApiResponse)]
enum Enrolled {
    /// Enrolled now.
    #[oai(status = 201)]
    Created(Json<Enrolment>, #[oai(header = "Location")] String),
    /// Already enrolled.
    #[oai(status = 200)]
    Already(Json<Enrolment>, #[oai(header = "Location")] String),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Enrolments")]
impl EnrolmentsApi {
    /// Enrol in a module; asking twice answers the same enrolment
    #[oai(path = "/modules/:code/enrolments", method = "post", operation_id = "enrol")]
    async fn enrol(
        &self,
        who: SignedIn,
        /// Code of the module.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        body: Json<EnrolmentWish>,
    ) -> Result<Enrolled, Problem> {
        let code = ModuleCode::parse(&code.0).map_err(|_| Reason::NotFound)?;
        let wish = Wish { due_on: body.due_on, through: None };
        Ok(enrol_in(&self.app, &who, &code, wish).await?)
    }

    /// My enrolments, latest first
    #[oai(path = "/me/enrolments", method = "get", operation_id = "my_enrolments")]
    async fn mine(
        &self,
        who: SignedIn,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Enrolments>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let rows = find::list(self.app.db.read(), &who, page.limit, page.before()?).await?;
        let next = page.next(&rows, |row| row.id);
        Ok(Json(Enrolments { items: self.with_progress(rows).await?, next }))
    }

    /// One of my enrolments
    #[oai(path = "/enrolments/:id", method = "get", operation_id = "get_enrolment")]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Enrolment>, Problem> {
        let row = find::own(self.app.db.read(), &who, id.0).await?;
        Ok(Json(self.shown(row).await?))
    }

    /// Withdraw, with a reason that is kept
    #[oai(path = "/enrolments/:id/withdraw", method = "post", operation_id = "withdraw")]
    async fn withdraw(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<Withdrawal>,
    ) -> Result<Json<Enrolment>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let row = find::own_locked(&tx, &who, id.0).await?;
        let now = self.app.clock.now();
        super::withdraw(&tx, &who, &row, body.reason.word(), now).await?;
        tx.commit().await?;
        Ok(Json(self.shown(row).await?))
    }
}

/// Enrols somebody in a module as published now; committed.
pub(crate) async fn begin(
    app: &App,
    who: &Principal,
    code: &ModuleCode,
    wish: Wish,
) -> Result<super::Enrolled> {
    let conn = app.db.read();
    let (edition, retired) = catalogue::find::last_by_code(&app.shelf, conn, code).await?;
    let now = app.clock.now();
    let applied = match retired {
        false => super::apply(conn, who, &edition, wish, now).await,
        true => Err(Reason::ModuleRetired.into()),
    };
    let tx = app.db.begin_write().await?;
    let enrolled = super::enrol(&tx, who, &edition, applied, now).await?;
    tx.commit().await?;
    Ok(enrolled)
}

/// The same, and what it answers.
async fn enrol_in(app: &App, who: &Principal, code: &ModuleCode, wish: Wish) -> Result<Enrolled> {
    let super::Enrolled { row, facts, new } = begin(app, who, code, wish).await?;
    let (conn, now) = (app.db.read(), app.clock.now());
    let edition = app.shelf.edition(conn, row.version_id).await?;
    let location = format!("/api/v1/enrolments/{}", row.id);
    let going_on = match new {
        true => GoingOn::default(),
        false => GoingOn::of(app, [(row.id, &*edition)]).await?,
    };
    let others = ByOthers::of(conn, &facts).await?;
    let status = records::status(&facts, now);
    let shown = Json(shown(row, &edition, (status, others.told(&facts)), &going_on));
    Ok(if new { Enrolled::Created(shown, location) } else { Enrolled::Already(shown, location) })
}

impl EnrolmentsApi {
    async fn shown(&self, row: enrolment::Model) -> Result<Enrolment> {
        let shown = self.with_progress(vec![row]).await?;
        shown.into_iter().next().ok_or_else(|| Reason::Internal.into())
    }

    /// Rows with their progress: as many statements, however many rows.
    async fn with_progress(&self, rows: Vec<enrolment::Model>) -> Result<Vec<Enrolment>> {
        let conn = self.app.db.read();
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let facts = records::read::by_enrolment(conn, &ids).await?;
        let versions = rows.iter().map(|row| row.version_id);
        let editions = self.app.shelf.editions_of(conn, versions).await?;
        let now = self.app.clock.now();
        let enrolled = rows.iter().filter_map(|r| Some((r.id, &**editions.get(&r.version_id)?)));
        let going_on = GoingOn::of(&self.app, enrolled).await?;
        let others = ByOthers::of(conn, facts.values().flatten()).await?;
        rows.into_iter()
            .map(|row| {
                let edition = editions.get(&row.version_id).ok_or(Reason::Internal)?;
                let facts = facts.get(&row.id).map_or(&[][..], Vec::as_slice);
                let told = (records::status(facts, now), others.told(facts));
                Ok(shown(row, edition, told, &going_on))
            })
            .collect()
    }
}

fn shown(
    row: enrolment::Model,
    edition: &Edition,
    (status, enrolled_for): (Status, Option<EnrolledFor>),
    going_on: &GoingOn,
) -> Enrolment {
    let lessons = edition.content.lessons.iter().map(|lesson| LessonProgress {
        slug: lesson.slug.clone(),
        title: lesson.title.clone(),
        done: status.lessons_done.contains(&lesson.slug),
    });
    Enrolment {
        id: row.id,
        module: edition.module.code.clone(),
        title: edition.version.title.clone(),
        version: edition.version.number,
        state: status.state.word().to_owned(),
        due_on: row.due_on,
        time_zone: row.time_zone,
        enrolled_at: row.enrolled_at,
        enrolled_for,
        completed_at: status.completed_at,
        recognised: status.recognised,
        lessons: lessons.collect(),
        questions: edition.content.quiz.asked(),
        attempts: status.attempts,
        best_percent: status.best_percent,
        pass_mark_percent: edition.version.pass_mark_percent,
        resume: going_on.resume(row.id, &edition.content, &status),
        spent_minutes: going_on.spent_minutes(row.id),
        newer_version: going_on.newer(row.id, &status),
    }
}
