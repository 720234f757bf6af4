//! Complaints: about a module, a provider or the platform; received, answered, closed.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use uuid::Uuid;

use super::super::find::{self as threads, Wanted};
use super::super::model::ThreadState;
use super::super::open::{self, About, Said};
use super::super::reach::Desk;
use super::bodies::{MessageIn, Standing, StateShown, Thread, ThreadLines};
use super::{decided, listed, replied, told};
use crate::app::App;
use crate::catalogue::api::code_of;
use crate::catalogue::find;
use crate::error::{Faults, Reason, Result};
use crate::http::Tag;
use crate::http::guards::{ComplaintHandler, SignedIn};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::providers;

/// Complaints.
pub struct ComplaintsApi {
    /// The application.
    pub app: App,
}

/// A complaint: about a published module, a provider, or the platform when neither is named.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct ComplaintIn {
    /// Code of the module.
    #[oai(validator(max_length = 24))]
    module: Option<String>,
    /// Reference of the provider's organisation.
    #[oai(validator(max_length = 200))]
    provider_ref: Option<String>,
    /// The words: 1 to 4000 characters, no control character but line feeds and tabs.
    #[oai(validator(min_length = 1, max_length = 4000))]
    text: String,
    /// Whether those who answer may see who complains; otherwise they see « Apprenant·e ».
    #[oai(default)]
    show_name: bool,
}

impl Example for ComplaintIn {
    fn example() -> Self {
        Self {
            module: Some("E1".to_owned()),
            provider_ref: None,
            text: "La durée annoncée est la moitié de ce qu'il m'a fallu.".to_owned(),
            show_name: false,
        }
    }
}

/// What those who handle complaints decide on; `answered` is what answering does.
#[derive(Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
enum ComplaintDecision {
    /// Taken in hand.
    InProgress,
    /// Over: it was answered.
    Closed,
}

/// A decision.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct ComplaintStateIn {
    /// The state from now on.
    state: ComplaintDecision,
}

impl Example for ComplaintStateIn {
    fn example() -> Self {
        Self { state: ComplaintDecision::InProgress }
    }
}

#[derive(ApiResponse)]
enum Complained {
    /// Received now; an acknowledgement is on its way.
    #[oai(status = 201)]
    Created(Json<Thread>, #[oai(header = "Location")] String),
    /// The same words about the same thing were said within a day.
    #[oai(status = 200)]
    Already(Json<Thread>, #[oai(header = "Location")] String),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Feedback")]
impl ComplaintsApi {
    /// Complain about a module, a provider or the platform
    #[oai(path = "/complaints", method = "post", operation_id = "complain")]
    async fn complain(
        &self,
        who: SignedIn,
        body: Json<ComplaintIn>,
    ) -> Result<Complained, Problem> {
        let ComplaintIn { module, provider_ref, text, show_name } = body.0;
        let about = self.about(module, provider_ref).await?;
        let tx = self.app.db.begin_write().await?;
        let (said, now) = (Said { text, show_name }, self.app.clock.now());
        let (thread, new) = open::complain(&tx, &who, about, said, now).await?;
        tx.commit().await?;
        let location = format!("/api/v1/complaints/{}", thread.id);
        let thread = Json(told(&self.app, &who, Desk::Complaints, thread.id).await?);
        Ok(if new {
            Complained::Created(thread, location)
        } else {
            Complained::Already(thread, location)
        })
    }

    /// Complaints to handle, latest first: a provider's by its publishers, all of them by the nation
    #[oai(path = "/complaints", method = "get", operation_id = "list_complaints")]
    async fn list(
        &self,
        who: ComplaintHandler,
        /// In this state only.
        state: Query<Option<StateShown>>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<ThreadLines>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let wanted = Wanted { state: state.0.map(ThreadState::from), ..Wanted::default() };
        let (conn, keyset) = (self.app.db.read(), (page.limit, page.before()?));
        let lines = threads::at_desk(conn, &who, Desk::Complaints, wanted, keyset).await?;
        Ok(Json(listed(&self.app, &page, lines).await?))
    }

    /// My complaints, latest first
    #[oai(path = "/me/complaints", method = "get", operation_id = "my_complaints")]
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
    ) -> Result<Json<ThreadLines>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let keyset = (page.limit, page.before()?);
        let lines = threads::own(self.app.db.read(), &who, Desk::Complaints, keyset).await?;
        Ok(Json(listed(&self.app, &page, lines).await?))
    }

    /// A complaint and all that was answered: for whoever complained, and those who handle it
    #[oai(path = "/complaints/:id", method = "get", operation_id = "get_complaint")]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Thread>, Problem> {
        Ok(Json(told(&self.app, &who, Desk::Complaints, id.0).await?))
    }

    /// Answer a complaint, or write again
    #[oai(path = "/complaints/:id/replies", method = "post", operation_id = "reply_complaint")]
    async fn reply(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<MessageIn>,
    ) -> Result<Json<Standing>, Problem> {
        Ok(Json(replied(&self.app, &who, (Desk::Complaints, id.0), body.0.text).await?))
    }

    /// Decide where a complaint stands; it is answered before it is closed
    #[oai(path = "/complaints/:id/state", method = "put", operation_id = "decide_complaint")]
    async fn decide(
        &self,
        who: ComplaintHandler,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<ComplaintStateIn>,
    ) -> Result<Json<Standing>, Problem> {
        let to = body.0.state.into();
        Ok(Json(decided(&self.app, &who, (Desk::Complaints, id.0), to).await?))
    }
}

impl ComplaintsApi {
    async fn about(&self, module: Option<String>, provider: Option<String>) -> Result<About> {
        let conn = self.app.db.read();
        match (module, provider) {
            (None, None) => Ok(About::Platform),
            (Some(code), None) => {
                let code = code_of(&code)?;
                Ok(About::Module(find::current_by_code(&self.app.shelf, conn, &code).await?))
            }
            (None, Some(reference)) => {
                let found = providers::by_ref(conn, &reference).await?;
                Ok(About::Provider(found.ok_or(Reason::NotFound)?.id))
            }
            (Some(_), Some(_)) => {
                let mut faults = Faults::default();
                let (fr, en) =
                    ("un module ou un organisme, pas les deux", "a module or a provider, not both");
                faults.check(false, "/provider_ref", fr, en);
                faults.refuse()?;
                Err(Reason::Internal.into())
            }
        }
    }
}

impl From<ComplaintDecision> for ThreadState {
    fn from(decision: ComplaintDecision) -> Self {
        match decision {
            ComplaintDecision::InProgress => Self::InProgress,
            ComplaintDecision::Closed => Self::Closed,
        }
    }
}
