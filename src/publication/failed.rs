//! Publications to come that do not happen: given back to their authors and told to their publisher;
//! at once when the checklist does not hold, in the end when they break off each time they are tried.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ActiveModelTrait as _, DatabaseTransaction, EntityTrait as _, Set};
use serde_json::json;

use super::due::{desk_of, held};
use super::model::{ScheduleState, scheduled_publication};
use super::schedule;
use crate::accounts::model::account;
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::find;
use crate::db::Db;
use crate::error::Result;
use crate::journal;
use crate::mail::model::Template;
use crate::mail::{self, Message};

/// How long the message that says what failed is worth sending.
const WORTH: Duration = Duration::days(30);

/// Times that a publication is tried before it is given up: the pauses between them are 1, 2, 4 and 8
/// minutes, so that what passes by itself has time to.
const MOST_TRIES: i32 = 5;

/// What the list of what is missing says of a publication that was given up.
const GIVEN_UP: (&str, &str) = (
    "interrupted",
    "le serveur mène la publication à bien — il s’y est repris plusieurs fois sans y parvenir : \
     programmez-la de nouveau, et prévenez qui administre l’installation si cela se répète",
);

/// Notes that a publication broke off: it is tried again later, or given up. Answers whether it was.
///
/// # Errors
/// When the database fails; nothing is noted then.
pub(super) async fn broke_off(
    db: &Db,
    due: &scheduled_publication::Model,
    now: DateTime<Utc>,
) -> Result<bool> {
    let module_id = desk_of(db, due.draft_id).await?.module.id;
    let tx = db.begin_write().await?;
    let Some((desk, row)) = held(&tx, module_id, due).await? else { return Ok(false) };
    // Of two workers that it broke off for at once, one notes it.
    if row.failures != due.failures {
        return Ok(false);
    }
    let failures = row.failures.unwrap_or(0) + 1;
    let given_up = failures >= MOST_TRIES;
    let mut noted: scheduled_publication::ActiveModel = row.into();
    noted.failures = Set(Some(failures));
    noted.retry_at = Set(Some(now + pause(failures)));
    let row = noted.update(&tx).await?;
    if given_up {
        let (code, line) = GIVEN_UP;
        fail(&tx, desk, row, vec![(code, line.to_owned())], now).await?;
        tracing::error!(schedule = %due.id, failures, "a scheduled publication was given up");
    }
    tx.commit().await?;
    Ok(given_up)
}

/// The pause after that many failures: 1, 2, 4 … minutes.
fn pause(failures: i32) -> Duration {
    let doublings = u32::try_from(failures - 1).unwrap_or(0).min(16);
    Duration::minutes(1_i64 << doublings)
}

/// Records that it did not happen, gives the draft back, and tells whoever scheduled it.
pub(super) async fn fail(
    tx: &DatabaseTransaction,
    desk: Desk,
    row: scheduled_publication::Model,
    broken: Vec<(&str, String)>,
    now: DateTime<Utc>,
) -> Result<()> {
    let codes = broken.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(" ");
    let lines = broken.iter().map(|(_, line)| format!("- {line}")).collect::<Vec<_>>();
    tell(tx, &desk, &row, lines.join("\n"), now).await?;
    let detail = json!({ "schedule": row.id, "checks": codes });
    journal::act(tx, None, "draft.publication_failed", ("draft", desk.draft.id), detail, now)
        .await?;
    draft::reopen(tx, desk, now).await?;
    schedule::settle(tx, row, ScheduleState::Failed, Some(codes), now).await
}

/// Tells whoever scheduled it, if there still is such an account.
async fn tell(
    tx: &DatabaseTransaction,
    desk: &Desk,
    row: &scheduled_publication::Model,
    lines: String,
    now: DateTime<Utc>,
) -> Result<()> {
    let publisher = account::Entity::find_by_id(row.scheduled_by).one(tx).await?;
    let Some(publisher) = publisher else { return Ok(()) };
    let names = find::names(tx, [desk.module.id]).await?;
    let title = names.get(&desk.module.id).map_or("", |name| name.title.as_str());
    let planned = row.at.with_timezone(&chrono_tz::Europe::Paris).date_naive();
    let message = Message {
        template: Template::PublicationFailed,
        person_id: publisher.person_id,
        subject_id: Some(row.id),
        context: json!({
            "module_code": desk.module.code, "module_title": title, "lines": lines,
            "planned_on": planned.to_string(),
        }),
        not_before: now,
        expires_at: now + WORTH,
    };
    mail::enqueue(tx, message, now).await?;
    Ok(())
}
