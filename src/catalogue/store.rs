//! File trees in the database, each file kept once under the digest of its bytes. Media are kept
//! elsewhere: here they are known by their digest, and none of their bytes is read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{anyhow, ensure};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryResult, Set};
use uuid::Uuid;

use super::model::{blob, draft_file, module_version, module_version_file};
use crate::content::{Digest, Media, Tree, blob_digest, media_kind_of_path};
use crate::db::MOST_BOUND;
use crate::error::Result;
use crate::media;

/// Keeps every file of a tree: the bytes of its texts, and the names of its media, whose bytes the
/// caller has put in their store before. What is already kept is left alone. Answers the digest of
/// each path.
///
/// # Errors
/// When the database fails.
pub async fn save_tree(
    tx: &DatabaseTransaction,
    tree: &Tree,
    now: DateTime<Utc>,
) -> Result<Vec<(String, Digest)>> {
    media::record(tx, tree.all_media().map(|(_, media)| *media), now).await?;
    // In the order of digests, so that two writers of the same bytes never wait for each other.
    let by_digest: BTreeMap<Digest, &[u8]> =
        tree.iter().map(|(_, bytes)| (blob_digest(bytes), bytes)).collect();
    let blobs: Vec<_> = by_digest.iter().map(|(digest, bytes)| blob_row(*digest, bytes)).collect();
    if !blobs.is_empty() {
        blob::Entity::insert_many(blobs)
            .on_conflict(already_kept())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(tree.files().map(|(path, body)| (path.to_owned(), body.digest())).collect())
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

/// The tree of a version by its id.
///
/// # Errors
/// `not-found` for an unknown version; an internal error when what is kept is not what was published.
#[cfg(test)]
pub(super) async fn load_tree(conn: &impl ConnectionTrait, version_id: Uuid) -> Result<Tree> {
    use crate::error::Reason;
    let version =
        module_version::Entity::find_by_id(version_id).one(conn).await?.ok_or(Reason::NotFound)?;
    version_tree(conn, &version).await
}

/// The tree of a version, checked byte for byte against the digests under which it was published; its
/// media are named, not read.
///
/// # Errors
/// An internal error when what is kept is not what was published.
pub async fn version_tree(
    conn: &impl ConnectionTrait,
    version: &module_version::Model,
) -> Result<Tree> {
    let mut trees = version_trees(conn, std::slice::from_ref(version)).await?;
    Ok(trees.remove(&version.id).ok_or_else(|| anyhow!("version {}: no files", version.id))?)
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

/// The paths of a draft and the sizes of its files, in bytes, without reading any.
///
/// # Errors
/// When the database fails.
pub async fn draft_sizes(
    conn: &impl ConnectionTrait,
    draft_id: Uuid,
) -> Result<Vec<(String, u64)>> {
    let on = |table: &str| format!("{table}.digest = draft_file.blob_digest");
    let sizes = Query::select()
        .column((draft_file::Entity, draft_file::Column::Path))
        .expr(Expr::cust("COALESCE(media.bytes, LENGTH(blob.bytes))"))
        .from(draft_file::Entity)
        .left_join(blob::Entity, Expr::cust(on("blob")))
        .left_join("media", Expr::cust(on("media")))
        .and_where(Expr::col((draft_file::Entity, draft_file::Column::DraftId)).eq(draft_id))
        .to_owned();
    let rows = conn.query_all(&sizes).await?;
    let size = |row: &QueryResult| -> Result<(String, u64)> {
        let bytes: Option<i64> = row.try_get_by_index(1)?;
        let bytes = u64::try_from(bytes.unwrap_or(0)).map_err(anyhow::Error::from)?;
        Ok((row.try_get_by_index(0)?, bytes))
    };
    rows.iter().map(size).collect()
}

/// Puts `(owner, path, digest)` rows and their bytes together into the tree of each owner.
async fn assemble(
    conn: &impl ConnectionTrait,
    files: Vec<(Uuid, String, String)>,
) -> Result<HashMap<Uuid, Tree>> {
    let is_media = |path: &str| media_kind_of_path(path).is_some();
    let digests = |wanted: &dyn Fn(&str, &str) -> bool| -> Vec<&str> {
        let wanted = files.iter().filter(|(_, path, digest)| wanted(path, digest));
        let digests: BTreeSet<&str> = wanted.map(|(_, _, digest)| digest.as_str()).collect();
        digests.into_iter().collect()
    };
    let known = media::known(conn, &digests(&|path, _| is_media(path))).await?;
    // A draft begun before media were kept apart may hold the bytes of one as a text's.
    let text = |path: &str, digest: &str| !is_media(path) || !known.contains_key(digest);
    let blobs = blobs(conn, &digests(&text)).await?;
    let mut trees: HashMap<Uuid, Tree> = HashMap::new();
    for (owner, path, digest) in &files {
        let tree = trees.entry(*owner).or_default();
        let bytes = || blobs.get(digest).ok_or_else(|| anyhow!("blob {digest} is missing"));
        let put = match known.get(digest) {
            Some(media) if is_media(path) => tree.insert_media(path, *media),
            _ if is_media(path) => {
                // Of no kind: it is found wanting, and put again where it belongs.
                tree.insert_media(path, Media { kind: None, ..Media::of(bytes()?) })
            }
            _ => tree.insert(path, bytes()?.clone()),
        };
        put.map_err(anyhow::Error::from)?;
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
