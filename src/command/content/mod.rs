//! `maitrise content`: what authors and operators do with modules as files, one file a subcommand.

mod check;
mod diff;
mod export;
mod gathered;
mod import;
mod new;
mod paths;
mod preview;
mod published;
mod references;
mod refresh;
mod say;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use clap::{Subcommand, ValueEnum};

use crate::catalogue::import::{self as modules, Folder};
use crate::config::Settings;
use crate::content::{Finding, MANIFEST_PATH, SharedFiles};

/// Content.
#[derive(Debug, Subcommand)]
pub(super) enum ContentCommand {
    /// Check modules like a compiler: every finding as `file:line: what — how to mend it`
    ///
    /// Errors and what has come due are told alike, the register and the common glossary with their
    /// copies included. Exit code 1 when there is anything to tell.
    Check(check::CheckArgs),
    /// Begin a module: a folder that passes the check but for its blanks, each written
    /// `[À COMPLÉTER : …]`
    New(new::NewArgs),
    Preview(preview::PreviewArgs),
    /// List the learning paths with their modules and the announced minutes, required and optional
    Paths(paths::PathsArgs),
    /// List what falls due: texts to read again, that begin, end or were replaced, and modules to
    /// review, with the lessons and questions that cite each
    ///
    /// Exit code 0 whether or not anything falls due; `content check` is the one that refuses.
    References(references::ReferencesArgs),
    /// Copy the register of legal texts and the common glossary into modules again
    ///
    /// The `[[reference]]` tables that the register holds are rewritten, and the terms that lessons
    /// link to; everything else stays byte for byte. A table may hold its `id` alone before.
    Refresh(refresh::RefreshArgs),
    /// Say what differs between two versions of a module, by lesson and by question
    Diff(diff::DiffArgs),
    /// Write published versions as folders again, byte for byte
    Export(export::ExportArgs),
    /// Load the communes, EPCI, départements, régions and CDG that are missing, then publish the
    /// modules that have changed; what has not is left alone
    Import(import::ImportArgs),
}

impl ContentCommand {
    /// Whether it works on files alone.
    pub(super) fn needs_no_settings(&self) -> bool {
        match self {
            Self::Diff(args) => args.is_of_files(),
            Self::References(args) => args.is_of_files(),
            Self::Import(_) | Self::Export(_) => false,
            _ => true,
        }
    }

    /// Runs a command that works on files alone.
    pub(super) async fn run_on_files(&self, today: NaiveDate) -> anyhow::Result<()> {
        match self {
            Self::Check(args) => args.run(today),
            Self::New(args) => args.run(today),
            Self::Preview(args) => args.run(today).await,
            Self::Refresh(args) => args.run(),
            Self::Paths(args) => args.run(),
            Self::Diff(args) => args.run_on_files(),
            Self::References(args) => args.run_on_files(today),
            Self::Import(_) | Self::Export(_) => bail!("this needs a database"),
        }
    }

    /// Runs any command.
    pub(super) async fn run(self, settings: &Settings, today: NaiveDate) -> anyhow::Result<()> {
        match self {
            Self::Import(args) => args.run(settings).await,
            Self::Export(args) => args.run(settings).await,
            Self::Diff(args) if !args.is_of_files() => args.run(settings).await,
            Self::References(args) if !args.is_of_files() => args.run(settings, today).await,
            on_files => on_files.run_on_files(today).await,
        }
    }
}

/// How what is found is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, a line at a time
    Text,
    /// For a program, one array
    Json,
}

/// Where modules come from: a folder that holds `modules/`, or this binary.
struct Place<'p>(Option<&'p PathBuf>);

impl Place<'_> {
    /// Every module folder, and a finding for everything there that no module may hold or that cannot
    /// be read.
    fn folders(&self) -> anyhow::Result<(Vec<Folder>, Vec<Finding>)> {
        let Some(dir) = self.0 else {
            return Ok((modules::embedded()?, Vec::new()));
        };
        holds_modules(dir)?;
        let dir = dir.join("modules");
        let found =
            modules::directory(&dir).with_context(|| format!("cannot read {}", dir.display()))?;
        if found.0.is_empty() && found.1.is_empty() {
            bail!("{}: no module folder in it", dir.display());
        }
        Ok(found)
    }

    /// The register, the common glossary, the learning paths and the synonyms.
    fn shared(&self) -> anyhow::Result<SharedFiles> {
        let Some(dir) = self.0 else {
            return Ok(modules::embedded_shared());
        };
        holds_modules(dir)?;
        modules::directory_shared(dir).with_context(|| format!("cannot read {}", dir.display()))
    }

    /// A finding of a module, its path as one would open it.
    fn of_module(&self, finding: Finding) -> Finding {
        self.under("modules", finding)
    }

    /// A finding of a file beside the modules, likewise.
    fn of_shared(&self, finding: Finding) -> Finding {
        self.under("", finding)
    }

    /// Findings of modules, likewise.
    fn of_modules(&self, findings: Vec<Finding>) -> Vec<Finding> {
        findings.into_iter().map(|finding| self.of_module(finding)).collect()
    }

    /// Findings of files beside the modules, likewise.
    fn of_all_shared(&self, findings: Vec<Finding>) -> Vec<Finding> {
        findings.into_iter().map(|finding| self.of_shared(finding)).collect()
    }

    fn under(&self, folder: &str, finding: Finding) -> Finding {
        let Some(dir) = self.0 else {
            return finding;
        };
        let path = dir.join(folder).join(&finding.path).display().to_string();
        Finding { path, ..finding }
    }
}

/// Refuses the folder of one module, and `modules/` itself, saying what to give instead.
fn holds_modules(dir: &Path) -> anyhow::Result<()> {
    // In full, so that what is above « . » has a name.
    let Ok(whole) = dir.canonicalize() else { return Ok(()) };
    if whole.join("modules").is_dir() {
        return Ok(());
    }
    let is_module = whole.join(MANIFEST_PATH).is_file();
    let modules = if is_module { whole.parent() } else { Some(whole.as_path()) };
    let modules = modules.filter(|dir| dir.file_name().is_some_and(|name| name == "modules"));
    let shown = dir.display();
    match modules.and_then(Path::parent) {
        Some(above) => {
            bail!("{shown}: give the folder that holds modules/ instead: {}", above.display())
        }
        None if is_module => bail!(
            "{shown} is the folder of one module: put it in a folder named modules, and give the folder that holds modules/"
        ),
        None => Ok(()),
    }
}

/// Prints findings, and answers the error with which the command then ends: how many are to be mended,
/// or that they cannot be printed.
fn refused(findings: &[Finding]) -> anyhow::Error {
    match say::say_all(findings) {
        Ok(()) => anyhow::anyhow!("{} à corriger", findings.len()),
        Err(error) => anyhow::Error::new(error).context("cannot print what is to be mended"),
    }
}
