//! Recognising what somebody had learnt before.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use uuid::Uuid;

use super::super::recognise;
use super::super::study::{Attester, Study};
use crate::app::App;
use crate::catalogue::api::code_of;
use crate::enrolments::find;
use crate::http::Tag;
use crate::http::guards::Recogniser;
use crate::http::problem::Problem;

/// Recognitions.
pub struct RecognitionsApi {
    /// The application.
    pub app: App,
}

/// On what prior learning is recognised: a word from a list, because what is kept for ever must name
/// nobody.
#[derive(Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
enum RecognitionBasis {
    /// A diploma or a title.
    Diploma,
    /// An equivalent training followed elsewhere.
    Training,
    /// Professional experience, or that of a mandate.
    Experience,
    /// An assessment made by the provider.
    Assessment,
}

impl RecognitionBasis {
    const fn word(self) -> &'static str {
        match self {
            Self::Diploma => "diploma",
            Self::Training => "training",
            Self::Experience => "experience",
            Self::Assessment => "assessment",
        }
    }
}

/// What is recognised, of whom.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct RecognitionWish {
    /// The learner's enrolment in the module: they asked for it by enrolling.
    enrolment_id: Uuid,
    /// On what.
    basis: RecognitionBasis,
    /// The day on which it was acquired.
    acquired_on: NaiveDate,
    /// SHA-256, in lower-case hexadecimal, of the document that proves it; the document stays with the
    /// provider.
    #[oai(validator(max_length = 64))]
    document_digest: String,
}

impl Example for RecognitionWish {
    fn example() -> Self {
        Self {
            enrolment_id: crate::http::examples::id(),
            basis: RecognitionBasis::Training,
            acquired_on: NaiveDate::from_ymd_opt(2024, 6, 30).unwrap_or_default(),
            document_digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                .to_owned(),
        }
    }
}

/// A recognition.
#[derive(Object)]
struct Recognition {
    /// The fact that says so.
    fact_id: Uuid,
    /// The enrolment that it completes.
    enrolment_id: Uuid,
    /// When.
    at: DateTime<Utc>,
}

#[derive(ApiResponse)]
enum Recognitions {
    /// Recognised now.
    #[oai(status = 201)]
    Created(Json<Recognition>),
    /// Recognised before.
    #[oai(status = 200)]
    Already(Json<Recognition>),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Learning")]
impl RecognitionsApi {
    /// Recognise what a learner had learnt before as this module
    ///
    /// It completes the enrolment and counts for what they owe, except where training by an approved
    /// provider is asked for. No attestation is issued: nothing was followed here.
    #[oai(
        path = "/modules/:code/recognitions",
        method = "post",
        operation_id = "recognise_learning"
    )]
    async fn recognise(
        &self,
        who: Recogniser,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        body: Json<RecognitionWish>,
    ) -> Result<Recognitions, Problem> {
        let RecognitionWish { enrolment_id, basis, acquired_on, document_digest } = body.0;
        let (code, document) = (code_of(&code)?, document_digest);
        let wish = recognise::Wish { basis: basis.word(), acquired_on, document };
        let app = &self.app;
        let tx = app.db.begin_write().await?;
        let enrolment = find::any_locked(&tx, enrolment_id).await?;
        let edition = app.shelf.edition(&tx, enrolment.version_id).await?;
        let attester = Attester { keys: &app.keys, issuer: &app.settings.http.public_url };
        let (recorded_by, now) = (Some(who.account_id), app.clock.now());
        let study = Study { recorded_by, attester, enrolment, edition, now };
        let (fact, new) = recognise::recognise(&tx, &who, &study, &code, &wish).await?;
        tx.commit().await?;
        let told = Json(Recognition { fact_id: fact.id, enrolment_id, at: fact.occurred_at });
        Ok(if new { Recognitions::Created(told) } else { Recognitions::Already(told) })
    }
}
