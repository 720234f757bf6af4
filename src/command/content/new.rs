//! `maitrise content new`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use clap::Args;

use super::say::say;
use crate::content::{self, BLANK, ModuleCode};

/// Which module is begun, and where.
#[derive(Debug, Args)]
pub(in crate::command) struct NewArgs {
    /// Its code: a capital, then capitals, digits or hyphens, 24 characters at most
    code: String,
    /// Folder that holds `modules/`
    #[arg(long, default_value = "content")]
    dir: PathBuf,
}

impl NewArgs {
    /// Writes the folder of the module, which must not exist.
    pub(super) fn run(&self, today: NaiveDate) -> anyhow::Result<()> {
        let code = ModuleCode::parse(&self.code)
            .map_err(|error| anyhow::anyhow!("« {} » : {error}", self.code))?;
        let folder = self.dir.join("modules").join(code.as_str());
        if fs::symlink_metadata(&folder).is_ok() {
            bail!("{} : ce dossier existe déjà ; choisissez un autre code", folder.display());
        }
        let tree = content::starter(&code, today)?;
        let mut blanks = 0;
        for (path, bytes) in tree.iter() {
            write(&folder.join(path), bytes)?;
            blanks += String::from_utf8_lossy(bytes).matches(BLANK).count();
        }
        let check = format!("maitrise content check {}", self.dir.display());
        say(format!(
            "{} : {blanks} passages « {BLANK} : … ] » à remplacer ; puis : {check}",
            folder.display()
        ))?;
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
