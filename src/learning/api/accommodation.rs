//! What is arranged for one learner: set by the provider's people or the nation, read by them and by
//! the learner. No reason is asked, and none is kept.

use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::super::accommodation;
use super::super::model::accommodation as row;
use super::super::rules::Arranged;
use crate::app::App;
use crate::enrolments::find;
use crate::error::Reason;
use crate::http::Tag;
use crate::http::guards::{Accommodator, SignedIn};
use crate::http::problem::Problem;

/// What is arranged for learners.
pub struct AccommodationApi {
    /// The application.
    pub app: App,
}

/// What to arrange, in the place of what was; nothing for what is absent.
#[derive(Object, Default)]
#[oai(deny_unknown_fields, example)]
struct Wish {
    /// Added to the time of an attempt, in percent of it.
    #[oai(default, validator(maximum(value = "300")))]
    extra_time_percent: u32,
    /// Added to the time of an attempt, in minutes.
    #[oai(default, validator(maximum(value = "600")))]
    extra_minutes: u32,
    /// Attempts besides those that the module allows.
    #[oai(default, validator(maximum(value = "100")))]
    extra_attempts: u32,
}

impl Example for Wish {
    fn example() -> Self {
        Self { extra_time_percent: 33, extra_minutes: 0, extra_attempts: 1 }
    }
}

/// What is arranged in an enrolment.
#[derive(Object)]
struct Accommodation {
    /// Added to the time of an attempt, in percent of it.
    extra_time_percent: u32,
    /// Added to the time of an attempt, in minutes.
    extra_minutes: u32,
    /// Attempts besides those that the module allows.
    extra_attempts: u32,
    /// Since when; absent when nothing ever was.
    #[oai(skip_serializing_if_is_none)]
    since: Option<DateTime<Utc>>,
}

impl From<Option<row::Model>> for Accommodation {
    fn from(row: Option<row::Model>) -> Self {
        let held = row.as_ref().map(accommodation::arranged).unwrap_or_default();
        Self {
            extra_time_percent: held.extra_time_percent,
            extra_minutes: held.extra_minutes,
            extra_attempts: held.extra_attempts,
            since: row.map(|row| row.granted_at),
        }
    }
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Learning")]
impl AccommodationApi {
    /// What is arranged in an enrolment: for its learner, and for whoever may arrange it
    #[oai(
        path = "/enrolments/:id/accommodation",
        method = "get",
        operation_id = "get_accommodation"
    )]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Accommodation>, Problem> {
        let conn = self.app.db.read();
        let enrolment = find::any(conn, id.0).await?;
        if enrolment.person_id != who.person_id {
            let edition = self.app.shelf.edition(conn, enrolment.version_id).await?;
            accommodation::allow(&who, &edition).map_err(|_| Reason::NotFound)?;
        }
        Ok(Json(accommodation::latest(conn, enrolment.id).await?.into()))
    }

    /// Arrange more time or more attempts for one learner; the reason is not asked
    #[oai(path = "/enrolments/:id/accommodation", method = "put", operation_id = "accommodate")]
    async fn put(
        &self,
        who: Accommodator,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<Wish>,
    ) -> Result<Json<Accommodation>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let enrolment = find::any_locked(&tx, id.0).await?;
        let edition = self.app.shelf.edition(&tx, enrolment.version_id).await?;
        accommodation::allow(&who, &edition)?;
        let (wish, now) = (Arranged::from(body.0), self.app.clock.now());
        let held = accommodation::arrange(&tx, &who, &enrolment, &edition, wish, now).await?;
        tx.commit().await?;
        Ok(Json(held.into()))
    }
}

impl From<Wish> for Arranged {
    fn from(wish: Wish) -> Self {
        Self {
            extra_time_percent: wish.extra_time_percent,
            extra_minutes: wish.extra_minutes,
            extra_attempts: wish.extra_attempts,
        }
    }
}
