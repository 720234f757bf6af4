//! Reviewing a draft, reading what was said of it, and what awaits me, over HTTP.

use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use sea_orm::ActiveEnum as _;
use uuid::Uuid;

use super::bodies::{KindShown, ReviewIn, VerdictShown};
use crate::app::App;
use crate::catalogue::api::code_of;
use crate::catalogue::draft;
use crate::error::Result;
use crate::http::Tag;
use crate::http::guards::{DraftReader, DraftReviewer};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::publication::reviews::{self, Awaiting, Said};
use crate::publication::{review, rules};

/// Reviews of drafts.
pub struct ReviewsApi {
    /// The application.
    pub app: App,
}

/// Where a draft stands after its review.
#[derive(Object)]
struct Reviewed {
    /// `reviewed` once a pedagogical review stands, `submitted` until then, or `writing` when changes
    /// were requested.
    state: String,
}

/// A review of a draft.
#[derive(Object)]
#[oai(rename = "DraftReviewSaid")]
struct ReviewOut {
    /// Identifier.
    id: Uuid,
    /// The account that reviewed.
    reviewer_id: Uuid,
    /// What was looked at.
    kind: KindShown,
    /// The conclusion.
    verdict: VerdictShown,
    /// Digest of what was read.
    digest: String,
    /// Whether it is an acceptance that stands for the draft as it is.
    stands: bool,
    /// Why.
    comment: String,
    /// What is said of lines.
    comments: Vec<LineSaid>,
    /// When.
    at: DateTime<Utc>,
}

/// What a review says of one line of one file.
#[derive(Object)]
struct LineSaid {
    /// Path of the file in the module.
    path: String,
    /// The line, from 1, in the files that were read.
    line: i32,
    /// What is said of it.
    text: String,
}

/// The reviews of a draft.
#[derive(Object)]
#[oai(rename = "DraftReviewsSaid")]
struct ReviewsOut {
    /// Latest first, at most 200.
    items: Vec<ReviewOut>,
}

/// A draft that I may review.
#[derive(Object)]
#[oai(rename = "AwaitingReview")]
struct AwaitingOut {
    /// Identifier of the draft.
    draft_id: Uuid,
    /// Code of the module.
    module_code: String,
    /// Its title; its code while nothing of it is published.
    module_title: String,
    /// `submitted` or `reviewed`: the files are frozen and may be reviewed; `writing`: not yet.
    state: String,
    /// What another provider asked of me; absent for a draft of my own provider.
    #[oai(skip_serializing_if_is_none)]
    asked: Option<KindShown>,
    /// Digest of what is to be read, once submitted.
    #[oai(skip_serializing_if_is_none)]
    digest: Option<String>,
    /// When the draft last changed.
    updated_at: DateTime<Utc>,
}

/// A page of drafts that I may review.
#[derive(Object)]
#[oai(rename = "AwaitingReviews")]
struct AwaitingPage {
    /// The latest drafts first.
    items: Vec<AwaitingOut>,
    /// Cursor of the next page.
    next: Option<String>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Publication")]
impl ReviewsApi {
    /// Review a submitted draft, by someone who did not write it
    #[oai(path = "/modules/:code/draft/review", method = "post", operation_id = "review_draft")]
    async fn review_draft(
        &self,
        who: DraftReviewer,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        body: Json<ReviewIn>,
    ) -> Result<Json<Reviewed>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let now = self.app.clock.now();
        let desk = review::review(&tx, &who, &code_of(&code)?, body.0.into(), now).await?;
        tx.commit().await?;
        Ok(Json(Reviewed { state: desk.draft.state.to_value() }))
    }

    /// What reviewers said of a draft, latest first, with their comments on its lines
    #[oai(path = "/modules/:code/draft/reviews", method = "get", operation_id = "list_reviews")]
    async fn list_reviews(
        &self,
        who: DraftReader,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
    ) -> Result<Json<ReviewsOut>, Problem> {
        let conn = self.app.db.read();
        let desk = draft::read(conn, &who, &code_of(&code)?).await?;
        let said = reviews::of_draft(conn, &desk).await?;
        Ok(Json(ReviewsOut { items: said.into_iter().map(Into::into).collect() }))
    }

    /// What awaits my review: drafts submitted where I review, and those I was asked to review elsewhere
    #[oai(path = "/me/reviews", method = "get", operation_id = "my_reviews")]
    async fn my_reviews(
        &self,
        who: DraftReviewer,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<AwaitingPage>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let conn = self.app.db.read();
        let rows = reviews::awaiting(conn, &who, page.limit, page.before()?).await?;
        let next = page.next(&rows, |row| row.draft.id);
        Ok(Json(AwaitingPage { items: rows.into_iter().map(Into::into).collect(), next }))
    }
}

impl From<Said> for ReviewOut {
    fn from(said: Said) -> Self {
        let Said { review, stands, remarks } = said;
        let comments =
            remarks.into_iter().map(|r| LineSaid { path: r.path, line: r.line, text: r.text });
        Self {
            id: review.id,
            reviewer_id: review.reviewer_id,
            kind: rules::kind_of(&review).into(),
            verdict: review.verdict.into(),
            digest: review.tree_digest,
            stands,
            comment: review.comment,
            comments: comments.collect(),
            at: review.at,
        }
    }
}

impl From<Awaiting> for AwaitingOut {
    fn from(row: Awaiting) -> Self {
        Self {
            draft_id: row.draft.id,
            module_code: row.module.code,
            module_title: row.module.title,
            state: row.draft.state.to_value(),
            asked: row.asked.map(Into::into),
            digest: row.draft.submitted_digest,
            updated_at: row.draft.updated_at,
        }
    }
}
