//! What a restored database is told of the time it does not know: everything that was going on when
//! the backup was made may have happened since, and is closed rather than done a second time.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, EntityTrait as _};
use serde_json::json;

use crate::accounts::{links, session};
use crate::error::Result;
use crate::instance::worker_beat;
use crate::journal;
use crate::publication::schedule;
use crate::references::flags;
use crate::sessions::feed;
use crate::{mail, reminders};

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
    let missed = reminders::pass_over(tx, now).await?;
    let unscheduled = schedule::cancel_all(tx, now).await?;
    let to_review = flags::pass_over(tx, now).await?;
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
        "calendars": calendars,
    });
    journal::act(tx, None, "instance.restore", ("instance", 1), detail, now).await?;
    Ok(settled)
}
