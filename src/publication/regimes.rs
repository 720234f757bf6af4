//! What regimes ask of a publication: Qualiopi's indicator 1, training at a distance, LHEO. Pure.
//!
//! A line blocks only a provider that is declared under its regime; to the others it says what would
//! be asked of them.

use super::checklist::{Both, Candidate, Check};
use crate::providers::model::{ContactKind, Regime};

/// Under which regimes a provider is declared on a day, and what it says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The regimes.
    pub regimes: Vec<Regime>,
    /// Whom it names to be asked, by what they answer for.
    pub contacts: Vec<ContactKind>,
    /// Whether it has a SIRET.
    pub siret: bool,
    /// Whether it has an activity number (*numéro de déclaration d'activité*).
    pub activity_number: bool,
    /// Whether its postal address is known.
    pub address: bool,
}

impl Declared {
    fn answers_for(&self, kinds: &[ContactKind]) -> bool {
        self.contacts.iter().any(|kind| kinds.contains(kind))
    }
}

/// The lines of every regime.
pub(super) fn checks(c: &Candidate<'_>) -> Vec<Check> {
    [qualiopi(c), distance(c), lheo(c)].into_iter().flatten().collect()
}

fn line(
    c: &Candidate<'_>,
    regime: Regime,
    (code, holds): (&'static str, bool),
    asks: Both,
    remedy: Both,
) -> Check {
    let blocks = c.declared.regimes.contains(&regime);
    Check { regime: Some(regime), blocks, ..Check::of(code, holds, asks, remedy) }
}

/// Indicator 1 of the national quality referential (décret n° 2019-565): what the public is told —
/// prerequisites, objectives, duration, access, price, contacts, methods, assessment, accessibility.
/// The first three stand in every module; modules are free and open at once.
fn qualiopi(c: &Candidate<'_>) -> Vec<Check> {
    let regime = Regime::Qualiopi;
    let told = c.module.is_some_and(|m| {
        let manifest = &m.manifest;
        !manifest.summary.trim().is_empty()
            && !manifest.objectives.is_empty()
            && manifest.duration_minutes > 0
    });
    let assessed = c.module.is_some_and(|m| !m.quiz.is_empty());
    let contacts = [ContactKind::Pedagogy, ContactKind::General, ContactKind::Distance];
    vec![
        line(
            c,
            regime,
            ("qualiopi-1-information", told),
            (
                "Qualiopi, indicateur 1 : le public lit un résumé, des objectifs, une durée",
                "Qualiopi, indicator 1: the public reads a summary, objectives, a duration",
            ),
            ("complétez module.toml", "complete module.toml"),
        ),
        line(
            c,
            regime,
            ("qualiopi-1-assessment", assessed),
            (
                "Qualiopi, indicateur 1 : des modalités d’évaluation",
                "Qualiopi, indicator 1: how learners are assessed",
            ),
            ("ajoutez un quiz au module", "add a quiz to the module"),
        ),
        line(
            c,
            regime,
            ("qualiopi-1-contact", c.declared.answers_for(&contacts)),
            (
                "Qualiopi, indicateur 1 : un contact du fournisseur",
                "Qualiopi, indicator 1: a contact of the provider",
            ),
            ("ajoutez un contact au fournisseur", "add a contact to the provider"),
        ),
        line(
            c,
            regime,
            ("qualiopi-1-disability", c.declared.answers_for(&[ContactKind::Disability])),
            (
                "Qualiopi, indicateur 1 : un référent handicap",
                "Qualiopi, indicator 1: a disability contact",
            ),
            (
                "ajoutez au fournisseur un contact « disability »",
                "add a `disability` contact to the provider",
            ),
        ),
    ]
}

/// Code du travail, D6313-3-1: assistance, the average duration of each activity, assessments.
fn distance(c: &Candidate<'_>) -> Vec<Check> {
    let regime = Regime::Distance;
    let assistance = [ContactKind::Distance, ContactKind::Pedagogy];
    // The duration of a lesson follows from its words and its own activities; minutes declared for the
    // module as a whole are those of no activity in particular.
    let spread =
        |m: &crate::content::Module| !m.lessons.is_empty() && m.manifest.activity_minutes == 0;
    let assessed = c.module.is_some_and(|m| !m.quiz.is_empty());
    vec![
        line(
            c,
            regime,
            ("distance-assistance", c.declared.answers_for(&assistance)),
            (
                "D. 6313-3-1, 1° : un contact pour l’assistance technique et pédagogique",
                "D. 6313-3-1, 1°: a contact for technical and pedagogical assistance",
            ),
            (
                "ajoutez au fournisseur un contact « distance » ou « pedagogy »",
                "add a `distance` or `pedagogy` contact to the provider",
            ),
        ),
        line(
            c,
            regime,
            ("distance-durations", c.module.is_some_and(spread)),
            (
                "D. 6313-3-1, 2° : la durée moyenne de chaque activité",
                "D. 6313-3-1, 2°: the average duration of each activity",
            ),
            (
                "répartissez « activity_minutes » du module entre ses leçons",
                "share the module's `activity_minutes` out among its lessons",
            ),
        ),
        line(
            c,
            regime,
            ("distance-assessment", assessed),
            (
                "D. 6313-3-1, 3° : des évaluations qui jalonnent ou concluent",
                "D. 6313-3-1, 3°: assessments along the way or at the end",
            ),
            ("ajoutez un quiz au module", "add a quiz to the module"),
        ),
    ]
}

/// What LHEO 2.3 makes mandatory and only the provider can say: `numero-activite`,
/// `SIRET-organisme-formation`, `coordonnees-organisme`, `contact-organisme`.
fn lheo(c: &Candidate<'_>) -> Vec<Check> {
    let regime = Regime::Lheo;
    let field = |code, holds, asks, remedy| line(c, regime, (code, holds), asks, remedy);
    vec![
        field(
            "lheo-activity-number",
            c.declared.activity_number,
            (
                "LHEO : le numéro de déclaration d’activité du fournisseur",
                "LHEO: the provider's activity number",
            ),
            ("complétez la fiche du fournisseur", "complete the provider's profile"),
        ),
        field(
            "lheo-siret",
            c.declared.siret,
            ("LHEO : le SIRET du fournisseur", "LHEO: the provider's SIRET"),
            ("complétez la fiche du fournisseur", "complete the provider's profile"),
        ),
        field(
            "lheo-address",
            c.declared.address,
            ("LHEO : les coordonnées du fournisseur", "LHEO: where the provider is"),
            ("complétez la fiche du fournisseur", "complete the provider's profile"),
        ),
        field(
            "lheo-contact",
            !c.declared.contacts.is_empty(),
            ("LHEO : un contact du fournisseur", "LHEO: a contact of the provider"),
            ("ajoutez un contact au fournisseur", "add a contact to the provider"),
        ),
    ]
}
