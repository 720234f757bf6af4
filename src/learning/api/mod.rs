//! Lessons and attempts of one's own enrolments. No answer key leaves before submission.

mod accommodation;
pub(crate) mod bodies;
mod corrections;
pub(crate) mod held;
mod moving;
mod presence;
mod recognitions;
mod shown;

pub use accommodation::AccommodationApi;
pub use corrections::CorrectionsApi;
pub use moving::MovingApi;
pub use presence::PresenceApi;
pub use recognitions::RecognitionsApi;

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use bodies::{AnswerBody, Attempt, AttemptResult, LessonText, Progress, Submission};
use shown::{Marks, asked};

use super::mended::Corrections;
use super::model::attempt;
use super::study::Study;
use super::{attempts, hand_in, lessons, rules};
use crate::accounts::Principal;
use crate::app::App;
use crate::catalogue::Edition;
use crate::content::Answers;
use crate::enrolments::find;
use crate::enrolments::model::enrolment;
use crate::error::{Error, Reason, Result};
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::problem::Problem;
use crate::records::{self, graded::ResultTold};

/// Lessons and attempts.
pub struct LearningApi {
    /// The application.
    pub app: App,
}

#[derive(ApiResponse)]
enum Started {
    /// Started now.
    #[oai(status = 201)]
    Created(Json<Attempt>, #[oai(header = "Location")] String),
    /// One was open.
    #[oai(status = 200)]
    Open(Json<Attempt>, #[oai(header = "Location")] String),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Learning")]
impl LearningApi {
    /// A lesson, in the version started
    #[oai(path = "/enrolments/:id/lessons/:slug", method = "get", operation_id = "get_lesson")]
    async fn lesson(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        #[oai(example = "crate::http::examples::lesson")] slug: Path<String>,
    ) -> Result<Json<LessonText>, Problem> {
        let enrolment = find::own(self.app.db.read(), &who, id.0).await?;
        let edition = self.edition(&enrolment).await?;
        let lesson = lessons::find(&edition, &slug.0)?;
        let html = self.app.shelf.page(&edition, &lesson.slug).await?;
        Ok(Json(LessonText {
            slug: lesson.slug.clone(),
            title: lesson.title.clone(),
            html: html.unwrap_or_default().to_string(),
            words: lesson.words,
        }))
    }

    /// Record a lesson as read; completes the module if it was all that was missing
    #[oai(
        path = "/enrolments/:id/lessons/:slug/done",
        method = "post",
        operation_id = "lesson_done"
    )]
    async fn lesson_done(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        #[oai(example = "crate::http::examples::lesson")] slug: Path<String>,
    ) -> Result<Json<Progress>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let study = held::study(&self.app, &tx, &who, id.0).await?;
        let status = lessons::done(&tx, &study, &slug.0).await?;
        tx.commit().await?;
        Ok(Json(status.into()))
    }

    /// Start an attempt at the quiz, or go on with the one that is open
    #[oai(path = "/enrolments/:id/attempts", method = "post", operation_id = "start_attempt")]
    async fn start(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Started, Problem> {
        self.close_overdue(&who, id.0).await?;
        let tx = self.app.db.begin_write().await?;
        let study = held::study(&self.app, &tx, &who, id.0).await?;
        let (attempt, new) = attempts::start(&tx, &study).await?;
        tx.commit().await?;
        let location = format!("/api/v1/attempts/{}", attempt.id);
        let shown = Json(self.shown(attempt, &study.edition).await?);
        Ok(if new { Started::Created(shown, location) } else { Started::Open(shown, location) })
    }

    /// An attempt of mine
    #[oai(path = "/attempts/:id", method = "get", operation_id = "get_attempt")]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Attempt>, Problem> {
        let (mut attempt, edition) = self.own(&who, id.0).await?;
        if attempt.submitted_at.is_none() && rules::is_over(attempt.due_at, self.app.clock.now()) {
            attempt = self.closed(&who, attempt).await?;
        }
        Ok(Json(self.shown(attempt, &edition).await?))
    }

    /// Keep the answer to one question
    #[oai(path = "/attempts/:id/answers/:question", method = "put", operation_id = "keep_answer")]
    async fn answer(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        #[oai(example = "crate::http::examples::question")] question: Path<String>,
        body: Json<AnswerBody>,
    ) -> Result<Json<Attempt>, Problem> {
        let given = Answers::from([(question.0, body.0.choices)]);
        let tx = self.app.db.begin_write().await?;
        let (study, attempt) = held::sitting(&self.app, &tx, &who, id.0).await?;
        attempts::answer(&tx, &study, &attempt, &given).await?;
        tx.commit().await?;
        Ok(Json(self.shown(attempt, &study.edition).await?))
    }

