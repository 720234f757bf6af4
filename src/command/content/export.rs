//! `maitrise content export`.

use std::path::PathBuf;

use clap::Args;

use super::published::Published;
use super::say::say;
use crate::boot::{self, Purpose};
use crate::catalogue::{export, find};
use crate::clock::Clock;
use crate::config::Settings;
use crate::content::ModuleCode;
use crate::media::MediaStore;

/// What is exported, and where.
#[derive(Debug, Args)]
pub(in crate::command) struct ExportArgs {
    /// Folder in which `modules/<CODE>/` is written; what is there already is left alone
    dir: PathBuf,
    /// Versions: `E1` for the latest, `E1@2` for one (default: the latest of every module)
    #[arg(value_name = "VERSION")]
    versions: Vec<Published>,
}

impl ExportArgs {
    /// Writes each version, and says which.
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let opened = boot::open(settings, Purpose::Operate, Clock::default().now()).await?;
        let (conn, store) = (opened.db.read(), MediaStore::in_folder(&settings.media.directory)?);
        let mut versions = self.versions;
        if versions.is_empty() {
            let ids = find::latest_versions(conn).await?.into_iter().map(|v| v.module_id);
            let mut codes: Vec<String> =
                find::names(conn, ids).await?.into_values().map(|name| name.code).collect();
            codes.sort();
            let parsed = codes.iter().map(|code| ModuleCode::parse(code).map(Published::from));
            versions = parsed.collect::<Result<_, _>>()?;
        }
        for wanted in &versions {
            let (version, tree) = wanted.read(conn).await?;
            let to = self.dir.join("modules").join(wanted.code.as_str());
            export::export(&store, &tree, &to).await?;
            say(format!(
                "{} : version {}, {} fichiers dans {}",
                wanted.code,
                version.number,
                tree.len(),
                to.display()
            ))?;
        }
        Ok(opened.db.close().await?)
    }
}
