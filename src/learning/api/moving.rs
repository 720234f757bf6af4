//! Moving to the version published now.

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::super::moving;
use super::held;
use crate::app::App;
use crate::catalogue::find::last_by_code;
use crate::error::Reason;
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::problem::Problem;

/// Moving to another version.
pub struct MovingApi {
    /// The application.
    pub app: App,
}

/// Where a learner has moved.
#[derive(Object)]
struct Moved {
    /// The enrolment to go on with; the one that was left stays as it is.
    enrolment_id: Uuid,
    /// The version that it is pinned to.
    version: i32,
    /// Slugs of the lessons that stay read: their text is the same.
    kept: Vec<String>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Learning")]
impl MovingApi {
    /// Leave a version that was superseded for the one published now
    ///
    /// Lessons whose text has not changed stay read; attempts are made again. Asked twice, it answers
    /// the same enrolment.
    #[oai(path = "/enrolments/:id/move", method = "post", operation_id = "move_enrolment")]
    async fn go(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Moved>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let study = held::study(&self.app, &tx, &who, id.0).await?;
        let (current, retired) = last_by_code(&self.app.shelf, &tx, study.edition.code()).await?;
        if retired {
            return Err(Reason::ModuleRetired.into());
        }
        let moved = moving::move_to(&tx, &who, &study, current).await?;
        tx.commit().await?;
        let moving::MovedTo { enrolment_id, version, kept } = moved;
        Ok(Json(Moved { enrolment_id, version, kept }))
    }
}
