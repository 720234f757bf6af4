//! What a restored database is told of the time it does not know: everything that was going on when
//! the backup was made may have happened since, and is closed rather than done a second time.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, EntityTrait as _};
use serde_json::json;

use crate::accounts::{links, session};
use crate::error::Result;
use crate::instance::worker_beat;
use crate::jobs;
use crate::journal;
use crate::publication::schedule;
use crate::references::flags;
use crate::sessions::feed;
use crate::{mail, reminders, requirements};

/// What was closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aftermath {
    /// Sessions that would have gone on.
    pub sessions: u64,
    /// Invitations and password resets that would still have opened an account.
    pub links: u64,
    /// Messages of which nobody knows whether they have gone.
    pub unknown: u64,
    /// Messages that would have carried a link which opens nothing any more.
    pub cancelled: u64,
    /// Reminders already due, recorded as missed.
    pub missed: u64,
    /// Publications to come, which may have happened or been cancelled since.
    pub unscheduled: u64,
    /// Reviews already due, of which nobody is told by mail.
    pub to_review: u64,
    /// Jobs that may have gone on since.
    pub jobs: u64,
    /// Addresses of calendars, which may have been ended since.
    pub calendars: u64,
}

/// Settles a database that shows the instant `made_at`, so that it may be served from `now` on.
///
/// # Errors
/// When the database fails.
pub(super) async fn settle(
    tx: &DatabaseTransaction,
    made_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Aftermath> {
    let sessions = session::revoke_everyone(tx, now).await?;
    let links = links::spend_everyone(tx, now).await?;
    let mail = mail::doubt(tx, now).await?;
    let missed = pass_over(tx, now).await?;
    let unscheduled = schedule::cancel_all(tx, now).await?;
    let to_review = flags::pass_over(tx, now).await?;
    let jobs = jobs::tidy::end_all(tx, now).await?;
    let calendars = feed::revoke_everyone(tx, now).await?;
    // The workers that it remembers are gone.
    worker_beat::Entity::delete_many().exec(tx).await?;
    let settled = Aftermath {
        sessions,
        links,
        unknown: mail.unknown,
        cancelled: mail.cancelled,
        missed,
        unscheduled,
        to_review,
        jobs,
        calendars,
    };
    let detail = json!({
        "made_at": made_at,
        "sessions": sessions,
        "links": links,
        "mail_unknown": mail.unknown,
        "mail_cancelled": mail.cancelled,
        "reminders_missed": missed,
        "publications_unscheduled": unscheduled,
        "to_review": to_review,
        "jobs": jobs,
        "calendars": calendars,
    });
    journal::act(tx, None, "instance.restore", ("instance", 1), detail, now).await?;
    Ok(settled)
}

/// What was required since is owed again, and nothing of it is told again: it may have been said.
/// Answers how many reminders are recorded as missed.
async fn pass_over(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64> {
    requirements::enter_everyone(tx, now).await?;
    reminders::pass_over(tx, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirements::tests::{Story, draft, noon};

    #[tokio::test]
    async fn what_is_owed_since_the_backup_is_opened_again_and_not_told_again() {
        let (story, made_at) = (Story::begin().await, noon("2026-01-04"));
        story.require(&draft(), "2026-01-03").await;
        // Of somebody whose year is over in four days: told since the backup.
        story.elected("2025-01-10").await;
        let now = noon("2026-01-06");
        let tx = story.tx().await;
        reminders::seed(&tx, made_at).await.expect("the rules");
        assert!(pass_over(&tx, now).await.expect("passed over") > 0);
        tx.commit().await.expect("committed");
        let entered = requirements::enter(&story.db, now).await.expect("entered");
        assert_eq!(entered.opened, 0, "opened before");
        let planned = reminders::plan(&story.db, now).await.expect("planned");
        assert_eq!((planned.queued, planned.no_address), (0, 0), "{planned:?}");
    }
}
