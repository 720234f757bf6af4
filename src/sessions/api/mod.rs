//! Sessions over HTTP: read by anyone, planned and led by the trainers and publishers of a provider.

mod bodies;
mod calendar;
mod desk;
mod seat_bodies;
mod seats;
mod shown;

use chrono::NaiveDate;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use super::find::{self, Criteria};
use super::model::SessionState;
use super::plan;
use super::rules::Plan;
use super::switch;
use crate::app::App;
use crate::error::{Faults, Reason};
use crate::http::guards::SessionKeeper;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::{Tag, etag};
use bodies::{CancellationIn, NewSession, PostponementIn, SessionPlan, under};
use desk::{Wanted, allow, hold, kept, listed, of, provider, shown_one, tag};
use shown::{SessionRecord, SessionShown, Sessions};

pub use calendar::CalendarApi;
pub use seats::SeatsApi;

/// Sessions.
pub struct SessionsApi {
    /// The application.
    pub app: App,
}

#[derive(ApiResponse)]
enum Planned {
    /// Planned: a draft, which nobody else sees.
    #[oai(status = 201)]
    New(
        Json<SessionRecord>,
        /// The session.
        #[oai(header = "Location")]
        String,
        /// Tag for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Kept {
    /// The session as it is now.
    #[oai(status = 200)]
    Now(
        Json<SessionRecord>,
        /// Tag for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Sessions")]
impl SessionsApi {
    /// Dated sessions, in the order in which they begin: those to come, or from a day on
    #[oai(path = "/sessions", method = "get", operation_id = "list_sessions")]
    async fn list_sessions(
        &self,
        /// Code of a module.
        #[oai(example = "crate::http::examples::one_module", validator(max_length = 24))]
        module: Query<Option<String>>,
        /// Code of a path.
        #[oai(example = "crate::http::examples::one_path", validator(max_length = 24))]
        path: Query<Option<String>>,
        /// Reference of a provider.
        #[oai(example = "crate::http::examples::provider", validator(max_length = 100))]
        provider: Query<Option<String>>,
        /// Those that end on that day or later (UTC); now if absent.
        #[oai(example = "crate::http::examples::day")]
        from: Query<Option<NaiveDate>>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Sessions>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let wanted = Wanted { module: module.0, path: path.0, provider: provider.0, from: from.0 };
        let Some(criteria) = wanted.criteria(&self.app).await? else {
            return Ok(Json(Sessions { items: Vec::new(), next: None }));
        };
        Ok(Json(listed(&self.app, &criteria, &page).await?))
    }

    /// A session that was announced
    #[oai(path = "/sessions/:id", method = "get", operation_id = "get_session")]
    async fn get_session(
        &self,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<SessionShown>, Problem> {
        let conn = self.app.db.read();
        let held = find::by_id(conn, id.0).await?;
        if held.state() == SessionState::Draft {
            return Err(Reason::NotFound.into());
        }
        Ok(Json(shown_one(conn, held).await?))
    }

    /// The sessions of a provider, drafts too, in the order in which they begin
    #[oai(path = "/providers/:ref/sessions", method = "get", operation_id = "provider_sessions")]
    async fn provider_sessions(
        &self,
        who: SessionKeeper,
        /// Organisation reference, such as `local:maitrise`.
        #[oai(name = "ref", example = "crate::http::examples::provider_ref")]
        reference: Path<String>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Sessions>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let provider_id = Some(provider(&self.app, &who, &reference).await?);
        let criteria = Criteria { provider_id, ..Criteria::default() };
        Ok(Json(listed(&self.app, &criteria, &page).await?))
    }

    /// Plan a session about a module or a path: a draft
    #[oai(path = "/sessions", method = "post", operation_id = "create_session")]
    async fn create_session(
        &self,
        who: SessionKeeper,
        body: Json<NewSession>,
    ) -> Result<Planned, Problem> {
        let of = of(&self.app, &who, &body).await?;
        let (plan, now) = (Plan::from(body.0.plan), self.app.clock.now());
        let tx = self.app.db.begin_write().await?;
        let held = under("/plan", plan::create(&tx, &who, of, &plan, now).await)?;
        tx.commit().await?;
        let location = format!("/api/v1/sessions/{}", held.session.id);
        let Kept::Now(record, tag) = kept(&self.app, held).await?;
        Ok(Planned::New(record, location, tag))
    }

    /// A session as those who hold it see it, a draft too
    #[oai(path = "/sessions/:id/record", method = "get", operation_id = "session_record")]
    async fn session_record(
        &self,
        who: SessionKeeper,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Kept, Problem> {
        let held = find::by_id(self.app.db.read(), id.0).await?;
        allow(&who, &held)?;
        Ok(kept(&self.app, held).await?)
    }

    /// Change what is planned; dates that were announced are moved by postponing
    #[oai(path = "/sessions/:id", method = "put", operation_id = "edit_session")]
    async fn edit_session(
        &self,
        who: SessionKeeper,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        /// Tag of the session as it was read.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Json<SessionPlan>,
    ) -> Result<Kept, Problem> {
        let (tx, held) = hold(&self.app, &who, id.0).await?;
        etag::demand(if_match.0.as_deref(), &tag(&held))?;
        let now = self.app.clock.now();
        let held = plan::edit(&tx, &who, held, &body.0.into(), now).await?;
        tx.commit().await?;
        Ok(kept(&self.app, held).await?)
    }

    /// Open a session: anyone sees it, and may register within its window
    #[oai(path = "/sessions/:id/open", method = "post", operation_id = "open_session")]
    async fn open_session(
        &self,
        who: SessionKeeper,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Kept, Problem> {
        let (tx, held) = hold(&self.app, &who, id.0).await?;
        let held = switch::open(&tx, &who, held, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(kept(&self.app, held).await?)
    }

    /// Close the registrations of a session that takes place
    #[oai(path = "/sessions/:id/close", method = "post", operation_id = "close_session")]
    async fn close_session(
        &self,
        who: SessionKeeper,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Kept, Problem> {
        let (tx, held) = hold(&self.app, &who, id.0).await?;
        let held = switch::close(&tx, &who, held, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(kept(&self.app, held).await?)
    }

    /// Cancel a session; everybody on its list is told, once
    #[oai(path = "/sessions/:id/cancel", method = "post", operation_id = "cancel_session")]
    async fn cancel_session(
        &self,
        who: SessionKeeper,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<CancellationIn>,
    ) -> Result<Kept, Problem> {
        let mut faults = Faults::default();
        faults.check_text(&body.reason, "/reason", 300);
        faults.refuse()?;
        let (tx, held) = hold(&self.app, &who, id.0).await?;
        let now = self.app.clock.now();
        let held = switch::cancel(&tx, &who, held, &body.reason, now).await?;
        tx.commit().await?;
        Ok(kept(&self.app, held).await?)
    }

    /// Move a session to other dates; everybody on its list is told, once, and keeps their place
    #[oai(path = "/sessions/:id/postpone", method = "post", operation_id = "postpone_session")]
    async fn postpone_session(
        &self,
        who: SessionKeeper,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        /// Tag of the session as it was read.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Json<PostponementIn>,
    ) -> Result<Kept, Problem> {
        let (tx, held) = hold(&self.app, &who, id.0).await?;
        etag::demand(if_match.0.as_deref(), &tag(&held))?;
        let now = self.app.clock.now();
        let held = switch::postpone(&tx, &who, held, &body.0.into(), now).await?;
        tx.commit().await?;
        Ok(kept(&self.app, held).await?)
    }
}
