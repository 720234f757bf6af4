//! What an import withholds in production: modules that the checklist of a publication would refuse
//! for their content. Importing is publishing, and must not be the way round it.

use super::import::Checked;
use crate::content::{Finding, ModuleCode, NO_LEGAL_REVIEW};

/// A module that is not published, and why, in French: its reader is who answers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// The module.
    pub code: ModuleCode,
    /// What must be done first.
    pub why: String,
}

/// Parts what may be published to real people from what is withheld: a module that no jurist has read,
/// or of which something has come due.
#[must_use]
pub fn for_production(checked: Checked) -> (Checked, Vec<Withheld>) {
    let mut withheld = Vec::new();
    let kept = checked.keep_if(|module, dues| {
        let why = if module.manifest.legal_review == NO_LEGAL_REVIEW {
            "aucun juriste ne l’a relu : le fournisseur qui l’adopte inscrit dans « legal_review » qui l’a fait".to_owned()
        } else if let Some(Finding { what, .. }) = dues.first() {
            format!("{what} : relisez, puis avancez les dates")
        } else {
            return true;
        };
        withheld.push(Withheld { code: module.manifest.code.clone(), why });
        false
    });
    (kept, withheld)
}
