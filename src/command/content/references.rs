//! `maitrise content references`.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{Days, NaiveDate};
use clap::Args;

use super::say::{say, say_all};
use super::{Format, Place, refused};
use crate::boot::{self, Purpose};
use crate::catalogue::Shelf;
use crate::clock::Clock;
use crate::config::Settings;
use crate::content::{self, Finding, Module, Reference, Shared};
use crate::references::agenda::{Line, Matter, agenda};
use crate::references::texts;

/// What is listed, and how.
#[derive(Debug, Args)]
pub(in crate::command) struct ReferencesArgs {
    /// Folder that holds `modules/` and `references.toml` (default: the content in this binary)
    dir: Option<PathBuf>,
    /// What is published here, and the texts as they are known here, instead of files
    #[arg(long, conflicts_with = "dir")]
    published: bool,
    /// Days ahead that are listed, beside what is overdue
    #[arg(long, value_name = "DAYS", default_value = "30", value_parser = clap::value_parser!(u32).range(..=3660))]
    within: u32,
    /// The day from which days are counted (default: today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<NaiveDate>,
    /// For people, or for a program: one array of
    /// {on, matter, id, text, superseded_by, overdue, cited_by}
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl ReferencesArgs {
    /// Whether it works on files alone.
    pub(super) fn is_of_files(&self) -> bool {
        !self.published
    }

    /// Lists what falls due in files; exit code 0 whether or not anything does.
    pub(super) fn run_on_files(&self, today: NaiveDate) -> anyhow::Result<()> {
        let place = Place(self.dir.as_ref());
        let (folders, mut faults) = place.folders()?;
        let (shared, of_register) = Shared::read(&place.shared()?, today);
        let mut modules = Vec::new();
        for (folder, tree) in &folders {
            match content::recall(tree) {
                Ok(module) => modules.push(module),
                Err(found) => {
                    faults.extend(found.into_iter().map(|finding| finding.within(folder)))
                }
            }
        }
        let mut faults: Vec<Finding> =
            faults.into_iter().map(|finding| place.of_module(finding)).collect();
        let errors = content::errors(&of_register).cloned();
        faults.extend(errors.map(|finding| place.of_shared(finding)));
        if !faults.is_empty() {
            return Err(refused(&faults));
        }
        self.tell(shared.register(), &modules.iter().collect::<Vec<_>>(), today)
    }

    /// Lists what falls due among what is published, by the texts as they are known here.
    pub(super) async fn run(&self, settings: &Settings, today: NaiveDate) -> anyhow::Result<()> {
        let opened = boot::open(settings, Purpose::Operate, Clock::default().now()).await?;
        let texts = texts::all(opened.db.read()).await?;
        let catalogue = Shelf::default().current(opened.db.read()).await?;
        let modules: Vec<&Module> = catalogue.editions().map(|e| e.content.as_ref()).collect();
        let told = texts.values().map(|text| &text.latest().told);
        self.tell(told, &modules, today)?;
        Ok(opened.db.close().await?)
    }

    fn tell<'a>(
        &self,
        texts: impl IntoIterator<Item = &'a Reference>,
        modules: &[&'a Module],
        today: NaiveDate,
    ) -> anyhow::Result<()> {
        let today = self.today.unwrap_or(today);
        let until = today.checked_add_days(Days::new(self.within.into()));
        let lines = agenda(texts, modules, today, until.context("--within goes too far")?);
        if self.format == Format::Json {
            return Ok(say(serde_json::to_string_pretty(&lines)?)?);
        }
        say_all(lines.iter().map(shown))?;
        let count = lines.len();
        let counted = match count {
            0 => "rien à échéance".to_owned(),
            1 => "1 échéance".to_owned(),
            _ => format!("{count} échéances"),
        };
        Ok(say(format!("{counted} sous {} jours", self.within))?)
    }
}

/// A line for people, and under it the modules that cite the text.
fn shown(line: &Line) -> String {
    let Line { on, matter, id, text, superseded_by, overdue, cited_by } = line;
    let on = on.map_or_else(|| "sans date ".to_owned(), |on| on.to_string());
    let what = match (matter, overdue) {
        (Matter::Superseded, _) => {
            format!("remplacé par « {} »", superseded_by.as_deref().unwrap_or_default())
        }
        (Matter::Ends, false) => "dernier jour en vigueur".to_owned(),
        (Matter::Ends, true) => "n’est plus en vigueur".to_owned(),
        (Matter::Begins, false) => "entre en vigueur".to_owned(),
        (Matter::Begins, true) => "en vigueur depuis sa dernière lecture".to_owned(),
        (Matter::Check, false) => "à relire au plus tard".to_owned(),
        (Matter::Check, true) => "devait être relu".to_owned(),
        (Matter::Review, false) => "module à relire au plus tard".to_owned(),
        (Matter::Review, true) => "module qui devait être relu".to_owned(),
    };
    let mut all = format!("{on}  {id} : {what} — {text}");
    for by in cited_by {
        let listed = |what: &str, ids: &[String]| match ids {
            [] => String::new(),
            ids => format!(" ; {what} {}", ids.join(", ")),
        };
        let (lessons, questions) =
            (listed("leçons", &by.lessons), listed("questions", &by.questions));
        all += &format!("\n            cité par {}{lessons}{questions}", by.module);
    }
    if cited_by.is_empty() && *matter != Matter::Review {
        all += "\n            cité par aucun module";
    }
    all
}
