//! What a capacity may say, by its kind: the lists of words, and what does not go together.
//!
//! Mandates are those of the Répertoire national des élus; categories, employment and filières those
//! of the fonction publique territoriale (CGFP, livre IV). What is not known is left out, and is never
//! made up: only what contradicts the rest is refused.

use chrono::{Days, NaiveDate};

use super::capacity::Detail;
use super::model::CapacityKind;
use crate::error::Faults;
use crate::text::folded;

/// The mandates of the RNE, as they are kept, each with the kinds of organisation where it is held
/// (none: anywhere).
const MANDATES: [(&str, &[&str]); 7] = [
    ("conseiller municipal", &["commune"]),
    ("maire", &["commune"]),
    ("conseiller d'arrondissement", &["commune"]),
    ("conseiller communautaire", &["epci"]),
    ("conseiller départemental", &["departement"]),
    ("conseiller régional", &["region"]),
    ("membre d'une assemblée à statut particulier", &[]),
];

/// Legal situations of an agent.
pub const EMPLOYMENTS: [&str; 6] =
    ["titulaire", "stagiaire", "contractuel", "contractuel_non_permanent", "apprenti", "vacataire"];

/// Filières of the fonction publique territoriale.
pub const FILIERES: [&str; 8] = [
    "administrative",
    "technique",
    "culturelle",
    "sportive",
    "animation",
    "medico_sociale",
    "police_municipale",
    "sapeurs_pompiers",
];

/// Categories of agents.
const CATEGORIES: [&str; 3] = ["A", "B", "C"];

/// Longest text of a capacity, in characters.
const LONGEST: usize = 120;

/// How far ahead a capacity may begin, in days: one that was agreed on, and nobody's guess.
const AHEAD_DAYS: u64 = 731;

/// When a capacity holds: `until` is the first day on which it no longer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub since: NaiveDate,
    /// First day after, where it is known.
    pub until: Option<NaiveDate>,
}

impl Span {
    /// Checks the order of the dates, and that they are of this century's people; faults are named
    /// under `at`.
    pub fn check(&self, today: NaiveDate, at: &str, faults: &mut Faults) {
        let ahead = today.checked_add_days(Days::new(AHEAD_DAYS)).unwrap_or(today);
        let known = NaiveDate::from_ymd_opt(1945, 1, 1).unwrap_or(today);
        faults.check(
            (known..=ahead).contains(&self.since),
            &format!("{at}/since"),
            "date entre 1945 et dans deux ans",
            "a date from 1945 to two years ahead",
        );
        faults.check(
            self.until.is_none_or(|until| self.since < until),
            &format!("{at}/until"),
            "après le premier jour : c'est le premier jour où la qualité ne tient plus",
            "after the first day: it is the first day on which the capacity no longer holds",
        );
    }
}

/// The mandate of the RNE that a text names, accents, case and gender aside: its words as they are
/// kept.
pub fn mandate(text: &str) -> Option<&'static str> {
    let said = folded(text);
    let said: Vec<&str> = said.split(' ').map(masculine).collect();
    MANDATES.iter().map(|(kept, _)| *kept).find(|kept| folded(kept) == said.join(" "))
}

/// The masculine of a folded word of a mandate: conseillère, municipale, régionale …
fn masculine(word: &str) -> &str {
    match word.strip_suffix('e') {
        Some(short) if short.ends_with("al") || short == "conseiller" => short,
        _ => word,
    }
}

/// Whether a mandate is held in an organisation of this kind (the word that is kept). What no list
/// says is left to whoever knows.
fn is_held_in(mandate: &str, kind: &str) -> bool {
    let assemblies = ["commune", "epci", "departement", "region"];
    let known = MANDATES.iter().find(|(kept, _)| *kept == mandate);
    !assemblies.contains(&kind) || known.is_none_or(|(_, at)| at.is_empty() || at.contains(&kind))
}

/// The mandates that may be held in an organisation of this kind.
pub fn mandates_in(kind: &str) -> impl Iterator<Item = &'static str> {
    MANDATES.iter().map(|(kept, _)| *kept).filter(move |kept| is_held_in(kept, kind))
}

impl Detail {
    /// Names under `at` a mandate that is not held in an organisation of this kind.
    pub fn check_held_in(&self, kind: &str, at: &str, faults: &mut Faults) {
        faults.check(
            self.mandate.as_deref().is_none_or(|mandate| is_held_in(mandate, kind)),
            &format!("{at}/mandate"),
            "ce mandat ne s'exerce pas dans une organisation de cette nature",
            "this mandate is not held in an organisation of this kind",
        );
    }

