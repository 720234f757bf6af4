//! `maitrise content check`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::say::{say, say_all};
use super::{Format, Place};
use crate::catalogue::import;
use crate::content::{self, Finding, Shared};

/// What is checked, and how it is told.
#[derive(Debug, Args)]
pub(in crate::command) struct CheckArgs {
    /// Folder that holds `modules/` (default: the content in this binary)
    dir: Option<PathBuf>,
    /// For people, or for a program: one array of {path, line, severity, what, remedy}
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The day on which what is due is told (default: today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<NaiveDate>,
}

impl CheckArgs {
    /// Prints everything there is to mend; refuses when there is anything.
    pub(super) fn run(&self, today: NaiveDate) -> anyhow::Result<()> {
        let (count, findings) = survey(&Place(self.dir.as_ref()), self.today.unwrap_or(today))?;
        if self.format == Format::Json {
            say(serde_json::to_string_pretty(&findings)?)?;
        } else {
            say_all(&findings)?;
        }
        let errors = content::errors(&findings).count();
        let counts = format!("{errors} à corriger, {} à revoir", findings.len() - errors);
        if !findings.is_empty() {
            anyhow::bail!("{counts} ({count} modules)");
        }
        if self.format == Format::Text {
            say(format!("{count} modules : rien à signaler"))?;
        }
        Ok(())
    }
}

/// How many modules there are, and every finding, sorted: of the modules by themselves and together,
/// of the files that they share, of their copies and of the paths through them.
fn survey(place: &Place<'_>, today: NaiveDate) -> anyhow::Result<(usize, Vec<Finding>)> {
    let (folders, mut findings) = place.folders()?;
    let count = folders.len();
    let files = place.shared()?;
    let (shared, mut of_shared) = Shared::read(&files, today);
    if let Some(paths) = &files.paths {
        of_shared.extend(content::read_paths(paths, &folders).1);
    }
    if let Some(providers) = &files.providers {
        of_shared.extend(content::read_providers(providers).1);
    }
    if let Some(synonyms) = &files.synonyms {
        of_shared.extend(content::read_synonyms(synonyms).1);
    }
    findings.extend(content::check_copies(&shared, &folders));
    findings.extend(match import::check(folders, today) {
        Ok(checked) => checked.dues().to_vec(),
        Err(found) => found,
    });
    let modules = findings.into_iter().map(|finding| place.of_module(finding));
    let shared = of_shared.into_iter().map(|finding| place.of_shared(finding));
    let mut findings: Vec<Finding> = modules.chain(shared).collect();
    findings.sort();
    Ok((count, findings))
}
