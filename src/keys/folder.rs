//! The key folder: making, listing and retiring keys, and the files that hold them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Algorithm, KeyEntry, KeyError, KeyUse};
use crate::{clock, files};

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Manifest {
    #[serde(default)]
    pub(super) key: Vec<KeyEntry>,
}

/// Makes a new Ed25519 key; the previous one of the same use keeps verifying, and signs no more once
/// the processes are restarted.
///
/// # Errors
/// When the folder cannot be written.
pub fn create(
    folder: &Path,
    usage: KeyUse,
    generated: bool,
    now: DateTime<Utc>,
) -> Result<KeyEntry, KeyError> {
    create_of(folder, (usage, Algorithm::EdDsa), generated, now)
}

/// The same of any algorithm; access tokens are signed with Ed25519 alone.
///
/// # Errors
/// When the folder cannot be written, or an access key is asked of another algorithm.
pub fn create_of(
    folder: &Path,
    (usage, algorithm): (KeyUse, Algorithm),
    generated: bool,
    now: DateTime<Utc>,
) -> Result<KeyEntry, KeyError> {
    if usage == KeyUse::Access && algorithm != Algorithm::EdDsa {
        return Err(KeyError::AccessAlgorithm);
    }
    make_folder(folder)?;
    // The letter keeps it from being read as an option by the command line that retires it.
    let kid = format!("k{}", URL_SAFE_NO_PAD.encode(clock::random::<9>()));
    let path = pem_path(folder, usage, &kid);
    let (pem, public) = algorithm.generate().map_err(|e| file(&path, e))?;
    write_secret(&path, &pem)?;
    let entry =
        KeyEntry { kid, usage, algorithm, public, created_at: now, retired_at: None, generated };
    let mut manifest = read_manifest(folder)?;
    manifest.key.push(entry.clone());
    write_manifest(folder, &manifest)?;
    Ok(entry)
}

/// Makes the link secret, unless there is one.
///
/// # Errors
/// When the folder cannot be written.
pub fn create_link_secret(folder: &Path) -> Result<bool, KeyError> {
    make_folder(folder)?;
    let path = folder.join("link.secret");
    if path.exists() {
        return Ok(false);
    }
    write_secret(&path, &format!("{}\n", URL_SAFE_NO_PAD.encode(clock::random::<32>())))?;
    Ok(true)
}

/// Makes what is missing of a demonstration's or developer's keys, marked as generated.
///
/// # Errors
/// When the folder cannot be read or written.
pub fn create_missing(folder: &Path, now: DateTime<Utc>) -> Result<(), KeyError> {
    for usage in [KeyUse::Access, KeyUse::Attestation] {
        let in_force = |e: &KeyEntry| {
            e.usage == usage && e.algorithm == Algorithm::EdDsa && e.retired_at.is_none()
        };
        if !read_manifest(folder)?.key.iter().any(in_force) {
            create(folder, usage, true, now)?;
        }
    }
    create_link_secret(folder).map(|_| ())
}

/// Every key of the folder, oldest first.
///
/// # Errors
/// When `keys.toml` cannot be read.
pub fn list(folder: &Path) -> Result<Vec<KeyEntry>, KeyError> {
    Ok(read_manifest(folder)?.key)
}

/// Retires a key: its private file is destroyed, its public part is kept with the date. Cut in the
/// middle, or refused by the file system, it can be asked again until the private file is gone.
///
/// # Errors
/// An unknown key, or a folder that cannot be written.
pub fn retire(folder: &Path, kid: &str, now: DateTime<Utc>) -> Result<KeyEntry, KeyError> {
    let mut manifest = read_manifest(folder)?;
    let unknown = || KeyError::Unknown(kid.to_owned());
    let entry = manifest.key.iter_mut().find(|e| e.kid == kid).ok_or_else(unknown)?;
    let path = pem_path(folder, entry.usage, kid);
    let first_time = entry.retired_at.is_none();
    entry.retired_at.get_or_insert(now);
    let entry = entry.clone();
    if first_time {
        write_manifest(folder, &manifest)?;
    } else if !path.exists() {
        return Err(unknown());
    }
    fs::remove_file(&path).map_err(|e| file(&path, e))?;
    Ok(entry)
}

pub(super) fn pem_path(folder: &Path, usage: KeyUse, kid: &str) -> PathBuf {
    folder.join(format!("{}-{kid}.pem", usage.word()))
}

pub(super) fn check_pair(path: &Path, pem: &str, entry: &KeyEntry) -> Result<(), KeyError> {
    if entry.algorithm.public_of(pem).map_err(|e| file(path, e))? == entry.public {
        return Ok(());
    }
    Err(file(path, "does not match its public key in keys.toml"))
}

pub(super) fn read_manifest(folder: &Path) -> Result<Manifest, KeyError> {
    let path = folder.join("keys.toml");
    if !path.exists() {
        return Ok(Manifest::default());
    }
    toml::from_str(&read(&path)?).map_err(|e| file(&path, e))
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), KeyError> {
    let path = folder.join("keys.toml");
    let text = toml::to_string_pretty(manifest).map_err(|e| file(&path, e))?;
    files::write_at_once(&path, text.as_bytes(), 0o644).map_err(|e| file(&path, e))
}

fn make_folder(folder: &Path) -> Result<(), KeyError> {
    files::make_private_folder(folder).map_err(|e| {
        file(folder, format!("cannot be made: {e}; see keys.directory and --data-dir"))
    })
}

fn write_secret(path: &Path, text: &str) -> Result<(), KeyError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut out = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|e| file(path, e))?;
    out.write_all(text.as_bytes()).and_then(|()| out.sync_all()).map_err(|e| file(path, e))
}

pub(super) fn read(path: &Path) -> Result<String, KeyError> {
    fs::read_to_string(path).map_err(|e| file(path, e))
}

pub(super) fn file(path: &Path, why: impl std::fmt::Display) -> KeyError {
    KeyError::File { path: path.to_owned(), why: why.to_string() }
}
