//! `maitrise content import`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};

use super::say::{say, say_all};
use super::{Place, refused};
use crate::boot::{self, Purpose};
use crate::catalogue::import::{self, Checked};
use crate::catalogue::model::ChangeKind;
use crate::catalogue::paths;
use crate::catalogue::sources::{self, Source};
use crate::catalogue::withheld::{self, Withheld};
use crate::clock::Clock;
use crate::config::{Mode, Settings};
use crate::content::{self, Finding, ModuleCode, Shared, SharedFiles};
use crate::media::MediaStore;
use crate::references::register::{self, Loaded};
use crate::territory;

/// What is imported, and as what.
#[derive(Debug, Args)]
pub(in crate::command) struct ImportArgs {
    /// Folder that holds `modules/` (default: the content in this binary)
    dir: Option<PathBuf>,
    /// What new versions of known modules change
    #[arg(long, value_enum, default_value = "editorial")]
    change: Change,
    /// Look at every row of the reference data, even if they are those loaded last
    #[arg(long)]
    again: bool,
}

/// What a new version changes.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Change {
    /// Wording only
    Editorial,
    /// What is taught
    Substantive,
    /// What the law requires
    Legal,
}

impl ImportArgs {
    /// Imports the folders. What is due is printed, and stops nothing; in production, neither what is due
    /// nor what no jurist has read is published.
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let Self { dir, change, again } = self;
        let place = Place(dir.as_ref());
        let now = Clock::default().now();
        let sound = sound(&place, now.date_naive())?;
        let shared = register_of(&place, now.date_naive())?;
        let read = paths::import::read(place.shared()?.paths.as_deref(), &sound);
        let courses = read.map_err(|findings| refused(&beside(&place, findings)))?;
        say_all(sound.dues().iter().map(|due| place.of_module(due.clone())))?;
        let opened = boot::open(settings, Purpose::Operate, now).await?;
        match territory::import(&opened.db, again, now).await.context("the reference data")? {
            None => say("référentiel : déjà chargé")?,
            Some(known) => say(format!(
                "référentiel : {} organisations ajoutées, {} déjà là ; {} rattachements ajoutés, {} déjà là",
                known.organisations_added,
                known.organisations_present,
                known.affiliations_added,
                known.affiliations_present
            ))?,
        }
        let (sound, withheld) = match settings.mode {
            Mode::Production => withheld::for_production(sound),
            _ => (sound, Vec::new()),
        };
        for Withheld { code, why } in &withheld {
            say(format!("{code} : retenu — {why}"))?;
        }
        let source =
            dir.as_ref().map_or(Source::Binary, |dir| Source::Directory(dir.join("modules")));
        let media = MediaStore::in_folder(&settings.media.directory)?;
        sources::keep_media(&media, &source, &sound).await?;
        let tx = opened.db.begin_write().await?;
        let report = import::import(&tx, &sound, change.into(), now).await?;
        if !report.findings.is_empty() {
            return Err(refused(&placed(&place, report.findings)));
        }
        let loaded = register::load(&tx, shared.register(), now).await?;
        let followed = paths::import::import(&tx, &courses, change.into(), now).await?;
        if !followed.findings.is_empty() {
            return Err(refused(&beside(&place, followed.findings)));
        }
        tx.commit().await?;
        for (code, number) in &report.published {
            say(format!("{code} : version {number} publiée"))?;
        }
        say(format!(
            "modules : {} publiés, {} inchangés, {} retenus",
            report.published.len(),
            report.unchanged.len(),
            withheld.len()
        ))?;
        say(told(&loaded))?;
        tell_paths(&followed)?;
        opened.db.close().await?;
        settled(&source, &report.conflicts, &followed.conflicts)
    }
}

