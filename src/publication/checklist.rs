//! What must hold before a draft is published. Pure.
//!
//! Each line has a stable code, what it asks, and what to do when it does not hold. Most block every
//! draft; those of a regime (`regimes.rs`) block only a provider declared under it.

use chrono::NaiveDate;

use super::regimes::{self, Declared};
use crate::catalogue::model::{ChangeKind, DraftState};
use crate::content::{Module, ModuleCode, NO_LEGAL_REVIEW};
use crate::error::{Error, Fault, Reason, Refusal, Result};
use crate::providers::model::Regime;

/// What the checklist looks at.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// Where the draft stands.
    pub state: DraftState,
    /// How many errors its files have.
    pub findings: usize,
    /// How much in them is due to be looked at again: a review, a text to read or to replace.
    pub dues: usize,
    /// Whether a pedagogical review, by someone else, accepts the files as they stand.
    pub reviewed_as_it_stands: bool,
    /// Whether a legal review does.
    pub legally_reviewed: bool,
    /// What the files say, as far as they can be read.
    pub module: Option<&'a Module>,
    /// What the version changes.
    pub change: ChangeKind,
    /// Modules one of which must be completed first, where none is published.
    pub unknown_prerequisites: Vec<ModuleCode>,
    /// The circle of required prerequisites that publishing would close.
    pub circle: Option<Vec<ModuleCode>>,
    /// Whether the files are those already published.
    pub unchanged: bool,
    /// Whether real people will learn from it.
    pub production: bool,
    /// Under which regimes its provider is declared, and what it says of itself.
    pub declared: Declared,
    /// Today.
    pub today: NaiveDate,
}

/// A text in French and in English.
pub type Both = (&'static str, &'static str);

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// A stable code.
    pub code: &'static str,
    /// Whether it holds.
    pub holds: bool,
    /// The regime that asks for it; none when everybody is asked.
    pub regime: Option<Regime>,
    /// Whether it stops a publication when it does not hold: always, but for a regime under which the
    /// provider is not declared.
    pub blocks: bool,
    /// What is asked.
    pub asks: Both,
    /// What to do when it does not hold.
    pub remedy: Both,
    /// What is at fault in this case, where something can be named.
    pub found: Option<String>,
}

impl Check {
    /// Whether it stops the publication at hand.
    pub fn stops(&self) -> bool {
        self.blocks && !self.holds
    }

    pub(super) fn of(code: &'static str, holds: bool, asks: Both, remedy: Both) -> Self {
        Self { code, holds, regime: None, blocks: true, asks, remedy, found: None }
    }

    fn naming(mut self, found: Option<String>) -> Self {
        self.found = found;
        self
    }
}

/// The whole checklist.
pub fn checklist(candidate: &Candidate<'_>) -> Vec<Check> {
    [of_text(candidate), of_dates(candidate), of_people(candidate), of_others(candidate)]
        .into_iter()
        .flatten()
        .chain(regimes::checks(candidate))
        .collect()
}

/// What the manifest says of the module.
fn of_text(c: &Candidate<'_>) -> Vec<Check> {
    let manifest = c.module.map(|module| &module.manifest);
    let said = |text: fn(&crate::content::Manifest) -> &str| {
        manifest.is_some_and(|m| !text(m).trim().is_empty())
    };
    vec![
        Check::of(
            "no-findings",
            c.findings == 0,
            ("aucune anomalie", "no finding"),
            ("corrigez ce que le brouillon signale", "mend what the draft reports"),
        ),
        Check::of(
            "title",
            said(|m| &m.title),
            ("un titre", "a title"),
            ("écrivez « title » dans module.toml", "write `title` in module.toml"),
        ),
        Check::of(
            "objectives",
            manifest.is_some_and(|m| !m.objectives.is_empty()),
            ("des objectifs", "objectives"),
            ("écrivez « objectives » dans module.toml", "write `objectives` in module.toml"),
        ),
        Check::of(
            "duration",
            manifest.is_some_and(|m| m.duration_minutes > 0),
            ("une durée annoncée", "an announced duration"),
            (
                "écrivez « duration_minutes » dans module.toml",
                "write `duration_minutes` in module.toml",
            ),
        ),
        Check::of(
            "licence",
            said(|m| &m.licence),
            ("une licence", "a licence"),
            ("écrivez « licence » dans module.toml", "write `licence` in module.toml"),
        ),
        Check::of(
            "accessibility",
            said(|m| &m.accessibility),
            ("une déclaration d’accessibilité", "an accessibility statement"),
            ("écrivez « accessibility » dans module.toml", "write `accessibility` in module.toml"),
        ),
        Check::of(
            "contact",
            said(|m| &m.contact),
            ("une adresse à laquelle écrire", "an address to write to"),
            ("écrivez « contact » dans module.toml", "write `contact` in module.toml"),
        ),
    ]
}

