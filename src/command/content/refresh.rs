//! `maitrise content refresh`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Args;

use super::say::say;
use super::{Place, refused};
use crate::content::{self, Refreshed, Shared};
use crate::files;

/// Which modules are refreshed.
#[derive(Debug, Args)]
pub(in crate::command) struct RefreshArgs {
    /// Folder that holds `modules/`, `references.toml` and `glossary.toml`
    #[arg(default_value = "content")]
    dir: PathBuf,
}

impl RefreshArgs {
    /// Writes again the files whose copies are not those of the shared files, once every one could be
    /// read.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let place = Place(Some(&self.dir));
        // What the shared files have due is no matter here: no day is needed.
        let (shared, faults) = Shared::read(&place.shared()?, NaiveDate::MIN);
        let faults: Vec<_> =
            content::errors(&faults).map(|fault| place.of_shared(fault.clone())).collect();
        if !faults.is_empty() {
            return Err(refused(&faults));
        }
        let (folders, mut faults) = place.folders()?;
        let mut refreshed = Vec::new();
        for (name, tree) in &folders {
            match content::refresh(tree, &shared) {
                Ok(files) => refreshed.extend(files.into_iter().map(|file| (name, file))),
                Err(found) => faults.extend(found.into_iter().map(|f| f.within(name))),
            }
        }
        if !faults.is_empty() {
            let faults: Vec<_> = faults.into_iter().map(|fault| place.of_module(fault)).collect();
            return Err(refused(&faults));
        }
        for (name, Refreshed { path, text, changes }) in &refreshed {
            let file = self.dir.join("modules").join(name).join(path);
            write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
            for change in changes {
                say(format!("{} : {change}", file.display()))?;
            }
        }
        say(format!("{} modules : {} fichiers recopiés", folders.len(), refreshed.len()))?;
        Ok(())
    }
}

/// Writes a file whole, with the mode that it had.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let mode = fs::metadata(file).map_or(0o644, |known| known.permissions().mode() & 0o777);
    files::write_at_once(file, text.as_bytes(), mode)
}
