//! Opening drafts: of a new module, or of the version to come of an existing one.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

use super::{Desk, files, open_one};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::model::{DraftState, Origin, draft, draft_file, module_version_file};
use crate::catalogue::{find, paths, version};
use crate::clock;
use crate::content::{self, ModuleCode};
use crate::db::{self, Lock};
use crate::error::{Faults, Reason, Result};
use crate::journal;

/// Longest title of a module, in characters: that of the manifest.
const TITLE: usize = 150;
use crate::providers;

/// Creates a module of a provider, with an open and empty draft.
///
/// # Errors
/// `not-found` for a provider that is unknown or not the caller's; `module-code-taken`.
pub async fn create_module(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    provider: &str,
    now: DateTime<Utc>,
) -> Result<Desk> {
    let owner = providers::by_ref(tx, provider).await?.ok_or(Reason::NotFound)?;
    policy::allow(who, Action::WriteDraft, &Target::Provider(owner.id))?;
    // One code, one thing: people type them into the same box. Of two at once the second sees the first.
    db::lock(tx, Lock::Codes).await?;
    let taken = !paths::find::known(tx, [code.as_str()]).await?.is_empty();
    if taken || !version::add_module(tx, code, owner.id, Origin::Api, now).await? {
        return Err(Reason::ModuleCodeTaken.into());
    }
    let module = find::by_code(tx, code).await?;
    let draft = insert(tx, who, module.id, now).await?;
    let (author, detail) = (Some(who.account_id), json!({ "code": code, "draft": draft.id }));
    journal::act(tx, author, "module.create", ("module", module.id), detail, now).await?;
    Ok(Desk { module, draft })
}

/// Creates a module of a provider, with an open draft that begins with one of everything, sound but
/// for its blanks.
///
/// # Errors
/// As [`create_module`], and `invalid-values` for the title.
pub async fn begin_module(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    (provider, title): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Desk> {
    let mut faults = Faults::default();
    faults.check_text(title, "/title", TITLE);
    faults.refuse()?;
    let desk = create_module(tx, who, code, provider, now).await?;
    let tree = content::starter_of(code, provider, title, now.date_naive());
    let tree = tree.map_err(anyhow::Error::from)?;
    files::replace_files(tx, who, desk, &tree, now).await
}

/// Opens the draft of an existing module, starting from what is published; or finds the one already
/// open. Answers whether it is new.
///
/// # Errors
/// `not-found`, or `module-from-files` for a module that is edited in a folder.
pub async fn open_draft(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    now: DateTime<Utc>,
) -> Result<(Desk, bool)> {
    let module = find::by_code(tx, code).await?;
    policy::allow(who, Action::WriteDraft, &Target::Provider(module.provider_id))?;
    if module.origin == Origin::Files {
        return Err(Reason::ModuleFromFiles.into());
    }
    let module = version::lock_module(tx, module.id).await?;
    if let Some(draft) = open_one(module.id).one(tx).await? {
        return Ok((Desk { module, draft }, false));
    }
    let draft = insert(tx, who, module.id, now).await?;
    if let Some(latest) = find::latest(tx, module.id).await? {
        copy_files(tx, latest.id, draft.id).await?;
    }
    let (author, detail) = (Some(who.account_id), json!({ "module": module.id }));
    journal::act(tx, author, "draft.open", ("draft", draft.id), detail, now).await?;
    Ok((Desk { module, draft }, true))
}

async fn insert(
    tx: &DatabaseTransaction,
    who: &Principal,
    module_id: Uuid,
    now: DateTime<Utc>,
) -> Result<draft::Model> {
    let row = draft::ActiveModel {
        id: Set(clock::new_id()),
        module_id: Set(module_id),
        author_id: Set(who.account_id),
        state: Set(DraftState::Writing),
        revision: Set(1),
        submitted_digest: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        closed_at: Set(None),
    };
    let draft = row.insert(tx).await?;
    files::sign(tx, draft.id, who).await?;
    Ok(draft)
}

async fn copy_files(tx: &DatabaseTransaction, version_id: Uuid, draft_id: Uuid) -> Result<()> {
    let files = module_version_file::Entity::find()
        .filter(module_version_file::COLUMN.version_id.eq(version_id))
        .all(tx)
        .await?;
    let rows = files.into_iter().map(|file| draft_file::ActiveModel {
        draft_id: Set(draft_id),
        path: Set(file.path),
        blob_digest: Set(file.blob_digest),
    });
    draft_file::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}
