//! Asking for a review at another provider, over HTTP.

use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::bodies::{KindShown, ReviewerIn};
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::catalogue::api::code_of;
use crate::catalogue::draft;
use crate::catalogue::model::review_request;
use crate::error::{Fault, Reason, Refusal, Result};
use crate::http::Tag;
use crate::http::guards::{DraftReader, ReviewAsker};
use crate::http::problem::Problem;
use crate::publication::reviewers::{self, Asked};

/// Reviewers of other providers.
pub struct ReviewersApi {
    /// The application.
    pub app: App,
}

/// A reviewer of another provider who was asked.
#[derive(Object)]
struct ReviewerOut {
    /// The account.
    account_id: Uuid,
    /// What is asked.
    kind: KindShown,
    /// When.
    asked_at: DateTime<Utc>,
    /// When it was withdrawn; until then they may read and review this draft.
    #[oai(skip_serializing_if_is_none)]
    withdrawn_at: Option<DateTime<Utc>>,
}

impl From<review_request::Model> for ReviewerOut {
    fn from(row: review_request::Model) -> Self {
        Self {
            account_id: row.account_id,
            kind: row.kind.into(),
            asked_at: row.asked_at,
            withdrawn_at: row.withdrawn_at,
        }
    }
}

/// The reviewers whom a provider asked about a draft.
#[derive(Object)]
struct Reviewers {
    /// Latest first, at most 200.
    items: Vec<ReviewerOut>,
}

#[derive(ApiResponse)]
enum AskedOut {
    /// Asked, and told by mail.
    #[oai(status = 201)]
    Now(Json<ReviewerOut>),
    /// Asked already.
    #[oai(status = 200)]
    Already(Json<ReviewerOut>),
}

#[derive(ApiResponse)]
enum Withdrawn {
    /// The draft does not exist for them any more.
    #[oai(status = 204)]
    Done,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Publication")]
impl ReviewersApi {
    /// The reviewers of other providers who were asked about a draft
    #[oai(path = "/modules/:code/draft/reviewers", method = "get", operation_id = "list_reviewers")]
    async fn list_reviewers(
        &self,
        who: DraftReader,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
    ) -> Result<Json<Reviewers>, Problem> {
        let conn = self.app.db.read();
        let desk = draft::read(conn, &who, &code_of(&code)?).await?;
        policy::allow(&who, Action::ReadDraft, &Target::Provider(desk.module.provider_id))?;
        let rows = reviewers::of_draft(conn, desk.draft.id).await?;
        Ok(Json(Reviewers { items: rows.into_iter().map(Into::into).collect() }))
    }

    /// Ask somebody who reviews at another provider to review this draft
    #[oai(path = "/modules/:code/draft/reviewers", method = "post", operation_id = "ask_review")]
    async fn ask_review(
        &self,
        who: ReviewAsker,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        body: Json<ReviewerIn>,
    ) -> Result<AskedOut, Problem> {
        let asked = whom(&body)?;
        let tx = self.app.db.begin_write().await?;
        let (kind, now) = (body.kind.into(), self.app.clock.now());
        let (row, new) = reviewers::ask(&tx, &who, &code_of(&code)?, (asked, kind), now).await?;
        tx.commit().await?;
        let body = Json(ReviewerOut::from(row));
        Ok(if new { AskedOut::Now(body) } else { AskedOut::Already(body) })
    }

    /// Withdraw what was asked of an account
    #[oai(
        path = "/modules/:code/draft/reviewers/:account",
        method = "delete",
        operation_id = "withdraw_review_request"
    )]
    async fn withdraw_review_request(
        &self,
        who: ReviewAsker,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// The account.
        #[oai(example = "crate::http::examples::id")]
        account: Path<Uuid>,
    ) -> Result<Withdrawn, Problem> {
        let tx = self.app.db.begin_write().await?;
        let now = self.app.clock.now();
        reviewers::withdraw(&tx, &who, &code_of(&code)?, account.0, now).await?;
        tx.commit().await?;
        Ok(Withdrawn::Done)
    }
}

/// The account or the person, whichever is given.
fn whom(body: &ReviewerIn) -> Result<Asked> {
    match (body.account_id, body.person_id) {
        (Some(account), None) => Ok(Asked::Account(account)),
        (None, Some(person)) => Ok(Asked::Person(person)),
        _ => {
            let fault = Fault::new(
                "/account_id",
                "un compte ou une personne, et un seul des deux",
                "an account or a person, and only one of them",
            );
            Err(Refusal::naming(Reason::InvalidValues, vec![fault]).into())
        }
    }
}
