//! The rows of a new path and of a new version of one.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, QuerySelect, Set};
use uuid::Uuid;

use super::find;
use crate::catalogue::model::{ChangeKind, Origin, path, path_version};
use crate::catalogue::revision;
use crate::clock;
use crate::content::{Digest, LearningPath, blob_digest};
use crate::error::{Reason, Result};

/// What publishing adds to what a path says.
#[derive(Clone, Debug)]
pub(super) struct Publication {
    /// What changes since the version before; the first version is always `first`.
    pub(super) change: ChangeKind,
    /// A word to readers about the change.
    pub(super) note: Option<String>,
    /// The account that publishes; absent for an import.
    pub(super) published_by: Option<Uuid>,
}

/// The digest of what a path says: SHA-256 of its JSON, its fields in the order of [`LearningPath`].
///
/// # Errors
/// Never: a path can always be written.
pub(super) fn digest(content: &LearningPath) -> Result<Digest> {
    Ok(blob_digest(&serde_json::to_vec(content).map_err(anyhow::Error::from)?))
}

/// Adds a path unless its code is another path's; answers whether it was added.
///
/// # Errors
/// When the database fails.
pub(super) async fn add_path(
    tx: &DatabaseTransaction,
    code: &str,
    provider_id: Uuid,
    origin: Origin,
    now: DateTime<Utc>,
) -> Result<bool> {
    let row = path::ActiveModel {
        id: Set(clock::new_id()),
        code: Set(code.to_owned()),
        provider_id: Set(provider_id),
        origin: Set(origin),
        created_at: Set(now),
    };
    let added = path::Entity::insert(row)
        .on_conflict(OnConflict::column(path::Column::Code).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(added > 0)
}

/// Takes a path for oneself until the end of the transaction, so that its versions follow each other
/// one at a time.
///
/// # Errors
/// `not-found` when there is no such path.
pub(super) async fn lock(tx: &DatabaseTransaction, path_id: Uuid) -> Result<path::Model> {
    let found = path::Entity::find_by_id(path_id).lock_exclusive().one(tx).await?;
    Ok(found.ok_or(Reason::NotFound)?)
}

/// Publishes what a path says as its next version; its lock is held.
///
/// # Errors
/// When the database fails.
pub(super) async fn add(
    tx: &DatabaseTransaction,
    path: &path::Model,
    content: &LearningPath,
    publication: Publication,
    now: DateTime<Utc>,
) -> Result<path_version::Model> {
    let before = find::latest(tx, path.id).await?.map(|version| version.number);
    let change = if before.is_none() { ChangeKind::First } else { publication.change };
    let row = path_version::ActiveModel {
        id: Set(clock::new_id()),
        path_id: Set(path.id),
        number: Set(before.unwrap_or(0) + 1),
        digest: Set(digest(content)?.to_string()),
        title: Set(content.title.clone()),
        change_kind: Set(change),
        change_note: Set(publication.note),
        manifest: Set(serde_json::to_value(content).map_err(anyhow::Error::from)?),
        published_at: Set(now),
        published_by: Set(publication.published_by),
    };
    let version = row.insert(tx).await?;
    revision::bump(tx).await?;
    Ok(version)
}