/// The register, once there is no error in it; what is due in it stops nothing.
fn register_of(place: &Place<'_>, today: chrono::NaiveDate) -> anyhow::Result<Shared> {
    let files = SharedFiles { register: place.shared()?.register, ..SharedFiles::default() };
    let (shared, findings) = Shared::read(&files, today);
    let errors: Vec<Finding> =
        content::errors(&findings).map(|finding| place.of_shared(finding.clone())).collect();
    if errors.is_empty() { Ok(shared) } else { Err(refused(&errors)) }
}

/// What came of the register.
fn told(loaded: &Loaded) -> String {
    let Loaded { added, revised, unchanged, to_review } = loaded;
    format!(
        "textes : {added} ajoutés, {revised} modifiés, {unchanged} inchangés ; {to_review} points à revoir"
    )
}

/// Names the modules that were left alone because they are edited elsewhere.
/// Tells what became of the paths, when there are any.
fn tell_paths(report: &paths::import::Report) -> anyhow::Result<()> {
    let paths::import::Report { published, unchanged, conflicts, .. } = report;
    if published.len() + unchanged.len() + conflicts.len() == 0 {
        return Ok(());
    }
    for (code, number) in published {
        say(format!("{code} : version {number} publiée (parcours)"))?;
    }
    say(format!("parcours : {} publiés, {} inchangés", published.len(), unchanged.len()))?;
    Ok(())
}

/// Names the modules and the paths that were left alone because they are edited elsewhere.
///
/// # Errors
/// When there are any, so that whoever imports unattended hears of it.
fn settled(source: &Source, modules: &[ModuleCode], paths: &[String]) -> anyhow::Result<()> {
    say_all(modules.iter().map(|code| conflict(source, code)))?;
    say_all(paths.iter().map(|code| {
        format!("{code} : conflit — le parcours est rédigé dans l’application, et le fichier n’en dit aucune version publiée ; retirez-le du fichier")
    }))?;
    match (modules.len(), paths.len()) {
        (0, 0) => Ok(()),
        (modules, 0) => bail!("{modules} modules en conflit ; les autres sont importés"),
        (0, paths) => bail!("{paths} parcours en conflit ; le reste est importé"),
        (modules, paths) => {
            bail!("{modules} modules et {paths} parcours en conflit ; le reste est importé")
        }
    }
}

fn conflict(source: &Source, code: &ModuleCode) -> String {
    let why = match source {
        Source::Binary => {
            "celui du programme n’est aucune de ses versions publiées ; reprenez-en les textes dans un brouillon, ou importez un dossier qui ne le contient pas"
        }
        Source::Directory(_) => {
            "ses fichiers ne sont aucune de ses versions publiées ; reprenez-en une dans le dossier (maitrise content export), ou retirez-en le module"
        }
    };
    format!("{code} : conflit — le module est rédigé dans l’application, et {why}")
}

/// The folders, once there is no error in them.
fn sound(place: &Place<'_>, today: chrono::NaiveDate) -> anyhow::Result<Checked> {
    let (folders, unreadable) = place.folders()?;
    let checked = import::check(folders, today);
    if unreadable.is_empty() {
        return checked.map_err(|findings| refused(&placed(place, findings)));
    }
    let mut findings = unreadable;
    findings.extend(checked.err().into_iter().flatten());
    Err(refused(&placed(place, findings)))
}

/// Findings of a file beside the modules, as one would open it.
fn beside(place: &Place<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().map(|finding| place.of_shared(finding)).collect()
}

fn placed(place: &Place<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().map(|finding| place.of_module(finding)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_says_what_to_do_where_the_files_are() {
        let code = ModuleCode::parse("E1").expect("a code");
        let of_folder = conflict(&Source::Directory("ours/modules".into()), &code);
        assert!(of_folder.starts_with("E1 : conflit — ") && of_folder.contains("dans le dossier"));
        let of_binary = conflict(&Source::Binary, &code);
        assert!(of_binary.contains("celui du programme"), "{of_binary}");
        assert!(!of_binary.contains("dans le dossier"), "{of_binary}");
    }
}
