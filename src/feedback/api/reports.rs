//! Errors reported and questions asked by learners, answered by trainers.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use uuid::Uuid;

use super::super::find::{self as threads, Wanted};
use super::super::model::{ThreadKind, ThreadState};
use super::super::open::{self, Said};
use super::super::place::Named;
use super::super::reach::Desk;
use super::bodies::{MessageIn, Standing, StateShown, Thread, ThreadLines};
use super::{decided, listed, replied, told};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::catalogue;
use crate::catalogue::api::code_of;
use crate::enrolments::find;
use crate::error::Result;
use crate::http::Tag;
use crate::http::guards::{FeedbackAnswerer, FeedbackReader, SignedIn};
use crate::http::page::Page;
use crate::http::problem::Problem;

/// Reports and questions.
pub struct FeedbackApi {
    /// The application.
    pub app: App,
}

/// What a learner sends.
#[derive(Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
enum ReportKind {
    /// Something is wrong.
    Error,
    /// A question to the trainers.
    Question,
}

/// A report or a question, about a lesson of the version followed or a question of an attempt that was
/// handed in.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct ReportIn {
    /// Which of the two.
    kind: ReportKind,
    /// Slug of the lesson, when it is about one.
    #[oai(validator(max_length = 200))]
    lesson: Option<String>,
    /// The attempt, when it is about one of its questions.
    attempt: Option<Uuid>,
    /// That question.
    #[oai(validator(max_length = 200))]
    question: Option<String>,
    /// The words: 1 to 4000 characters, no control character but line feeds and tabs.
    #[oai(validator(min_length = 1, max_length = 4000))]
    text: String,
    /// Whether the trainers may see who asks; otherwise they see « Apprenant·e ».
    #[oai(default)]
    show_name: bool,
}

impl Example for ReportIn {
    fn example() -> Self {
        Self {
            kind: ReportKind::Question,
            lesson: Some("01-trois-histoires".to_owned()),
            attempt: None,
            question: None,
            text: "Cette règle vaut-elle aussi pour un syndicat intercommunal ?".to_owned(),
            show_name: false,
        }
    }
}

/// What trainers decide on; `answered` is what answering does.
#[derive(Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
enum FeedbackDecision {
    /// Waits again.
    Open,
    /// Mended, or settled.
    Resolved,
    /// Nothing will be changed: an answer has said why.
    Rejected,
}

/// A decision.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct FeedbackStateIn {
    /// The state from now on.
    state: FeedbackDecision,
}

impl Example for FeedbackStateIn {
    fn example() -> Self {
        Self { state: FeedbackDecision::Resolved }
    }
}

#[derive(ApiResponse)]
enum Reported {
    /// Opened now.
    #[oai(status = 201)]
    Created(Json<Thread>, #[oai(header = "Location")] String),
    /// The same words about the same place were said within a day.
    #[oai(status = 200)]
    Already(Json<Thread>, #[oai(header = "Location")] String),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Feedback")]
impl FeedbackApi {
    /// Report an error or ask the trainers, from a lesson or a corrected question
    #[oai(path = "/enrolments/:id/feedback", method = "post", operation_id = "report_feedback")]
    async fn report(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<ReportIn>,
    ) -> Result<Reported, Problem> {
        let conn = self.app.db.read();
        let enrolment = find::own(conn, &who, id.0).await?;
        let edition = self.app.shelf.edition(conn, enrolment.version_id).await?;
        let (kind, named, said) = body.0.parts();
        let what = (kind, named.find(conn, &enrolment, &edition).await?);
        let tx = self.app.db.begin_write().await?;
        let now = self.app.clock.now();
        let (thread, new) =
            open::report(&tx, &who, (&enrolment, &edition), what, said, now).await?;
        tx.commit().await?;
        let location = format!("/api/v1/feedback/{}", thread.id);
        let thread = Json(told(&self.app, &who, Desk::Feedback, thread.id).await?);
        Ok(if new {
            Reported::Created(thread, location)
        } else {
            Reported::Already(thread, location)
        })
    }

    /// What learners report and ask about the modules of one's providers, latest first
    #[oai(path = "/feedback", method = "get", operation_id = "list_feedback")]
    async fn list(
        &self,
        who: FeedbackReader,
        /// Of this module only.
        #[oai(example = "crate::http::examples::one_module", validator(max_length = 24))]
        module: Query<Option<String>>,
        /// Errors, or questions, only.
        kind: Query<Option<ReportKind>>,
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
        let wanted = Wanted {
            module: self.module(&who, module.0).await?,
            kind: kind.0.map(ThreadKind::from),
            state: state.0.map(ThreadState::from),
        };
        let keyset = (page.limit, page.before()?);
        let lines =
            threads::at_desk(self.app.db.read(), &who, Desk::Feedback, wanted, keyset).await?;
        Ok(Json(listed(&self.app, &page, lines).await?))
    }

    /// My reports and questions, latest first
    #[oai(path = "/me/feedback", method = "get", operation_id = "my_feedback")]
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
        let lines = threads::own(self.app.db.read(), &who, Desk::Feedback, keyset).await?;
        Ok(Json(listed(&self.app, &page, lines).await?))
    }

    /// A report or a question and all that was answered: for whoever asked, and those who answer
    #[oai(path = "/feedback/:id", method = "get", operation_id = "get_feedback")]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Thread>, Problem> {
        Ok(Json(told(&self.app, &who, Desk::Feedback, id.0).await?))
    }

    /// Answer, or write again: trainers, and whoever asked
    #[oai(path = "/feedback/:id/replies", method = "post", operation_id = "reply_feedback")]
    async fn reply(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<MessageIn>,
    ) -> Result<Json<Standing>, Problem> {
        Ok(Json(replied(&self.app, &who, (Desk::Feedback, id.0), body.0.text).await?))
    }

    /// Decide where a report or a question stands
    #[oai(path = "/feedback/:id/state", method = "put", operation_id = "decide_feedback")]
    async fn decide(
        &self,
        who: FeedbackAnswerer,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<FeedbackStateIn>,
    ) -> Result<Json<Standing>, Problem> {
        let to = body.0.state.into();
        Ok(Json(decided(&self.app, &who, (Desk::Feedback, id.0), to).await?))
    }
}

impl FeedbackApi {
    /// The module that a list is asked for; another provider's does not exist.
    async fn module(&self, who: &Principal, code: Option<String>) -> Result<Option<Uuid>> {
        let Some(code) = code else { return Ok(None) };
        let module = catalogue::find::by_code(self.app.db.read(), &code_of(&code)?).await?;
        policy::allow(who, Action::ReadFeedback, &Target::Provider(module.provider_id))?;
        Ok(Some(module.id))
    }
}

impl ReportIn {
    fn parts(self) -> (ThreadKind, Named, Said) {
        let Self { kind, lesson, attempt, question, text, show_name } = self;
        (kind.into(), Named { lesson, attempt, question }, Said { text, show_name })
    }
}

impl From<ReportKind> for ThreadKind {
    fn from(kind: ReportKind) -> Self {
        match kind {
            ReportKind::Error => Self::Error,
            ReportKind::Question => Self::Question,
        }
    }
}

impl From<FeedbackDecision> for ThreadState {
    fn from(decision: FeedbackDecision) -> Self {
        match decision {
            FeedbackDecision::Open => Self::Open,
            FeedbackDecision::Resolved => Self::Resolved,
            FeedbackDecision::Rejected => Self::Rejected,
        }
    }
}
