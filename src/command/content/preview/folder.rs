//! A module's folder as it is now: whatever can be read of it, and what is to mend.
//!
//! Unlike [`content::read_folder`], nothing stops it: a file that no module may hold is a finding like
//! another, and the rest is shown.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use crate::content::{
    self, Digest, Finding, MAX_FILE_BYTES, MAX_FILES, MAX_LEVELS, Media, MediaKind, Module, Tree,
    blob_digest, media_kind_of_path,
};
use chrono::NaiveDate;

/// A folder, and the media of it that were hashed already.
pub(super) struct Folder {
    dir: PathBuf,
    /// The day of what is due.
    today: NaiveDate,
    hashed: Mutex<HashMap<PathBuf, (u64, SystemTime, Media)>>,
}

/// What was read of a folder.
pub(super) struct Reading {
    /// Name of the folder.
    pub(super) name: String,
    /// The files that a module may hold.
    pub(super) tree: Tree,
    /// The module, when one can be made of what is there.
    pub(super) module: Option<Module>,
    /// All that is to mend, by place.
    pub(super) findings: Vec<Finding>,
    /// What changes when a file does.
    pub(super) stamp: String,
}

impl Reading {
    /// The file of this digest that a page may ask for, and its media type.
    pub(super) fn file_of(&self, digest: &str) -> Option<(&str, &'static str)> {
        let digest: Digest = digest.parse().ok()?;
        self.tree.files().find(|(_, body)| body.digest() == digest).and_then(|(path, _)| {
            let kind = media_kind_of_path(path).map(MediaKind::media_type);
            Some((path, kind.or_else(|| path.ends_with(".vtt").then_some("text/vtt"))?))
        })
    }
}

impl Folder {
    pub(super) fn new(dir: PathBuf, today: NaiveDate) -> Self {
        Self { dir, today, hashed: Mutex::default() }
    }

    /// Where a file of the tree is.
    pub(super) fn path_of(&self, path: &str) -> PathBuf {
        self.dir.join(path)
    }

    /// Reads the folder, on a thread that may wait for the disk.
    pub(super) async fn read(self: &Arc<Self>) -> Arc<Reading> {
        let own = self.clone();
        let read = tokio::task::spawn_blocking(move || own.read_now()).await;
        Arc::new(read.unwrap_or_else(|_| self.empty()))
    }

    /// What changes when a file does: names, sizes and dates.
    pub(super) async fn stamp(self: &Arc<Self>) -> String {
        let own = self.clone();
        let stamp = tokio::task::spawn_blocking(move || stamp(&own.dir)).await;
        stamp.unwrap_or_default()
    }

    fn empty(&self) -> Reading {
        let name = self.dir.file_name().map(|name| name.to_string_lossy().into_owned());
        Reading {
            name: name.unwrap_or_else(|| self.dir.display().to_string()),
            tree: Tree::new(),
            module: None,
            findings: Vec::new(),
            stamp: String::new(),
        }
    }

    fn read_now(&self) -> Reading {
        let mut reading = Reading { stamp: stamp(&self.dir), ..self.empty() };
        for (inside, path) in files(&self.dir, &mut reading.findings) {
            if let Err(why) = self.read_file(&inside, &path, &mut reading.tree) {
                let remedy = "renommez-le, réduisez-le ou retirez-le";
                reading.findings.push(Finding::of_file(&inside, why, remedy));
            }
        }
        reading.findings.extend(content::check(&reading.tree, self.today));
        reading.module = content::recall(&reading.tree).ok();
        reading.findings.sort();
        reading
    }

    fn read_file(&self, inside: &str, path: &Path, tree: &mut Tree) -> Result<(), String> {
        let about = fs::symlink_metadata(path).map_err(|error| error.to_string())?;
        if !about.is_file() {
            return Err("les liens et les fichiers spéciaux sont refusés".to_owned());
        }
        let put = if media_kind_of_path(inside).is_some() {
            let media = self.media(path, &about).map_err(|error| error.to_string())?;
            tree.insert_media(inside, media)
        } else {
            let mut bytes = Vec::new();
            let bound = MAX_FILE_BYTES as u64 + 1;
            let file = fs::File::open(path).map_err(|error| error.to_string())?;
            file.take(bound).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
            tree.insert(inside, bytes)
        };
        put.map_err(|bad| bad.to_string())
    }

    /// A medium, hashed once for as long as its size and date stay.
    fn media(&self, path: &Path, about: &fs::Metadata) -> io::Result<Media> {
        let (bytes, modified) = (about.len(), about.modified()?);
        let known = self.hashed.lock().ok().and_then(|all| all.get(path).copied());
        if let Some((_, _, media)) = known.filter(|(b, m, _)| (*b, *m) == (bytes, modified)) {
            return Ok(media);
        }
        // Past its bound a medium is refused by its size, whatever was read of it.
        let media = Media { bytes, ..content::read_medium(path)? };
        if let Ok(mut all) = self.hashed.lock() {
            all.insert(path.to_owned(), (bytes, modified, media));
        }
        Ok(media)
    }
}

/// Every file under a folder, as (path inside, path), in order; what cannot be listed is noted.
fn files(dir: &Path, findings: &mut Vec<Finding>) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), dir.to_owned(), 1)];
    while let Some((prefix, dir, level)) = waiting.pop() {
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) => {
                let remedy = "vérifiez les droits du dossier";
                findings.push(Finding::of_file(&prefix, error.to_string(), remedy));
                continue;
            }
        };
        for entry in entries.flatten() {
            let inside = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_dir && level < MAX_LEVELS {
                waiting.push((format!("{inside}/"), entry.path(), level + 1));
            } else if found.len() <= 2 * MAX_FILES {
                found.push((inside, entry.path()));
            }
        }
    }
    found.sort();
    found
}

fn stamp(dir: &Path) -> String {
    let mut lines = String::new();
    for (inside, path) in files(dir, &mut Vec::new()) {
        let about = fs::symlink_metadata(&path).ok();
        let modified = about.as_ref().and_then(|about| about.modified().ok());
        let bytes = about.map(|about| about.len());
        lines.push_str(&format!("{inside} {bytes:?} {modified:?}\n"));
    }
    blob_digest(lines.as_bytes()).to_string()
}
