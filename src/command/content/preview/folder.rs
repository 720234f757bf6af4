//! A module's folder as it is now: whatever can be read of it, and what is to mend.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use crate::content::{
    self, Digest, Finding, FolderFile, Media, MediaKind, Module, Tree, blob_digest,
    media_kind_of_path,
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
        let (tree, found) = content::read_folder_with(&self.dir, |file| self.media(file));
        let own = |finding: Finding| match finding.path.is_empty() {
            true => finding.within(&reading.name),
            false => finding,
        };
        let mut findings: Vec<Finding> = found.into_iter().map(own).collect();
        findings.extend(content::check(&tree, self.today));
        findings.sort();
        reading.module = content::recall(&tree).ok();
        Reading { tree, findings, ..reading }
    }

    /// A medium, hashed once for as long as its size and date stay.
    fn media(&self, file: &FolderFile) -> io::Result<Media> {
        let (bytes, modified) = (file.about.len(), file.about.modified()?);
        let known = self.hashed.lock().ok().and_then(|all| all.get(&file.path).copied());
        if let Some((_, _, media)) = known.filter(|(b, m, _)| (*b, *m) == (bytes, modified)) {
            return Ok(media);
        }
        let media = content::read_medium(&file.path)?;
        if let Ok(mut all) = self.hashed.lock() {
            all.insert(file.path.clone(), (bytes, modified, media));
        }
        Ok(media)
    }
}

fn stamp(dir: &Path) -> String {
    let (files, findings) = content::list_folder(dir);
    let mut lines = String::new();
    for FolderFile { inside, about, .. } in files {
        lines.push_str(&format!("{inside} {} {:?}\n", about.len(), about.modified().ok()));
    }
    for finding in findings {
        lines.push_str(&format!("{finding}\n"));
    }
    blob_digest(lines.as_bytes()).to_string()
}
