//! Decisions on enrolling, as pure functions.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::content::{Manifest, ModuleCode, Prerequisite, PrerequisiteKind};
use crate::error::{Faults, Reason, Refusal, Result};

/// The furthest ahead that a due date makes sense: five years, in days.
const FURTHEST_DAYS: i64 = 5 * 366;

/// Why somebody without a capacity in force may not begin anything, and what to do about it; `had`
/// says whether they had one.
pub fn no_capacity(had: bool) -> Refusal {
    let (fr, en) = match had {
        true => (
            "Votre qualité d'élu ou d'agent a pris fin. Vos formations commencées et vos attestations \
             restent les vôtres ; pour vous inscrire à nouveau, déclarez votre qualité actuelle, ou \
             demandez à votre collectivité de l'enregistrer.",
            "Your capacity as élu or agent has ended. What you began and your attestations stay yours; \
             to enrol anew, declare your present capacity, or ask your organisation to record it.",
        ),
        false => (
            "Déclarez d'abord votre qualité d'élu ou d'agent, ou demandez à votre collectivité de \
             l'enregistrer.",
            "First declare your capacity as élu or agent, or ask your organisation to record it.",
        ),
    };
    Refusal::new(Reason::NoCapacity).because(fr, en)
}

/// The civil date of an instant in a zone.
pub fn today(now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// Refuses a due date that is past, or absurdly far.
///
/// # Errors
/// `invalid-values` at `/due_on`.
pub fn check_due_on(due_on: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
    let Some(due_on) = due_on else { return Ok(()) };
    let mut faults = Faults::default();
    faults.check(
        due_on >= today,
        "/due_on",
        format!("la date est passée (nous sommes le {today})"),
        format!("the date is past (today is {today})"),
    );
    faults.check(
        (due_on - today).num_days() <= FURTHEST_DAYS,
        "/due_on",
        "au plus cinq ans à l'avance",
        "at most five years ahead",
    );
    faults.refuse()
}

/// What a module requires first; of each, one of its modules is enough.
pub fn required(manifest: &Manifest) -> impl Iterator<Item = &Prerequisite> {
    manifest.prerequisites.iter().filter(|p| p.kind == PrerequisiteKind::Required)
}

/// Refuses to enrol someone who has not completed what the module requires first.
///
/// # Errors
/// `prerequisite-missing`, naming the modules.
pub fn check_prerequisites(manifest: &Manifest, completed: &BTreeSet<String>) -> Result<()> {
    check_completed(required(manifest), completed)
}

/// The same of prerequisites that are all required, of a module or of a path.
///
/// # Errors
/// `prerequisite-missing`, naming the modules.
pub fn check_completed<'p>(
    required: impl IntoIterator<Item = &'p Prerequisite>,
    completed: &BTreeSet<String>,
) -> Result<()> {
    let missing: Vec<&Prerequisite> = required
        .into_iter()
        .filter(|p| !p.is_met(|code| completed.contains(code.as_str())))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = |or: &str| {
        let codes = |p: &&Prerequisite| {
            p.any_of.iter().map(ModuleCode::as_str).collect::<Vec<_>>().join(or)
        };
        missing.iter().map(codes).collect::<Vec<_>>().join(", ")
    };
    let (fr, en) = (list(" ou "), list(" or "));
    Err(Refusal::new(Reason::PrerequisiteMissing)
        .because(format!("Achevez d'abord : {fr}."), format!("Complete first: {en}."))
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_due_date_is_today_or_later_and_within_five_years() {
        let today = day("2026-11-22");
        assert!(check_due_on(None, today).is_ok());
        assert!(check_due_on(Some(today), today).is_ok());
        assert!(check_due_on(Some(day("2026-11-21")), today).is_err());
        assert!(check_due_on(Some(day("2099-01-01")), today).is_err());
    }

    /// The codes a learner completed, and whether that is enough for a module that requires A1, and
    /// B1 or B2.
    fn refused(completed: &[&str]) -> Option<String> {
        let code = |text: &&str| ModuleCode::parse(text).expect("a code");
        let asked =
            |codes: &[&str], kind| Prerequisite { any_of: codes.iter().map(code).collect(), kind };
        let tree = crate::catalogue::tests::kit::tree("T1", "Texte.");
        let mut manifest = crate::content::read(&tree).expect("sound").manifest;
        manifest.prerequisites = vec![
            asked(&["A1"], PrerequisiteKind::Required),
            asked(&["B1", "B2"], PrerequisiteKind::Required),
            asked(&["C1"], PrerequisiteKind::Advised),
        ];
        let completed = completed.iter().map(|code| (*code).to_owned()).collect();
        check_prerequisites(&manifest, &completed).err().map(|error| match error {
            crate::error::Error::Refused(refusal) => format!("{refusal:?}"),
            other => panic!("failed rather than refused: {other}"),
        })
    }

    #[test]
    fn of_each_required_prerequisite_one_module_is_enough() {
        for enough in [&["A1", "B1"][..], &["A1", "B2"], &["A1", "B1", "B2", "C1"]] {
            assert_eq!(refused(enough), None, "{enough:?}");
        }
        for (completed, said) in [
            (&["A1"][..], "Achevez d'abord : B1 ou B2."),
            (&["B1", "B2"], "Achevez d'abord : A1."),
            (&["C1"], "Achevez d'abord : A1, B1 ou B2."),
            (&[], "Complete first: A1, B1 or B2."),
        ] {
            let told = refused(completed).unwrap_or_default();
            assert!(told.contains(said), "{completed:?}: {told}");
        }
    }

    #[test]
    fn midnight_in_paris_is_not_midnight_in_noumea() {
        let now = "2026-11-22T22:30:00Z".parse().expect("an instant");
        assert_eq!(today(now, chrono_tz::Europe::Paris), day("2026-11-22"));
        assert_eq!(today(now, chrono_tz::Pacific::Noumea), day("2026-11-23"));
    }
}
