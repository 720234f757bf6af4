//! `maitrise content`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Subcommand, ValueEnum};

use crate::boot::{self, Purpose};
use crate::catalogue::import::{self, Checked, Folder};
use crate::catalogue::model::ChangeKind;
use crate::catalogue::sources::{self, Source};
use crate::clock::Clock;
use crate::config::Settings;
use crate::content::{Finding, ModuleCode};
use crate::media::MediaStore;
use crate::territory;

/// Content.
#[derive(Debug, Subcommand)]
pub(super) enum ContentCommand {
    /// Check modules like a compiler: every finding as `file:line: what — how to mend it`
    Check {
        /// Folder that holds `modules/` (default: the content in this binary)
        dir: Option<PathBuf>,
    },
    /// Load the communes, EPCI, départements, régions and CDG that are missing, then publish the
    /// modules that have changed; what has not is left alone
    Import {
        /// Folder that holds `modules/` (default: the content in this binary)
        dir: Option<PathBuf>,
        /// What new versions of known modules change
        #[arg(long, value_enum, default_value = "editorial")]
        change: Change,
        /// Look at every row of the reference data, even if they are those loaded last
        #[arg(long)]
        again: bool,
    },
}

/// What a new version changes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Change {
    /// Wording only
    Editorial,
    /// What is taught
    Substantive,
    /// What the law requires
    Legal,
}

impl ContentCommand {
    /// Whether it works on files alone.
    pub(super) fn needs_no_settings(&self) -> bool {
        matches!(self, Self::Check { .. })
    }

    /// Checks the folders, printing every finding.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let (Self::Check { dir } | Self::Import { dir, .. }) = self;
        println!("{} modules : rien à signaler", sound(dir.as_ref())?.count());
        Ok(())
    }

    /// Imports the folders.
    pub(super) async fn import(self, settings: &Settings) -> anyhow::Result<()> {
        let Self::Import { dir, change, again } = self else { return self.check() };
        let sound = sound(dir.as_ref())?;
        let now = Clock::default().now();
        let opened = boot::open(settings, Purpose::Operate, now).await?;
        match territory::import(&opened.db, again, now).await.context("the reference data")? {
            None => println!("référentiel : déjà chargé"),
            Some(known) => println!(
                "référentiel : {} organisations ajoutées, {} déjà là ; {} rattachements ajoutés, {} déjà là",
                known.organisations_added,
                known.organisations_present,
                known.affiliations_added,
                known.affiliations_present
            ),
        }
        let source =
            dir.as_ref().map_or(Source::Binary, |dir| Source::Directory(dir.join("modules")));
        let media = MediaStore::in_folder(&settings.media.directory)?;
        sources::keep_media(&media, &source, &sound).await?;
        let tx = opened.db.begin_write().await?;
        let report = import::import(&tx, &sound, change.into(), now).await?;
        if !report.findings.is_empty() {
            return Err(refused(dir.as_ref(), &report.findings));
        }
        tx.commit().await?;
        for (code, number) in &report.published {
            println!("{code} : version {number} publiée");
        }
        println!(
            "modules : {} publiés, {} inchangés",
            report.published.len(),
            report.unchanged.len()
        );
        opened.db.close().await?;
        settled(&report.conflicts)
    }
}

/// Names the modules that were left alone because they are edited elsewhere.
///
/// # Errors
/// When there are any, so that whoever imports unattended hears of it.
fn settled(conflicts: &[ModuleCode]) -> anyhow::Result<()> {
    for code in conflicts {
        println!(
            "{code} : conflit — le module est rédigé dans l’application, et ses fichiers diffèrent de sa dernière version publiée ; reprenez-la dans le dossier, ou retirez-en le module"
        );
    }
    if conflicts.is_empty() {
        return Ok(());
    }
    bail!("{} modules en conflit ; les autres sont importés", conflicts.len())
}

fn folders(dir: Option<&PathBuf>) -> anyhow::Result<Vec<Folder>> {
    match dir {
        None => Ok(import::embedded()?),
        Some(dir) => {
            let modules = dir.join("modules");
            let found = import::directory(&modules)
                .with_context(|| format!("cannot read {}", modules.display()))?;
            if found.is_empty() {
                bail!("{}: no module folder in it", modules.display());
            }
            Ok(found)
        }
    }
}

/// The folders, once there is nothing to mend in them.
fn sound(dir: Option<&PathBuf>) -> anyhow::Result<Checked> {
    import::check(folders(dir)?).map_err(|findings| refused(dir, &findings))
}

/// Prints every finding; answers how many there are.
fn refused(dir: Option<&PathBuf>, findings: &[Finding]) -> anyhow::Error {
    let place = dir.map(|d| format!("{}/modules/", d.display())).unwrap_or_default();
    for finding in findings {
        println!("{place}{finding}");
    }
    anyhow::anyhow!("{} à corriger", findings.len())
}

impl From<Change> for ChangeKind {
    fn from(change: Change) -> Self {
        match change {
            Change::Editorial => ChangeKind::Editorial,
            Change::Substantive => ChangeKind::Substantive,
            Change::Legal => ChangeKind::Legal,
        }
    }
}