/// What the calendar asks.
fn of_dates(c: &Candidate<'_>) -> Vec<Check> {
    let manifest = c.module.map(|module| &module.manifest);
    // The review that is due is one of what is due; the rest are texts.
    let overdue = manifest.is_some_and(|m| c.today > m.review_by);
    vec![
        Check::of(
            "review-by-ahead",
            manifest.is_some_and(|m| m.review_by > c.today && m.verified_on <= c.today),
            (
                "« verified_on » n’est pas à venir et « review_by » l’est : le contenu n’est pas périmé",
                "`verified_on` does not lie ahead and `review_by` does: the content is not out of date",
            ),
            (
                "relisez les sources, puis avancez « verified_on » et « review_by »",
                "read the sources again, then move `verified_on` and `review_by`",
            ),
        ),
        Check::of(
            "references",
            c.module.is_some() && c.dues <= usize::from(overdue),
            (
                "aucun texte cité n’est à relire, abrogé ni remplacé",
                "no cited text is due, repealed or superseded",
            ),
            (
                "relisez ou remplacez les textes que le brouillon signale",
                "read again or replace the texts that the draft reports",
            ),
        ),
    ]
}

/// What other people must have done.
fn of_people(c: &Candidate<'_>) -> Vec<Check> {
    let line = c.module.is_some_and(|m| m.manifest.legal_review != NO_LEGAL_REVIEW);
    // The line of the manifest may speak of the law as it was: a change of the law needs a review of
    // these very files.
    let lawful = match (c.change, c.production) {
        (ChangeKind::Legal, _) => c.legally_reviewed,
        (_, true) => c.legally_reviewed || line,
        (_, false) => c.module.is_some(),
    };
    vec![
        Check::of(
            "reviewed",
            c.state == DraftState::Reviewed && c.reviewed_as_it_stands,
            (
                "relu tel quel par quelqu’un d’autre que ses auteurs",
                "reviewed as it stands by someone who did not write it",
            ),
            (
                "demandez une relecture pédagogique, au besoin à un autre fournisseur",
                "ask for a pedagogical review, of another provider if need be",
            ),
        ),
        Check::of(
            "legal-review",
            lawful,
            (
                "relecture juridique : de ces fichiers pour un changement du droit ; en production, celle-là ou celle que consigne « legal_review »",
                "legal review: of these files for a change of the law; in production, that or the one recorded in `legal_review`",
            ),
            (
                "faites accepter ces fichiers par une relecture juridique",
                "have these files accepted by a legal review",
            ),
        ),
    ]
}

/// What stands beside it in the catalogue.
fn of_others(c: &Candidate<'_>) -> Vec<Check> {
    let codes = |codes: &[ModuleCode], between: &str| {
        codes.iter().map(ModuleCode::as_str).collect::<Vec<_>>().join(between)
    };
    let unknown = &c.unknown_prerequisites;
    let circle = c.circle.as_deref();
    let round = |circle: &[ModuleCode]| {
        format!("{} → {}", codes(circle, " → "), circle.first().map_or("", ModuleCode::as_str))
    };
    vec![
        Check::of(
            "prerequisites",
            unknown.is_empty(),
            ("les modules préalables obligatoires sont publiés", "required modules are published"),
            (
                "corrigez leur code, publiez-les d’abord, ou écrivez kind = \"advised\"",
                "mend their codes, publish them first, or write kind = \"advised\"",
            ),
        )
        .naming((!unknown.is_empty()).then(|| codes(unknown, ", "))),
        Check::of(
            "prerequisites-circle",
            circle.is_none(),
            (
                "les préalables obligatoires ne tournent pas en rond",
                "required modules do not go round in a circle",
            ),
            (
                "retirez l’un d’eux, ou passez-le à kind = \"advised\"",
                "take one of them out, or write kind = \"advised\"",
            ),
        )
        .naming(circle.map(round)),
        Check::of(
            "changed",
            !c.unchanged,
            (
                "les fichiers diffèrent de la version publiée",
                "the files differ from the published version",
            ),
            ("il n’y a rien à publier", "there is nothing to publish"),
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
    let broken: Vec<&Check> = checks.iter().filter(|c| c.stops()).collect();
    if broken.iter().any(|c| c.code == "reviewed") {
        return Err(Reason::DraftNotReviewed.into());
    }
    if broken.is_empty() {
        return Ok(());
    }
    let fault = |c: &&Check| {
        let found = c.found.as_ref().map(|found| format!(" ({found})")).unwrap_or_default();
        Fault {
            at: c.code.to_owned(),
            fr: format!("à satisfaire : {}{found} — {}", c.asks.0, c.remedy.0),
            en: format!("to be met: {}{found} — {}", c.asks.1, c.remedy.1),
        }
    };
    let faults = broken.iter().map(fault).collect();
    Err(Error::from(Refusal::naming(Reason::ContentFindings, faults)))
}
