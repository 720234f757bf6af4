//! Writing paths in the application: a publisher of the provider publishes each version.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum as _, DatabaseTransaction};
use serde_json::json;

use super::find;
use super::version::{self, Publication};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::find as modules;
use crate::catalogue::model::{ChangeKind, Origin, path, path_version};
use crate::content::{KnownModules, LearningPath, ModuleCode, PathPart, PathSketch, path_faults};
use crate::db::{self, Lock};
use crate::error::{Fault, Reason, Refusal, Result, found};
use crate::journal;
use crate::providers;

/// A path and its latest version, held until the end of the transaction.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The path.
    pub path: path::Model,
    /// Its latest version.
    pub latest: path_version::Model,
}

/// What a publisher says of a new version.
#[derive(Clone, Debug)]
pub struct Change {
    /// What it changes.
    pub kind: ChangeKind,
    /// A word to readers about it.
    pub note: Option<String>,
}

/// Publishes a new path of a provider, beside the `known` published modules.
///
/// # Errors
/// `not-found` for a provider that is unknown or not the caller's; `path-code-taken` for the code of
/// a path or of a module; `invalid-values` for what cannot be followed.
pub async fn create(
    tx: &DatabaseTransaction,
    who: &Principal,
    content: &LearningPath,
    known: &KnownModules,
    now: DateTime<Utc>,
) -> Result<Desk> {
    let owner = providers::by_ref(tx, &content.provider).await?.ok_or(Reason::NotFound)?;
    policy::allow(who, Action::Publish, &Target::Provider(owner.id))?;
    let code = ModuleCode::parse(&content.code).map_err(|_| Reason::InvalidValues)?;
    db::lock(tx, Lock::Codes).await?;
    if found(modules::by_code(tx, &code).await)?.is_some() {
        return Err(Reason::PathCodeTaken.into());
    }
    must_be_sound(content, known)?;
    if !version::add_path(tx, &content.code, owner.id, Origin::Api, now).await? {
        return Err(Reason::PathCodeTaken.into());
    }
    let path = find::by_code(tx, &content.code).await?;
    let latest = publish(tx, who, &path, content, None, now).await?;
    Ok(Desk { path, latest })
}

/// A path of a provider of the caller's, held until the end of the transaction.
///
/// # Errors
/// `not-found` when no path has this code or it is another provider's; `path-from-files`.
pub async fn lock(tx: &DatabaseTransaction, who: &Principal, code: &ModuleCode) -> Result<Desk> {
    let path = find::by_code(tx, code.as_str()).await?;
    policy::allow(who, Action::Publish, &Target::Provider(path.provider_id))?;
    let path = version::lock(tx, path.id).await?;
    if path.origin == Origin::Files {
        return Err(Reason::PathFromFiles.into());
    }
    let latest = find::latest(tx, path.id).await?.ok_or(Reason::NotFound)?;
    Ok(Desk { path, latest })
}

/// The reference of the provider as the path states it.
///
/// # Errors
/// An internal error when what is kept cannot be read any more.
pub fn provider_of(desk: &Desk) -> Result<String> {
    let provider = desk.latest.manifest["provider"].as_str();
    Ok(provider.ok_or(Reason::Internal)?.to_owned())
}

/// Publishes the next version of a path that is held; answers it, and whether it is new: what says
/// the same as the latest version is that version.
///
/// # Errors
/// `invalid-values` for what cannot be followed.
pub async fn revise(
    tx: &DatabaseTransaction,
    who: &Principal,
    desk: Desk,
    content: &LearningPath,
    change: Change,
    known: &KnownModules,
    now: DateTime<Utc>,
) -> Result<(Desk, bool)> {
    must_be_sound(content, known)?;
    if version::digest(content)?.to_string() == desk.latest.digest {
        return Ok((desk, false));
    }
    let latest = publish(tx, who, &desk.path, content, Some(change), now).await?;
    Ok((Desk { latest, ..desk }, true))
}

async fn publish(
    tx: &DatabaseTransaction,
    who: &Principal,
    path: &path::Model,
    content: &LearningPath,
    change: Option<Change>,
    now: DateTime<Utc>,
) -> Result<path_version::Model> {
    let (kind, note) =
        change.map_or((ChangeKind::First, None), |change| (change.kind, change.note));
    let publication = Publication { change: kind, note, published_by: Some(who.account_id) };
    let added = version::add(tx, path, content, publication, now).await?;
    let detail = json!({
        "version": added.number, "digest": added.digest, "change": added.change_kind.to_value(),
    });
    let (who, subject) = (Some(who.account_id), ("path", path.id));
    journal::act(tx, who, "path.publish", subject, detail, now).await?;
    Ok(added)
}

/// Refuses a path that names what is not published, or that nobody could follow. What is to mend is
/// told in French: its readers are publishers.
fn must_be_sound(content: &LearningPath, known: &KnownModules) -> Result<()> {
    let faults = path_faults(&PathSketch::from(content), known);
    if faults.is_empty() {
        return Ok(());
    }
    let pointer = |part| match part {
        PathPart::Whole => "/steps".to_owned(),
        PathPart::Code => "/code".to_owned(),
        PathPart::Audiences => "/audiences".to_owned(),
        PathPart::Prerequisite(rank) => format!("/prerequisites/{rank}"),
        PathPart::Step(rank) => format!("/steps/{rank}"),
    };
    let faults = faults.into_iter().map(|fault| {
        let text = format!("{} — {}", fault.what, fault.remedy);
        Fault::new(pointer(fault.part), text.clone(), text)
    });
    Err(Refusal::naming(Reason::InvalidValues, faults.collect()).into())
}
