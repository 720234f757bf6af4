//! Files of a backup: private, durable, and never half-made under their own name.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use sha2::{Digest as _, Sha256};

use crate::{clock, text};

/// Something that is being made beside its place, under a hidden name; it goes away unless it is kept.
#[derive(Debug)]
pub(super) struct Unfinished {
    path: PathBuf,
    place: PathBuf,
}

impl Unfinished {
    /// A name for what will stand at `place`, in the same folder, so that renaming is one act.
    ///
    /// # Errors
    /// When something stands there already, or the place has no folder.
    pub(super) fn beside(place: &Path) -> anyhow::Result<Self> {
        if place.symlink_metadata().is_ok() {
            bail!("{} is there already: nothing is overwritten", place.display());
        }
        let name = place.file_name().and_then(|name| name.to_str());
        let name = name.with_context(|| format!("{}: not a name to give", place.display()))?;
        let hidden = format!(".{name}.{}.partial", clock::new_id().simple());
        Ok(Self { path: place.with_file_name(hidden), place: place.to_owned() })
    }

    /// Where it is being made.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name, durably.
    ///
    /// # Errors
    /// When the file system refuses; what was made is then removed.
    pub(super) fn keep(self) -> anyhow::Result<()> {
        fs::rename(&self.path, &self.place)
            .with_context(|| format!("cannot give {} its name", self.place.display()))?;
        sync_folder(folder_of(&self.place))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.path.is_dir() {
            let _ = fs::remove_dir_all(&self.path);
            return;
        }
        // What SQLite keeps beside a file goes with it.
        for suffix in ["", "-wal", "-shm"] {
            let mut name = self.path.clone().into_os_string();
            name.push(suffix);
            let _ = fs::remove_file(PathBuf::from(name));
        }
    }
}

/// The folder that a path stands in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a folder for its owner only.
pub(super) fn private_folder(path: &Path) -> anyhow::Result<()> {
    let made = fs::DirBuilder::new().mode(0o700).create(path);
    made.with_context(|| format!("cannot make a folder in {}", folder_of(path).display()))
}

/// Makes a file for its owner only, which was not there.
pub(super) fn private_file(path: &Path) -> anyhow::Result<File> {
    let made = File::options().write(true).create_new(true).mode(0o600).open(path);
    made.with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a private file, durably.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = private_file(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// Makes durable what another program wrote, or the names of a folder.
pub(super) fn sync(path: &Path) -> anyhow::Result<()> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.with_context(|| format!("cannot make {} durable", path.display()))
}

/// The same for a folder, whose names are what renaming changes.
pub(super) fn sync_folder(path: &Path) -> anyhow::Result<()> {
    sync(path)
}

/// The length of a file and the SHA-256 of its bytes, in hexadecimal.
pub(super) fn digest(path: &Path) -> anyhow::Result<(u64, String)> {
    pour(path, io::sink())
}

/// Copies a file into a private one, durably; answers the length and digest of what was copied.
pub(super) fn copy(from: &Path, to: &Path) -> anyhow::Result<(u64, String)> {
    let file = private_file(to)?;
    let told = pour(from, &file)?;
    file.sync_all().with_context(|| format!("cannot write {}", to.display()))?;
    Ok(told)
}

fn pour(from: &Path, mut to: impl io::Write) -> anyhow::Result<(u64, String)> {
    let cannot = || format!("cannot read {}", from.display());
    let mut file = File::open(from).with_context(cannot)?;
    let (mut hasher, mut length, mut chunk) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let count = file.read(&mut chunk).with_context(cannot)?;
        if count == 0 {
            return Ok((length, text::hex(&hasher.finalize())));
        }
        hasher.update(&chunk[..count]);
        to.write_all(&chunk[..count]).context("cannot write the copy: is the disk full?")?;
        length += count as u64;
    }
}
