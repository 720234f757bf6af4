//! The media of a backup: the files that its database names, each under its digest.
//!
//! They are copied after the database's snapshot, which is safe since they never change; and put back
//! before the database is, so that no row ever lacks its file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use futures_util::TryStreamExt as _;
use sea_orm::{ConnectionTrait, Statement};

use super::Manifest;
use super::files;
use super::manifest::Part;
use crate::config::Settings;
use crate::content::{self, Digest};
use crate::media::MediaStore;

/// Where they are in the folder of a backup.
const FOLDER: &str = "media";
/// Those that some version or draft names; a file that a draft held for a while is nobody's.
const NAMED: &str = "SELECT m.digest AS digest, m.bytes AS bytes FROM media m WHERE m.digest IN \
                     (SELECT blob_digest FROM module_version_file \
                      UNION SELECT blob_digest FROM draft_file)";

/// Digests and sizes, in bytes.
pub(super) type Media = BTreeMap<String, u64>;

/// The media that a database names, all of the same instant when `conn` is a snapshot.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn named(conn: &impl ConnectionTrait) -> anyhow::Result<Media> {
    let asked = Statement::from_string(conn.get_database_backend(), NAMED);
    let rows = conn.query_all_raw(asked).await?;
    let read = |row: &sea_orm::QueryResult| {
        let bytes: i64 = row.try_get("", "bytes")?;
        Ok((row.try_get("", "digest")?, u64::try_from(bytes)?))
    };
    rows.iter().map(read).collect()
}

/// Copies media into the folder of a backup.
///
/// # Errors
/// Naming the first that is missing or altered.
pub(super) async fn save(settings: &Settings, media: &Media, to: &Path) -> anyhow::Result<()> {
    if media.is_empty() {
        return Ok(());
    }
    let store = MediaStore::in_folder(&settings.media.directory)?;
    files::private_folder(&to.join(FOLDER))?;
    for (digest, bytes) in media {
        let (folder, place) = place(to, digest);
        if !folder.exists() {
            files::private_folder(&folder)?;
        }
        let mut file = files::private_file(&place)?;
        let mut source = store.get(&digest.parse()?, None).await?;
        while let Some(part) = source.try_next().await? {
            file.write_all(&part).context("cannot write the copy: is the disk full?")?;
        }
        file.sync_all()?;
        files::sync_folder(&folder)?;
        let whole = files::digest(&place)? == (*bytes, digest.clone());
        ensure!(whole, "the medium {digest} is damaged in {}", settings.media.directory.display());
    }
    files::sync_folder(&to.join(FOLDER))
}

/// That every medium which a backup says that it holds is there, as it was.
///
/// # Errors
/// Naming the first that is not.
pub(super) fn verify(from: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    for (digest, bytes) in &manifest.media {
        let (_, place) = place(from, digest);
        let part = Part { bytes: *bytes, sha256: digest.clone() };
        part.expect(&place, &files::digest(&place)?)?;
    }
    Ok(())
}

/// Puts the media of a backup where the settings say; those already there stay.
///
/// # Errors
/// When one cannot be kept.
pub(super) async fn put_back(
    settings: &Settings,
    from: &Path,
    manifest: &Manifest,
) -> anyhow::Result<()> {
    if manifest.media.is_empty() {
        return Ok(());
    }
    let store = MediaStore::in_folder(&settings.media.directory)?;
    for digest in manifest.media.keys() {
        let expected: Digest = digest.parse()?;
        let (_, place) = place(from, digest);
        let mut head = Vec::new();
        File::open(&place)?.take(512).read_to_end(&mut head)?;
        let kind = content::sniff(&head).with_context(|| format!("{digest} is no medium"))?;
        let kept = store.put(crate::files::stream(File::open(&place)?), kind).await?;
        ensure!(kept.digest == expected, "{} has changed meanwhile", place.display());
    }
    Ok(())
}

/// That a restored database names nothing that the backup lacks.
///
/// # Errors
/// Naming the first.
pub(super) async fn expect(conn: &impl ConnectionTrait, manifest: &Manifest) -> anyhow::Result<()> {
    for digest in named(conn).await?.keys() {
        ensure!(
            manifest.media.contains_key(digest),
            "the database names the medium {digest}, which the backup does not hold"
        );
    }
    Ok(())
}

/// The folder and the file of a digest: `ab/cdef…`, as in the store.
fn place(backup: &Path, digest: &str) -> (PathBuf, PathBuf) {
    let (folder, name) = digest.split_at_checked(2).unwrap_or((digest, ""));
    let folder = backup.join(FOLDER).join(folder);
    let file = folder.join(name);
    (folder, file)
}
