//! File trees in the database, each file kept once under the digest of its bytes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{anyhow, ensure};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::model::{blob, draft_file, module_version, module_version_file};
use crate::content::{Digest, Tree, blob_digest};
use crate::db::MOST_BOUND;
use crate::error::Result;

/// Keeps the bytes of every file of a tree; those already kept are left alone. Answers the digest
/// of each path.
///
/// # Errors
/// When the database fails.
pub async fn save_tree(tx: &DatabaseTransaction, tree: &Tree) -> Result<Vec<(String, Digest)>> {
    let digests: Vec<_> =
        tree.iter().map(|(path, bytes)| (path.to_owned(), blob_digest(bytes))).collect();
    // In the order of digests, so that two writers of the same bytes never wait for each other.
    let by_digest: BTreeMap<Digest, &[u8]> =
        tree.iter().zip(&digests).map(|((_, bytes), (_, digest))| (*digest, bytes)).collect();
    let blobs: Vec<_> = by_digest.iter().map(|(digest, bytes)| blob_row(*digest, bytes)).collect();
    if !blobs.is_empty() {
        blob::Entity::insert_many(blobs)
            .on_conflict(already_kept())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(digests)
}

/// Keeps the bytes of one file.
///
/// # Errors
/// When the database fails.
pub async fn save_blob(tx: &DatabaseTransaction, bytes: &[u8]) -> Result<Digest> {
    let digest = blob_digest(bytes);
    blob::Entity::insert(blob_row(digest, bytes))
        .on_conflict(already_kept())
        .exec_without_returning(tx)
        .await?;
    Ok(digest)
}

fn blob_row(digest: Digest, bytes: &[u8]) -> blob::ActiveModel {
    blob::ActiveModel { digest: Set(digest.to_string()), bytes: Set(bytes.to_vec()) }
}

fn already_kept() -> OnConflict {
    OnConflict::column(blob::Column::Digest).do_nothing().to_owned()
}

/// The tree of a version, checked byte for byte against the digests under which it was published.
///
/// # Errors
/// `not-found` for an unknown version; an internal error when what is kept is not what was published.
#[cfg(test)]
pub(super) async fn load_tree(conn: &impl ConnectionTrait, version_id: Uuid) -> Result<Tree> {
    use crate::error::Reason;
    let version =
        module_version::Entity::find_by_id(version_id).one(conn).await?.ok_or(Reason::NotFound)?;
    let mut trees = version_trees(conn, &[version]).await?;
    Ok(trees.remove(&version_id).ok_or(Reason::Internal)?)
}

/// The trees of several versions, checked likewise, by version id; two statements.
///
/// # Errors
/// An internal error when what is kept is not what was published.
pub(super) async fn version_trees(
    conn: &impl ConnectionTrait,
    versions: &[module_version::Model],
) -> Result<HashMap<Uuid, Tree>> {
    let mut files = Vec::new();
    for chunk in versions.chunks(MOST_BOUND) {
        let rows = module_version_file::Entity::find()
            .filter(module_version_file::COLUMN.version_id.is_in(chunk.iter().map(|v| v.id)))
            .all(conn);
        files.extend(rows.await?.into_iter().map(|f| (f.version_id, f.path, f.blob_digest)));
    }
    let mut trees = assemble(conn, files).await?;
    for version in versions {
        let tree = trees.entry(version.id).or_default();
        if tree.digest().to_string() != version.tree_digest {
            return Err(anyhow!("version {}: its files are not those published", version.id).into());
        }
    }
    Ok(trees)
}

/// The tree of a draft as it stands.
///
/// # Errors
/// An internal error when bytes are missing or altered.
pub async fn draft_tree(conn: &impl ConnectionTrait, draft_id: Uuid) -> Result<Tree> {
    let rows = draft_file::Entity::find()
        .filter(draft_file::COLUMN.draft_id.eq(draft_id))
        .all(conn)
        .await?;
    let files = rows.into_iter().map(|f| (f.draft_id, f.path, f.blob_digest)).collect();
    Ok(assemble(conn, files).await?.remove(&draft_id).unwrap_or_default())
}

/// Puts `(owner, path, digest)` rows and their bytes together into the tree of each owner.
async fn assemble(
    conn: &impl ConnectionTrait,
    files: Vec<(Uuid, String, String)>,
) -> Result<HashMap<Uuid, Tree>> {
    let wanted: BTreeSet<&str> = files.iter().map(|(_, _, digest)| digest.as_str()).collect();
    let blobs = blobs(conn, &wanted.into_iter().collect::<Vec<_>>()).await?;
    let mut trees: HashMap<Uuid, Tree> = HashMap::new();
    for (owner, path, digest) in files {
        let bytes = blobs.get(&digest).ok_or_else(|| anyhow!("blob {digest} is missing"))?;
        let tree = trees.entry(owner).or_default();
        tree.insert(&path, bytes.clone()).map_err(anyhow::Error::from)?;
    }
    Ok(trees)
}

async fn blobs(
    conn: &impl ConnectionTrait,
    digests: &[&str],
) -> Result<HashMap<String, Vec<u8>>, anyhow::Error> {
    let mut found = HashMap::new();
    for chunk in digests.chunks(MOST_BOUND) {
        let rows = blob::Entity::find()
            .filter(blob::COLUMN.digest.is_in(chunk.iter().copied()))
            .all(conn)
            .await?;
        for row in rows {
            let digest = blob_digest(&row.bytes).to_string();
            ensure!(digest == row.digest, "blob {} has been altered", row.digest);
            found.insert(row.digest, row.bytes);
        }
    }
    Ok(found)
}
