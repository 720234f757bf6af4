//! `maitrise content export`.

use std::path::PathBuf;

use clap::Args;
use sea_orm::ConnectionTrait;

use super::published::Published;
use super::say::say;
use crate::boot::{self, Purpose};
use crate::catalogue::model::module_version;
use crate::catalogue::{export, find, store};
use crate::clock::Clock;
use crate::config::Settings;
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
        for (code, version) in self.chosen(conn).await? {
            let tree = store::version_tree(conn, &version).await?;
            let to = self.dir.join("modules").join(&code);
            export::export(&store, &tree, &to).await?;
            let (number, files) = (version.number, tree.len());
            say(format!("{code} : version {number}, {files} fichiers dans {}", to.display()))?;
        }
        Ok(opened.db.close().await?)
    }
    /// The versions named, or the latest of every module in the order of codes, each with its code.
    async fn chosen(
        &self,
        conn: &impl ConnectionTrait,
    ) -> anyhow::Result<Vec<(String, module_version::Model)>> {
        let mut chosen = Vec::new();
        for named in &self.versions {
            chosen.push((named.code.to_string(), named.find(conn).await?));
        }
        if self.versions.is_empty() {
            let latest = find::latest_versions(conn).await?;
            let mut names = find::names(conn, latest.iter().map(|v| v.module_id)).await?;
            let code = |v: &module_version::Model| names.remove(&v.module_id).map(|name| name.code);
            let codes: Vec<_> = latest.iter().map(code).collect();
            chosen.extend(codes.into_iter().zip(latest).filter_map(|(code, v)| Some((code?, v))));
            chosen.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        Ok(chosen)
    }
}
