//! Everything that a folder of content holds, once there is no error in it.

use anyhow::Context as _;
use chrono::NaiveDate;

use super::{Place, refused};
use crate::catalogue::import::{self, Checked};
use crate::catalogue::paths;
use crate::content::{self, Finding, LearningPath, ProviderSheet, Shared, SharedFiles};

/// What is to be imported.
pub(super) struct Gathered {
    /// The modules; what is due in them stops nothing.
    pub sound: Checked,
    /// The register of texts.
    pub shared: Shared,
    /// The learning paths.
    pub paths: Vec<LearningPath>,
    /// Who the `local:` providers are.
    pub providers: Vec<ProviderSheet>,
    /// The synonyms of the folder, where it has some: those of the binary need not be kept.
    pub synonyms: Option<String>,
}

impl Gathered {
    /// Reads a place, on that day.
    ///
    /// # Errors
    /// What is to be mended, file by file.
    pub(super) fn of(place: &Place<'_>, today: NaiveDate) -> anyhow::Result<Self> {
        let sound = sound(place, today)?;
        let files = place.shared()?;
        let to_mend = |findings: Vec<Finding>| refused(&place.of_all_shared(findings));
        let paths = paths::import::read(files.paths.as_deref(), &sound).map_err(to_mend)?;
        let register = SharedFiles { register: files.register, ..SharedFiles::default() };
        let (shared, findings) = Shared::read(&register, today);
        none(place, content::errors(&findings).cloned().collect())?;
        let (providers, findings) =
            files.providers.map(|bytes| content::read_providers(&bytes)).unwrap_or_default();
        none(place, findings)?;
        let own = files.synonyms.filter(|_| place.0.is_some());
        let findings = own.as_ref().map(|bytes| content::read_synonyms(bytes).1);
        none(place, findings.unwrap_or_default())?;
        let synonyms = own.map(String::from_utf8).transpose().context("synonyms.toml")?;
        Ok(Self { sound, shared, paths, providers, synonyms })
    }
}

/// Refuses what was found in the files beside the modules, if anything was.
fn none(place: &Place<'_>, findings: Vec<Finding>) -> anyhow::Result<()> {
    if findings.is_empty() { Ok(()) } else { Err(refused(&place.of_all_shared(findings))) }
}

/// The modules, once there is no error in them.
fn sound(place: &Place<'_>, today: NaiveDate) -> anyhow::Result<Checked> {
    let (folders, unreadable) = place.folders()?;
    let checked = import::check(folders, today);
    if unreadable.is_empty() {
        return checked.map_err(|findings| refused(&place.of_modules(findings)));
    }
    let mut findings = unreadable;
    findings.extend(checked.err().into_iter().flatten());
    Err(refused(&place.of_modules(findings)))
}
