//! What is forgotten of jobs, and what a restored database is told of those that were going on.

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect as _, QueryTrait as _,
};

use super::model::{JobState, job, job_part, job_row};
use crate::error::Result;

/// How long what was sent is kept once the job is over.
const SENT_KEPT: Duration = Duration::days(30);

/// How long what became of the rows is.
const OUTCOMES_KEPT: Duration = Duration::days(365);

/// Why a job ended that was going on when the backup was made.
const RESTORED: &str = "restored";

/// Forgets what was sent thirty days after a job is over, and the job with its rows after a year.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
    let over_before = |instant| {
        job::Entity::find()
            .select_only()
            .column(job::Column::Id)
            .filter(job::Column::FinishedAt.lt(instant))
            .into_query()
    };
    job_part::Entity::delete_many()
        .filter(job_part::Column::JobId.in_subquery(over_before(now - SENT_KEPT)))
        .exec(tx)
        .await?;
    let old = now - OUTCOMES_KEPT;
    job_row::Entity::delete_many()
        .filter(job_row::Column::JobId.in_subquery(over_before(old)))
        .exec(tx)
        .await?;
    job::Entity::delete_many().filter(job::Column::FinishedAt.lt(old)).exec(tx).await?;
    Ok(())
}

/// Ends every job of a database that was restored: it may have gone on since, and what it wrote to
/// people is not written a second time. Answers how many.
///
/// # Errors
/// When the database fails.
pub async fn end_all(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64> {
    let ended = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Failed))
        .col_expr(job::Column::Failure, Expr::value(RESTORED))
        .col_expr(job::Column::FinishedAt, Expr::value(now))
        .filter(job::Column::FinishedAt.is_null())
        .exec(tx)
        .await?;
    Ok(ended.rows_affected)
}
