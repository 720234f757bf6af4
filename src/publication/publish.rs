//! Publishing: one transaction, one winner.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum as _, DatabaseTransaction};
use serde_json::json;

use super::checklist;
use super::preview::{self, House};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::model::{ChangeKind, module_version};
use crate::catalogue::version::{self, Publication};
use crate::catalogue::{draft, find};
use crate::content::ModuleCode;
use crate::error::{Error, Faults, Reason, Result};
use crate::journal;

/// What a publisher asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// What the version changes.
    pub change: ChangeKind,
    /// The digest of the preview.
    pub digest: String,
    /// A word to readers about the change.
    pub note: Option<String>,
}

/// Longest note, in characters.
const NOTE: usize = 1_000;

/// Publishes a reviewed draft as the next version of its module. The caller commits, then refreshes
/// the shelf.
///
/// # Errors
/// `author-cannot-publish`; `preview-outdated` when anything that the preview told has moved, the
/// draft having been published meanwhile included; `draft-not-submitted`, `draft-not-reviewed`,
/// `content-findings` when the checklist does not hold; `invalid-values` for the note.
pub async fn publish(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    request: Request,
    house: House,
    now: DateTime<Utc>,
) -> Result<module_version::Model> {
    check_note(request.note.as_deref())?;
    let module = find::by_code(tx, code).await?;
    policy::allow(who, Action::Publish, &Target::Provider(module.provider_id))?;
    // Two publishers at once: the second waits here, then finds the draft closed.
    version::lock_module(tx, module.id).await?;
    let desk = draft::lock(tx, who, Action::Publish, code).await.map_err(moved_on)?;
    if draft::authors(tx, &desk.draft).await?.contains(&who.account_id) {
        return Err(Reason::AuthorCannotPublish.into());
    }
    let considered = preview::consider(tx, &desk, request.change, house, now).await?;
    if considered.preview.digest != request.digest {
        return Err(Reason::PreviewOutdated.into());
    }
    checklist::must_hold(desk.draft.state, &considered.preview.checks)?;
    let content = considered.reading.content.as_ref().ok_or(Reason::Internal)?;
    let publication = Publication {
        change: request.change,
        note: request.note,
        published_by: Some(who.account_id),
        reviewed_by: considered.review.map(|review| review.reviewer_id),
    };
    let tree = &considered.reading.tree;
    let version = version::add(tx, &desk.module, tree, content, publication, now).await?;
    let (who, subject) = (Some(who.account_id), ("draft", desk.draft.id));
    let detail = json!({
        "module": module.id, "version": version.id, "number": version.number,
        "digest": version.tree_digest, "change": version.change_kind.to_value(),
    });
    journal::act(tx, who, "draft.publish", subject, detail, now).await?;
    draft::close(tx, desk.draft, now).await?;
    Ok(version)
}

/// A draft that is not there any more has been published, or never was: the preview is of no worth.
fn moved_on(error: Error) -> Error {
    match error {
        Error::Refused(refusal) if refusal.reason == Reason::NotFound => {
            Reason::PreviewOutdated.into()
        }
        other => other,
    }
}

fn check_note(note: Option<&str>) -> Result<()> {
    let mut faults = Faults::default();
    if let Some(note) = note {
        faults.check_text(note, "/note", NOTE);
    }
    faults.refuse()
}
