//! From writing to submitted, reviewed and closed.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, Set};
use serde_json::json;

use super::{Desk, reading, to_mend};
use crate::accounts::Principal;
use crate::catalogue::model::{DraftState, Verdict, draft};
use crate::content::{self, Finding};
use crate::error::Result;
use crate::journal;

/// Submits a draft that is held: its files are frozen under their digest.
///
/// # Errors
/// `draft-frozen` when it already is; `content-findings` listing all that is to mend. What is only due
/// does not stop a draft here: publication does.
pub async fn submit(
    tx: &DatabaseTransaction,
    who: &Principal,
    desk: Desk,
    now: DateTime<Utc>,
) -> Result<Desk> {
    desk.must_be_writing()?;
    let reading = reading(tx, &desk, now.date_naive()).await?;
    let errors: Vec<Finding> = content::errors(&reading.findings).cloned().collect();
    if !errors.is_empty() {
        return Err(to_mend(&errors));
    }
    let digest = reading.tree.digest().to_string();
    let author = Some(who.account_id);
    let detail = json!({ "module": desk.module.id, "digest": digest });
    journal::act(tx, author, "draft.submit", ("draft", desk.draft.id), detail, now).await?;
    moved(tx, desk, DraftState::Submitted, Some(digest), now).await
}

/// Moves a submitted draft where its reviewer's verdict sends it. Acceptance makes it *reviewed* once
/// the pedagogical review is among those that stand, which is for the caller to say.
///
/// # Errors
/// When the database fails.
pub async fn conclude(
    tx: &DatabaseTransaction,
    desk: Desk,
    verdict: Verdict,
    is_reviewed: bool,
    now: DateTime<Utc>,
) -> Result<Desk> {
    let digest = desk.draft.submitted_digest.clone();
    match verdict {
        Verdict::Accepted if is_reviewed => {
            moved(tx, desk, DraftState::Reviewed, digest, now).await
        }
        Verdict::Accepted => moved(tx, desk, DraftState::Submitted, digest, now).await,
        Verdict::ChangesRequested => reopen(tx, desk, now).await,
    }
}

/// Gives a frozen draft back to its authors.
///
/// # Errors
/// When the database fails.
pub async fn reopen(tx: &DatabaseTransaction, desk: Desk, now: DateTime<Utc>) -> Result<Desk> {
    moved(tx, desk, DraftState::Writing, None, now).await
}

/// Closes a draft that has been published.
///
/// # Errors
/// When the database fails.
pub async fn close(
    tx: &DatabaseTransaction,
    draft: draft::Model,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut row: draft::ActiveModel = draft.into();
    row.closed_at = Set(Some(now));
    row.update(tx).await?;
    Ok(())
}

async fn moved(
    tx: &DatabaseTransaction,
    desk: Desk,
    state: DraftState,
    digest: Option<String>,
    now: DateTime<Utc>,
) -> Result<Desk> {
    let revision = desk.draft.revision + 1;
    let mut row: draft::ActiveModel = desk.draft.into();
    row.state = Set(state);
    row.revision = Set(revision);
    row.submitted_digest = Set(digest);
    row.updated_at = Set(now);
    Ok(Desk { module: desk.module, draft: row.update(tx).await? })
}
