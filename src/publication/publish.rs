//! Publishing: one transaction, one winner.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum as _, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

use super::preview::{self, Change, Considered, House};
use super::{checklist, persons, schedule};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::draft::Desk;
use crate::catalogue::model::module_version;
use crate::catalogue::version::{self, Publication};
use crate::catalogue::{draft, find};
use crate::content::ModuleCode;
use crate::error::{Error, Faults, Reason, Result};
use crate::journal;
use crate::obligations::{self, Renewal};

/// What a publisher asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// What the version changes.
    pub change: Change,
    /// The digest of the preview.
    pub digest: String,
    /// A word to readers about the change.
    pub note: Option<String>,
}

/// Longest note, in characters.
const NOTE: usize = 1_000;

/// Publishes a reviewed draft as the next version of its module, and opens what a change of the law
/// makes people owe. The caller commits, then refreshes the shelf.
///
/// # Errors
/// `author-cannot-publish`; `publication-scheduled`; `preview-outdated` when anything that the preview
/// told has moved, the draft having been published meanwhile included; `draft-not-submitted`,
/// `draft-not-reviewed`, `content-findings` when the checklist does not hold; `invalid-values` for the
/// note.
pub async fn publish(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    request: Request,
    house: House,
    now: DateTime<Utc>,
) -> Result<module_version::Model> {
    let (desk, considered) = agreed(tx, who, code, &request, house, now).await?;
    issue(tx, desk, considered, request.change, request.note, who.account_id, now).await
}

/// What a publisher quotes, held and found to be so: the draft, and what publishing it would do. Two
/// publishers at once: the second waits here, then finds the draft closed or scheduled.
pub(super) async fn agreed(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    request: &Request,
    house: House,
    now: DateTime<Utc>,
) -> Result<(Desk, Considered)> {
    check_note(request.note.as_deref())?;
    let module = find::by_code(tx, code).await?;
    policy::allow(who, Action::Publish, &Target::Provider(module.provider_id))?;
    version::lock_module(tx, module.id).await?;
    let desk = draft::lock(tx, who, Action::Publish, code).await.map_err(moved_on)?;
    if draft::authors(tx, &desk.draft).await?.contains(&who.account_id) {
        return Err(Reason::AuthorCannotPublish.into());
    }
    schedule::must_be_free(tx, desk.draft.id).await?;
    let considered = preview::consider(tx, &desk, request.change, house, now).await?;
    if considered.preview.digest != request.digest {
        return Err(Reason::PreviewOutdated.into());
    }
    checklist::must_hold(desk.draft.state, &considered.preview.checks)?;
    Ok((desk, considered))
}

/// Makes a version of a draft that is held with its module, and that the checklist lets through.
pub(super) async fn issue(
    tx: &DatabaseTransaction,
    desk: Desk,
    considered: Considered,
    change: Change,
    note: Option<String>,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<module_version::Model> {
    let content = considered.reading.content.as_ref().ok_or(Reason::Internal)?;
    let publication = Publication {
        change: change.kind,
        note,
        published_by: Some(by),
        reviewed_by: considered.standing.pedagogical.map(|review| review.reviewer_id),
        renewal_months: change.due_in_months,
    };
    let tree = &considered.reading.tree;
    let version = version::add(tx, &desk.module, tree, content, publication, now).await?;
    if let Some(months) = change.due_in_months {
        open(tx, &version, months, now).await?;
    }
    let subject = ("draft", desk.draft.id);
    let mut detail = json!({
        "module": desk.module.id, "version": version.id, "number": version.number,
        "digest": version.tree_digest, "change": version.change_kind.to_value(),
    });
    if let Some(months) = change.due_in_months {
        detail["due_in_months"] = json!(months);
    }
    journal::act(tx, Some(by), "draft.publish", subject, detail, now).await?;
    draft::close(tx, desk.draft, now).await?;
    Ok(version)
}

/// Opens what a change of the law makes those owe who completed an earlier version.
async fn open(
    tx: &DatabaseTransaction,
    version: &module_version::Model,
    months: u32,
    now: DateTime<Utc>,
) -> Result<u64> {
    let renewal = Renewal {
        module_id: version.module_id,
        version_id: version.id,
        number: version.number,
        months,
    };
    let holders = persons::holders(tx, version.module_id).await?;
    obligations::open_for_legal_change(tx, renewal, &holders, now).await
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