    /// What is said, as it is kept: texts trimmed, a mandate in the words of the RNE. What is in no
    /// list, or does not go together, is named under `at`.
    #[must_use]
    pub fn settled(
        mut self,
        kind: CapacityKind,
        span: Span,
        at: &str,
        faults: &mut Faults,
    ) -> Self {
        self.check_texts(at, faults);
        match kind {
            CapacityKind::Elu => self.check_elu(span, at, faults),
            CapacityKind::Agent => self.check_agent(at, faults),
        }
        for text in [&mut self.function, &mut self.delegation, &mut self.cadre_emplois] {
            *text = text.as_deref().map(|text| text.trim().to_owned());
        }
        self.functional_post = self.functional_post.map(|text| text.trim().to_owned());
        if let Some(known) = self.mandate.as_deref().and_then(mandate) {
            self.mandate = Some(known.to_owned());
        }
        self
    }

    fn check_texts(&self, at: &str, faults: &mut Faults) {
        for (text, field) in [
            (&self.function, "function"),
            (&self.delegation, "delegation"),
            (&self.cadre_emplois, "cadre_emplois"),
            (&self.functional_post, "functional_post"),
        ] {
            if let Some(text) = text {
                faults.check_text(text, &format!("{at}/{field}"), LONGEST);
            }
        }
    }

    /// A mandate, a function, a delegation; nothing of an agent's career.
    fn check_elu(&self, span: Span, at: &str, faults: &mut Faults) {
        let known = self.mandate.as_deref().is_none_or(|text| mandate(text).is_some());
        let list = MANDATES.map(|(kept, _)| kept).join(", ");
        let (fr, en) = (format!("un mandat parmi : {list}"), format!("a mandate among: {list}"));
        faults.check(known, &format!("{at}/mandate"), fr, en);
        for (said, field) in [
            (self.category.is_some(), "category"),
            (self.manager, "manager"),
            (self.employment.is_some(), "employment"),
            (self.filiere.is_some(), "filiere"),
            (self.cadre_emplois.is_some(), "cadre_emplois"),
            (self.functional_post.is_some(), "functional_post"),
        ] {
            faults.check(!said, &format!("{at}/{field}"), "pour un agent", "for an agent");
        }
        self.check_delegation(span, at, faults);
    }

    /// A delegation has a date, within the mandate: what is due because of it is due from there.
    fn check_delegation(&self, span: Span, at: &str, faults: &mut Faults) {
        let pointer = format!("{at}/delegation_on");
        match (&self.delegation, self.delegation_on) {
            (Some(_), None) => faults.check(
                false,
                &pointer,
                "le premier jour de la délégation est attendu",
                "the first day of the delegation is expected",
            ),
            (None, Some(_)) => faults.check(
                false,
                &format!("{at}/delegation"),
                "ce qui est délégué est attendu",
                "what is delegated is expected",
            ),
            (_, Some(on)) => faults.check(
                span.since <= on && span.until.is_none_or(|until| on < until),
                &pointer,
                "une délégation est donnée pendant le mandat",
                "a delegation is given during the mandate",
            ),
            (None, None) => {}
        }
    }

    /// A category, a situation, a filière, a cadre d'emplois, a post; no mandate.
    fn check_agent(&self, at: &str, faults: &mut Faults) {
        for (said, field) in [
            (self.mandate.is_some(), "mandate"),
            (self.delegation.is_some(), "delegation"),
            (self.delegation_on.is_some(), "delegation_on"),
        ] {
            faults.check(!said, &format!("{at}/{field}"), "pour un élu", "for an élu");
        }
        for (said, field, list) in [
            (&self.category, "category", CATEGORIES.as_slice()),
            (&self.employment, "employment", EMPLOYMENTS.as_slice()),
            (&self.filiere, "filiere", FILIERES.as_slice()),
        ] {
            let known = said.as_deref().is_none_or(|word| list.contains(&word));
            let list = list.join(", ");
            let (fr, en) = (format!("un mot parmi : {list}"), format!("a word among: {list}"));
            faults.check(known, &format!("{at}/{field}"), fr, en);
        }
    }
}

#[cfg(test)]
mod tests;
