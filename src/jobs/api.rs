//! Jobs over HTTP: how far they are, what became of their rows.

use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use sea_orm::ActiveEnum as _;
use uuid::Uuid;

use super::model::{JobState, job, job_row};
use super::{find, queue};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::shown::shown;

/// Jobs.
pub struct JobsApi {
    /// The application.
    pub app: App,
}

shown! {
    /// Where a job stands.
    JobStateShown of JobState {
        /// Waiting for a worker.
        Queued,
        /// Begun.
        Running,
        /// Every row was dealt with, well or not.
        Done,
        /// Stopped before its end.
        Failed,
        /// Stopped before its end by whoever asked for it.
        Cancelled,
    }
}

/// A job, and how far it is.
#[derive(Object)]
pub(crate) struct Job {
    /// Identifier.
    id: Uuid,
    /// What it does: `enrolment`.
    kind: String,
    /// Where it stands.
    state: JobStateShown,
    /// Rows that were sent.
    total: i32,
    /// Rows that are dealt with.
    done: i32,
    /// How many rows had each outcome; absent for an operator.
    #[oai(skip_serializing_if_is_none)]
    outcomes: Option<Vec<OutcomeCount>>,
    /// Why it stopped before its end: `forbidden`, `not-found`, `module-retired`, `no-longer-possible`, `restored` …
    #[oai(skip_serializing_if_is_none)]
    failure: Option<String>,
    /// When it was asked for.
    asked_at: DateTime<Utc>,
    /// When it began.
    #[oai(skip_serializing_if_is_none)]
    started_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[oai(skip_serializing_if_is_none)]
    finished_at: Option<DateTime<Utc>>,
}

/// How many rows had an outcome.
#[derive(Object)]
pub(crate) struct OutcomeCount {
    /// The outcome, a word.
    pub(crate) outcome: String,
    /// Rows.
    pub(crate) rows: i64,
}

/// What became of a row.
#[derive(Object)]
struct JobRow {
    /// Its number among those sent, from 1.
    row: i32,
    /// A word; those of a bulk enrolment are listed where it is asked for.
    outcome: String,
    /// What is particular to it.
    #[oai(skip_serializing_if_is_none)]
    detail: Option<String>,
    /// The person whom it names.
    #[oai(skip_serializing_if_is_none)]
    person_id: Option<Uuid>,
    /// What the outcome is about: an enrolment, an invitation.
    #[oai(skip_serializing_if_is_none)]
    subject_id: Option<Uuid>,
}

/// A page of rows.
#[derive(Object)]
struct JobRows {
    /// Rows, in the order in which they were sent.
    items: Vec<JobRow>,
    /// Cursor of the next page.
    next: Option<String>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Jobs")]
impl JobsApi {
    /// A job: how far it is; the counts of its outcomes for whoever asked for it
    #[oai(path = "/jobs/:id", method = "get", operation_id = "get_job")]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Job>, Problem> {
        let job = find::one(self.app.db.read(), id.0).await?;
        if job.asked_by == who.account_id {
            return Ok(Json(Job::of(job)));
        }
        Ok(Json(Job::for_an_operator(&who, job)?))
    }

    /// What became of the rows of a job of one's own
    #[oai(path = "/jobs/:id/rows", method = "get", operation_id = "list_job_rows")]
    async fn rows(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        /// Those of one outcome.
        #[oai(example = "crate::http::examples::outcome", validator(max_length = 40))]
        outcome: Query<Option<String>>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after_row", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<JobRows>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let after = page.after.as_deref().map(str::parse).transpose();
        let after: i32 = after.map_err(|_| Reason::InvalidParameter)?.unwrap_or(0);
        let conn = self.app.db.read();
        let job = find::own(conn, who.account_id, id.0).await?;
        let rows = find::rows(conn, job.id, outcome.0.as_deref(), (page.limit, after)).await?;
        let next = page.next_by(&rows, |row| row.number.to_string());
        Ok(Json(JobRows { items: rows.into_iter().map(JobRow::from).collect(), next }))
    }

    /// Cancel a job of one's own that is not over; what is done stays done
    #[oai(path = "/jobs/:id/cancel", method = "post", operation_id = "cancel_job")]
    async fn cancel(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Job>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let job = find::own(&tx, who.account_id, id.0).await?;
        let job = queue::cancel(&tx, job.id, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(Json(Job::of(job)))
    }
}

impl Job {
    /// As whoever asked for it sees it.
    pub(crate) fn of(job: job::Model) -> Self {
        let counts = job.counts.as_object().into_iter().flatten();
        let counts = counts.map(|(outcome, rows)| OutcomeCount {
            outcome: outcome.clone(),
            rows: rows.as_i64().unwrap_or(0),
        });
        Self { outcomes: Some(counts.collect()), ..Self::without_outcomes(job) }
    }

    /// As an operator sees it: what became of people is not theirs to know.
    fn for_an_operator(who: &Principal, job: job::Model) -> Result<Self> {
        // To anybody else, another's job does not exist, whatever their role.
        policy::allow(who, Action::ReadQueues, &Target::Machine).map_err(|_| Reason::NotFound)?;
        Ok(Self::without_outcomes(job))
    }

    fn without_outcomes(job: job::Model) -> Self {
        Self {
            id: job.id,
            kind: job.kind.to_value(),
            state: job.state.into(),
            total: job.total,
            done: job.done,
            outcomes: None,
            failure: job.failure,
            asked_at: job.asked_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        }
    }
}

impl From<job_row::Model> for JobRow {
    fn from(row: job_row::Model) -> Self {
        Self {
            row: row.number,
            outcome: row.outcome,
            detail: row.detail,
            person_id: row.person_id,
            subject_id: row.thing_id,
        }
    }
}
