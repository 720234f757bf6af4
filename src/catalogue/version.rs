//! The rows of a new module and of a new version.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, QuerySelect, Set};
use uuid::Uuid;

use super::model::{ChangeKind, Origin, module, module_version, module_version_file};
use super::{find, revision, store};
use crate::clock;
use crate::content::{self, ModuleCode, Tree};
use crate::error::{Reason, Result};

/// What publishing adds to the files themselves.
#[derive(Clone, Debug)]
pub struct Publication {
    /// What changes since the version before; the first version is always `first`.
    pub change: ChangeKind,
    /// A word to readers about the change.
    pub note: Option<String>,
    /// The account that publishes; absent for an import.
    pub published_by: Option<Uuid>,
    /// The account that reviewed; absent for an import.
    pub reviewed_by: Option<Uuid>,
    /// Months given to those who completed an earlier version, or complete one from now on, to complete
    /// this one; none unless the law has changed.
    pub renewal_months: Option<u32>,
}

/// Adds a module unless its code is taken; answers whether it was added.
///
/// # Errors
/// When the database fails.
pub(super) async fn add_module(
    tx: &DatabaseTransaction,
    code: &ModuleCode,
    provider_id: Uuid,
    origin: Origin,
    now: DateTime<Utc>,
) -> Result<bool> {
    let row = module::ActiveModel {
        id: Set(clock::new_id()),
        code: Set(code.to_string()),
        provider_id: Set(provider_id),
        origin: Set(origin),
        created_at: Set(now),
    };
    let added = module::Entity::insert(row)
        .on_conflict(OnConflict::column(module::Column::Code).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(added > 0)
}

/// Takes a module for oneself until the end of the transaction, so that its versions follow each
/// other one at a time.
///
/// # Errors
/// `not-found` when there is no such module.
pub async fn lock_module(tx: &DatabaseTransaction, module_id: Uuid) -> Result<module::Model> {
    let found = module::Entity::find_by_id(module_id).lock_exclusive().one(tx).await?;
    Ok(found.ok_or(Reason::NotFound)?)
}

/// Keeps a module from being published anew until the end of the transaction: what is completed of it
/// meanwhile is completed before its next version or after it, and each sees the other. Any number may
/// keep it so at once.
///
/// # Errors
/// When the database fails.
pub async fn keep_still(tx: &DatabaseTransaction, module_id: Uuid) -> Result<()> {
    module::Entity::find_by_id(module_id).lock_shared().one(tx).await?;
    Ok(())
}

/// Publishes a tree as the next version of a module whose lock is held. `content` is what the tree
/// was read as.
///
/// # Errors
/// When the database fails.
pub async fn add(
    tx: &DatabaseTransaction,
    module: &module::Model,
    tree: &Tree,
    content: &content::Module,
    publication: Publication,
    now: DateTime<Utc>,
) -> Result<module_version::Model> {
    let before = find::latest(tx, module.id).await?.map(|v| v.number);
    let files = store::save_tree(tx, tree, now).await?;
    let version = row(module.id, before, content, publication, now)?.insert(tx).await?;
    let files = files.into_iter().map(|(path, digest)| module_version_file::ActiveModel {
        version_id: Set(version.id),
        path: Set(path),
        blob_digest: Set(digest.to_string()),
    });
    module_version_file::Entity::insert_many(files).exec_without_returning(tx).await?;
    revision::bump(tx).await?;
    Ok(version)
}

fn row(
    module_id: Uuid,
    before: Option<i32>,
    content: &content::Module,
    publication: Publication,
    now: DateTime<Utc>,
) -> Result<module_version::ActiveModel> {
    let manifest = &content.manifest;
    let minutes = i32::try_from(manifest.duration_minutes).map_err(anyhow::Error::from)?;
    let limit = manifest.attempt_limit.map(i32::try_from).transpose();
    let months = publication.renewal_months.map(i32::try_from).transpose();
    let change = if before.is_none() { ChangeKind::First } else { publication.change };
    Ok(module_version::ActiveModel {
        id: Set(clock::new_id()),
        module_id: Set(module_id),
        number: Set(before.unwrap_or(0) + 1),
        tree_digest: Set(content.digest.to_string()),
        status: Set(manifest.status.as_str().to_owned()),
        level: Set(manifest.level.as_str().to_owned()),
        language: Set(manifest.language.clone()),
        title: Set(manifest.title.clone()),
        duration_minutes: Set(minutes),
        pass_mark_percent: Set(i32::from(manifest.pass_mark_percent)),
        attempt_limit: Set(limit.map_err(anyhow::Error::from)?),
        change_kind: Set(change),
        change_note: Set(publication.note),
        manifest: Set(serde_json::to_value(manifest).map_err(anyhow::Error::from)?),
        published_at: Set(now),
        published_by: Set(publication.published_by),
        reviewed_by: Set(publication.reviewed_by),
        renewal_months: Set(months.map_err(anyhow::Error::from)?),
    })
}
