//! Time spent on a lesson, said by its page while it is read.

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::super::presence;
use super::held;
use crate::app::App;
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::problem::Problem;

/// Time spent.
pub struct PresenceApi {
    /// The application.
    pub app: App,
}

/// A beat of the page.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct Beat {
    /// Seconds read since the last beat, or since the lesson was opened.
    #[oai(validator(minimum(value = "1"), maximum(value = "300")))]
    seconds: u32,
}

impl Example for Beat {
    fn example() -> Self {
        Self { seconds: 60 }
    }
}

/// What was counted.
#[derive(Object)]
struct Counted {
    /// Seconds that this beat counted: never more than have passed since the last one of the same
    /// person, in whatever lesson.
    counted_seconds: u32,
    /// Whole minutes spent in this enrolment.
    spent_minutes: u32,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Learning")]
impl PresenceApi {
    /// Say that a lesson is being read: the time spent on it
    #[oai(
        path = "/enrolments/:id/lessons/:slug/presence",
        method = "post",
        operation_id = "lesson_presence"
    )]
    async fn beat(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        #[oai(example = "crate::http::examples::lesson")] slug: Path<String>,
        body: Json<Beat>,
    ) -> Result<Json<Counted>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let study = held::study(&self.app, &tx, &who, id.0).await?;
        let counted_seconds = presence::beat(&tx, &study, &slug.0, body.0.seconds).await?;
        let spent = presence::minutes(&tx, &[study.enrolment.id]).await?;
        tx.commit().await?;
        let spent_minutes = spent.get(&study.enrolment.id).copied().unwrap_or(0);
        Ok(Json(Counted { counted_seconds, spent_minutes }))
    }
}
