//! `maitrise content import`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use sea_orm::DatabaseTransaction;

use super::gathered::Gathered;
use super::say::{say, say_all};
use super::{Place, refused};
use crate::boot::{self, Purpose};
use crate::catalogue::import;
use crate::catalogue::model::ChangeKind;
use crate::catalogue::sources::{self, Source};
use crate::catalogue::withheld::{self, Withheld};
use crate::catalogue::{paths, revision, synonyms};
use crate::clock::Clock;
use crate::config::{Mode, Settings};
use crate::content::ModuleCode;
use crate::media::MediaStore;
use crate::providers;
use crate::references::register::{self, Loaded};
use crate::requirements;
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
        let mut gathered = Gathered::of(&place, now.date_naive())?;
        say_all(gathered.sound.dues().iter().map(|due| place.of_module(due.clone())))?;
        let opened = boot::open(settings, Purpose::Operate, now).await?;
        let territory = territory::import(&opened.db, again, now).await;
        say(told_of_territory(territory.context("the reference data")?))?;
        let mut withheld = Vec::new();
        if settings.mode == Mode::Production {
            (gathered.sound, withheld) = withheld::for_production(gathered.sound);
        }
        for Withheld { code, why } in &withheld {
            say(format!("{code} : retenu — {why}"))?;
        }
        let source =
            dir.as_ref().map_or(Source::Binary, |dir| Source::Directory(dir.join("modules")));
        let media = MediaStore::in_folder(&settings.media.directory)?;
        sources::keep_media(&media, &source, &gathered.sound).await?;
        let tx = opened.db.begin_write().await?;
        let done = Done::of(&tx, &place, &gathered, change.into(), now).await?;
        tx.commit().await?;
        done.tell(withheld.len())?;
        opened.db.close().await?;
        settled(&source, &done.modules.conflicts, &done.paths.conflicts)
    }
}

/// What an import did.
struct Done {
    providers: Vec<String>,
    modules: import::Report,
    texts: Loaded,
    paths: paths::import::Report,
    /// How many requirements of the binary were not known.
    requirements: u64,
    /// Whether the synonyms of the folder are in force from now on.
    synonyms: bool,
}

impl Done {
    /// Imports all of it; the caller commits.
    async fn of(
        tx: &DatabaseTransaction,
        place: &Place<'_>,
        gathered: &Gathered,
        change: ChangeKind,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Self> {
        let providers = providers::import(tx, &gathered.providers, now).await?;
        let modules = import::import(tx, &gathered.sound, change, now).await?;
        if !modules.findings.is_empty() {
            return Err(refused(&place.of_modules(modules.findings)));
        }
        let texts = register::load(tx, gathered.shared.register(), now).await?;
        let paths = paths::import::import(tx, &gathered.paths, change, now).await?;
        if !paths.findings.is_empty() {
            return Err(refused(&place.of_all_shared(paths.findings)));
        }
        if !providers.is_empty() && modules.published.is_empty() {
            revision::bump(tx).await?;
        }
        let requirements = requirements::shipped::load(tx, now).await?;
        let synonyms = match &gathered.synonyms {
            Some(text) => synonyms::keep(tx, text, now).await?,
            None => false,
        };
        Ok(Self { providers, modules, texts, paths, requirements, synonyms })
    }

    fn tell(&self, withheld: usize) -> anyhow::Result<()> {
        for name in &self.providers {
            say(format!("fournisseur : {name}"))?;
        }
        if self.synonyms {
            say("synonymes : ceux du dossier sont en vigueur")?;
        }
        let import::Report { published, unchanged, .. } = &self.modules;
        for (code, number) in published {
            say(format!("{code} : version {number} publiée"))?;
        }
        let (published, unchanged) = (published.len(), unchanged.len());
        say(format!("modules : {published} publiés, {unchanged} inchangés, {withheld} retenus"))?;
        let Loaded { added, revised, unchanged, to_review } = &self.texts;
        say(format!(
            "textes : {added} ajoutés, {revised} modifiés, {unchanged} inchangés ; {to_review} points à revoir"
        ))?;
        if self.requirements > 0 {
            say(format!("exigences : {} ajoutées, hors vigueur", self.requirements))?;
        }
        tell_paths(&self.paths)
    }
}

/// What came of the reference data; nothing where they were those loaded last.
fn told_of_territory(known: Option<territory::Report>) -> String {
    let Some(known) = known else { return "référentiel : déjà chargé".to_owned() };
    format!(
        "référentiel : {} organisations ajoutées, {} déjà là ; {} rattachements ajoutés, {} déjà là",
        known.organisations_added,
        known.organisations_present,
        known.affiliations_added,
        known.affiliations_present
    )
}

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