    /// Hand in the attempt: graded at once, with explanations and references
    #[oai(path = "/attempts/:id/submit", method = "post", operation_id = "submit_attempt")]
    async fn submit(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<Submission>,
    ) -> Result<Json<Attempt>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let (study, attempt) = held::sitting(&self.app, &tx, &who, id.0).await?;
        let attempt = hand_in::submit(&tx, &study, attempt, &body.0.answers).await?;
        tx.commit().await?;
        Ok(Json(self.shown(attempt, &study.edition).await?))
    }
}

impl LearningApi {
    /// Ends the attempt of an enrolment whose time is over, if there is one.
    pub(crate) async fn close_overdue(&self, who: &Principal, enrolment_id: Uuid) -> Result<()> {
        let (conn, now) = (self.app.db.read(), self.app.clock.now());
        let enrolment = find::own(conn, who, enrolment_id).await?;
        if let Some(overdue) = hand_in::overdue(conn, enrolment.id, now).await? {
            self.closed(who, overdue).await?;
        }
        Ok(())
    }

    /// An attempt whose time is over, once it was ended; as it is in an enrolment that was left.
    pub(crate) async fn closed(
        &self,
        who: &Principal,
        attempt: attempt::Model,
    ) -> Result<attempt::Model> {
        let tx = self.app.db.begin_write().await?;
        let (study, held) = held::sitting(&self.app, &tx, who, attempt.id).await?;
        let study = Study { recorded_by: None, ..study };
        let ended = match hand_in::close(&tx, &study, held).await {
            Err(Error::Refused(refused)) if refused.reason == Reason::EnrolmentClosed => {
                return Ok(attempt);
            }
            ended => ended?,
        };
        tx.commit().await?;
        Ok(ended)
    }

    async fn edition(&self, enrolment: &enrolment::Model) -> Result<std::sync::Arc<Edition>> {
        self.app.shelf.edition(self.app.db.read(), enrolment.version_id).await
    }

    async fn own(
        &self,
        who: &Principal,
        id: Uuid,
    ) -> Result<(attempt::Model, std::sync::Arc<Edition>)> {
        let attempt = attempts::find(self.app.db.read(), id).await?;
        let enrolment = find::own(self.app.db.read(), who, attempt.enrolment_id).await?;
        let edition = self.edition(&enrolment).await?;
        Ok((attempt, edition))
    }

    /// An attempt as its learner sees it: with corrections once it is handed in, never before.
    pub(crate) async fn shown(
        &self,
        attempt: attempt::Model,
        edition: &Edition,
    ) -> Result<Attempt> {
        let kept = attempts::answers(self.app.db.read(), attempt.id).await?;
        let told = match attempt.submitted_at {
            Some(_) => self.told(&attempt).await?,
            None => None,
        };
        let marks = match &told {
            Some((told, _)) => Some(self.marks(&attempt, edition, &kept, told).await?),
            None => None,
        };
        let quiz = marks.as_ref().map(|marks| marks.quiz(edition));
        let quiz = quiz.as_deref().unwrap_or(&edition.content.quiz);
        let questions = asked(&attempts::drawn(&attempt, edition), quiz, &kept, marks.as_ref());
        Ok(Attempt {
            id: attempt.id,
            enrolment_id: attempt.enrolment_id,
            number: attempt.number,
            started_at: attempt.started_at,
            submitted_at: attempt.submitted_at,
            due_at: attempt.due_at,
            questions,
            result: told.map(|(told, progress)| AttemptResult::of(&told, progress)),
        })
    }

    async fn marks(
        &self,
        attempt: &attempt::Model,
        edition: &Edition,
        kept: &Answers,
        told: &ResultTold,
    ) -> Result<Marks> {
        let corrections = Corrections::of(self.app.db.read(), edition.version.id).await?;
        Marks::of(corrections, attempt, edition, kept, told)
    }

    /// The result that a submitted attempt was given, and where its enrolment stands; none once annulled.
    async fn told(&self, attempt: &attempt::Model) -> Result<Option<(ResultTold, Progress)>> {
        let facts = records::read::of_enrolment(self.app.db.read(), attempt.enrolment_id).await?;
        let told = records::graded::result_of(&facts, attempt.id);
        Ok(told.map(|told| (told, records::status(&facts, self.app.clock.now()).into())))
    }
}
