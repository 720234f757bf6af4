//! What must hold before a draft is published. Pure.

use chrono::NaiveDate;

use crate::catalogue::model::DraftState;
use crate::content::{Manifest, ModuleCode, NO_LEGAL_REVIEW};
use crate::error::{Error, Fault, Reason, Refusal, Result};

/// What the checklist looks at.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// Where the draft stands.
    pub state: DraftState,
    /// How many errors its files have.
    pub findings: usize,
    /// How much in them is due to be looked at again: a review, a text to read or to replace.
    pub dues: usize,
    /// Whether the latest review, by someone else, accepts the files as they stand.
    pub reviewed_as_it_stands: bool,
    /// The manifest, when there is no error.
    pub manifest: Option<&'a Manifest>,
    /// Modules one of which must be completed first, where none is published.
    pub unknown_prerequisites: Vec<ModuleCode>,
    /// Whether the files are those already published.
    pub unchanged: bool,
    /// Whether real people will learn from it.
    pub production: bool,
    /// Today.
    pub today: NaiveDate,
}

/// One line of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// A stable code.
    pub code: &'static str,
    /// Whether it holds.
    pub holds: bool,
    /// What is asked, in French.
    pub fr: &'static str,
    /// The same in English.
    pub en: &'static str,
}

/// The whole checklist; every line blocks.
pub fn checklist(candidate: &Candidate<'_>) -> Vec<Check> {
    let c = candidate;
    let check = |code, holds, fr, en| Check { code, holds, fr, en };
    let lawyer = c.manifest.is_some_and(|m| m.legal_review != NO_LEGAL_REVIEW);
    vec![
        check("no-findings", c.findings == 0, "aucune anomalie", "no finding"),
        check(
            "reviewed",
            c.state == DraftState::Reviewed && c.reviewed_as_it_stands,
            "relu tel quel par quelqu'un d'autre que ses auteurs",
            "reviewed as it stands by someone who did not write it",
        ),
        check(
            "review-by-ahead",
            c.dues == 0 && c.manifest.is_some_and(|m| m.review_by > c.today),
            "« review_by » est à venir et aucun texte cité n'est à relire ni remplacé : le contenu n'est pas périmé",
            "`review_by` lies ahead and no cited text is due or superseded: the content is not out of date",
        ),
        check(
            "legal-review",
            lawyer || (c.manifest.is_some() && !c.production),
            "relecture juridique consignée dans « legal_review » (exigée en production)",
            "legal review recorded in `legal_review` (required in production)",
        ),
        check(
            "prerequisites",
            c.unknown_prerequisites.is_empty(),
            "les modules préalables obligatoires sont publiés",
            "required modules are published",
        ),
        check(
            "changed",
            !c.unchanged,
            "les fichiers diffèrent de la version publiée",
            "the files differ from the published version",
        ),
    ]
}

/// Refuses what the checklist does not let through: first a draft that is not at that stage, then
/// everything to mend at once.
///
/// # Errors
/// `draft-not-submitted`, `draft-not-reviewed`, or `content-findings` listing each line.
pub fn must_hold(state: DraftState, checks: &[Check]) -> Result<()> {
    if state == DraftState::Writing {
        return Err(Reason::DraftNotSubmitted.into());
    }
    let broken: Vec<&Check> = checks.iter().filter(|c| !c.holds).collect();
    if broken.iter().any(|c| c.code == "reviewed") {
        return Err(Reason::DraftNotReviewed.into());
    }
    if broken.is_empty() {
        return Ok(());
    }
    let fault = |c: &&Check| Fault {
        at: c.code.to_owned(),
        fr: format!("à satisfaire : {}", c.fr),
        en: format!("to be met: {}", c.en),
    };
    let faults = broken.iter().map(fault).collect();
    Err(Error::from(Refusal::naming(Reason::ContentFindings, faults)))
}
