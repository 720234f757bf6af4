//! Following paths: enrolling, beginning their modules, leaving.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use super::path_bodies::{PathEnrolment, PathEnrolments};
use super::{Enrolled, EnrolmentWish, Withdrawal, enrol_in};
use crate::accounts::Principal;
use crate::app::App;
use crate::catalogue::paths::find as published;
use crate::content::ModuleCode;
use crate::enrolments::Wish;
use crate::enrolments::model::path_enrolment;
use crate::enrolments::paths::{self, find};
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::page::Page;
use crate::http::problem::Problem;

/// Enrolments in paths.
pub struct PathEnrolmentsApi {
    /// The application.
    pub app: App,
}

#[derive(ApiResponse)]
enum Follows {
    /// Enrolled now.
    #[oai(status = 201)]
    Created(Json<PathEnrolment>, #[oai(header = "Location")] String),
    /// Already enrolled.
    #[oai(status = 200)]
    Already(Json<PathEnrolment>, #[oai(header = "Location")] String),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Paths")]
impl PathEnrolmentsApi {
    /// Enrol in a path, in the version published now; asking twice answers the same enrolment
    #[oai(path = "/paths/:code/enrolments", method = "post", operation_id = "enrol_in_path")]
    async fn enrol(
        &self,
        who: SignedIn,
        /// Path code.
        #[oai(example = "crate::http::examples::learning_path")]
        code: Path<String>,
    ) -> Result<Follows, Problem> {
        let code = ModuleCode::parse(&code.0).map_err(|_| Reason::NotFound)?;
        let (conn, now) = (self.app.db.read(), self.app.clock.now());
        let edition = published::current(&self.app.shelf, conn, &code).await?;
        let applied = paths::apply(conn, &*who, &edition, now).await;
        let tx = self.app.db.begin_write().await?;
        let paths::Enrolled { row, new } = paths::enrol(&tx, &*who, &edition, applied, now).await?;
        tx.commit().await?;
        let location = format!("/api/v1/path-enrolments/{}", row.id);
        let shown = Json(self.shown(&who, row).await?);
        Ok(if new { Follows::Created(shown, location) } else { Follows::Already(shown, location) })
    }

    /// My enrolments in paths, latest first
    #[oai(path = "/me/path-enrolments", method = "get", operation_id = "my_path_enrolments")]
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
    ) -> Result<Json<PathEnrolments>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let rows = find::list(self.app.db.read(), &who, page.limit, page.before()?).await?;
        let next = page.next(&rows, |row| row.id);
        Ok(Json(PathEnrolments { items: self.all_shown(&who, rows).await?, next }))
    }

    /// One of my enrolments in paths: each step, what comes next, what is left
    #[oai(path = "/path-enrolments/:id", method = "get", operation_id = "get_path_enrolment")]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<PathEnrolment>, Problem> {
        let row = find::own(self.app.db.read(), &who, id.0).await?;
        Ok(Json(self.shown(&who, row).await?))
    }

    /// Leave a path, with a reason that is kept; the modules begun stay
    #[oai(
        path = "/path-enrolments/:id/withdraw",
        method = "post",
        operation_id = "withdraw_from_path"
    )]
    async fn withdraw(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<Withdrawal>,
    ) -> Result<Json<PathEnrolment>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let now = self.app.clock.now();
        let row = paths::withdraw(&tx, &who, id.0, body.reason.word(), now).await?;
        tx.commit().await?;
        Ok(Json(self.shown(&who, row).await?))
    }

    /// Begin a module of a path: opens, or finds, the ordinary enrolment in it. In an ordered path, a
    /// module is begun once what is mandatory before it is completed
    #[oai(
        path = "/path-enrolments/:id/modules/:code/enrolments",
        method = "post",
        operation_id = "enrol_through_path"
    )]
    async fn begin_module(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        /// Code of a module of the path.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        body: Json<EnrolmentWish>,
    ) -> Result<Enrolled, Problem> {
        let code = ModuleCode::parse(&code.0).map_err(|_| Reason::NotFound)?;
        paths::may_begin(self.app.db.read(), &who, id.0, &code).await?;
        let wish = Wish { due_on: body.due_on, through: Some(id.0) };
        Ok(enrol_in(&self.app, &who, &code, wish).await?)
    }
}

impl PathEnrolmentsApi {
    async fn shown(&self, who: &Principal, row: path_enrolment::Model) -> Result<PathEnrolment> {
        let shown = self.all_shown(who, vec![row]).await?;
        shown.into_iter().next().ok_or_else(|| Reason::Internal.into())
    }

    /// Rows with their progress: as many statements, however many rows.
    async fn all_shown(
        &self,
        who: &Principal,
        rows: Vec<path_enrolment::Model>,
    ) -> Result<Vec<PathEnrolment>> {
        let (conn, now) = (self.app.db.read(), self.app.clock.now());
        let catalogue = self.app.shelf.current(conn).await?;
        let stands = paths::standings(conn, who, rows, now).await?;
        Ok(stands.iter().map(|standing| PathEnrolment::of(standing, &catalogue)).collect())
    }
}
