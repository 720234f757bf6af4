//! `maitrise content diff`.

use std::path::Path;

use anyhow::Context as _;
use clap::Args;

use super::published::Published;
use super::say::say;
use super::{Format, refused};
use crate::boot::{self, Purpose};
use crate::catalogue::store;
use crate::clock::Clock;
use crate::config::Settings;
use crate::content::{self, Finding, Module, Tree};

/// What is compared.
#[derive(Debug, Args)]
pub(in crate::command) struct DiffArgs {
    /// A module's folder, or a published version: `E1`, `E1@2`
    before: String,
    /// Another, likewise
    after: String,
    /// How differences are written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl DiffArgs {
    /// Whether both sides are folders.
    pub(super) fn is_of_files(&self) -> bool {
        [&self.before, &self.after].iter().all(|side| Path::new(side).is_dir())
    }

    /// Compares two folders.
    pub(super) fn run_on_files(&self) -> anyhow::Result<()> {
        self.tell(&of_folder(&self.before)?, &of_folder(&self.after)?)
    }

    /// Compares two sides, of which one at least is in the database.
    pub(super) async fn run(&self, settings: &Settings) -> anyhow::Result<()> {
        let opened = boot::open(settings, Purpose::Operate, Clock::default().now()).await?;
        let conn = opened.db.read();
        let mut sides = Vec::new();
        for side in [&self.before, &self.after] {
            if Path::new(side).is_dir() {
                sides.push(of_folder(side)?);
                continue;
            }
            let version: Published = side.parse().map_err(|why: String| {
                anyhow::anyhow!("{side}: neither a module's folder nor a version ({why})")
            })?;
            let version = version.find(conn).await?;
            sides.push(module(&store::version_tree(conn, &version).await?)?);
        }
        opened.db.close().await?;
        self.tell(&sides[0], &sides[1])
    }

    fn tell(&self, before: &Module, after: &Module) -> anyhow::Result<()> {
        let differences = content::diff(before, after);
        match self.format {
            Format::Json => say(serde_json::to_string_pretty(&differences)?)?,
            Format::Text if differences.is_empty() => say(content::alike(before, after))?,
            Format::Text => say(content::told(&differences).trim_end())?,
        }
        Ok(())
    }
}

fn of_folder(dir: &str) -> anyhow::Result<Module> {
    let (tree, findings) = content::read_folder(Path::new(dir));
    if !findings.is_empty() {
        let findings: Vec<Finding> = findings.into_iter().map(|f| f.within(dir)).collect();
        return Err(refused(&findings));
    }
    module(&tree).with_context(|| dir.to_owned())
}

/// What can be read is compared, whatever there is to mend in it.
fn module(tree: &Tree) -> anyhow::Result<Module> {
    content::recall(tree).map_err(|findings| refused(&findings))
}
