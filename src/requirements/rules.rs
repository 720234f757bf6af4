//! What may be written of a requirement: pure decisions on what is handed in, everything at fault at
//! once.

use std::str::FromStr as _;

use chrono::NaiveDate;
use sea_orm::ActiveEnum as _;

use super::audience::{Audience, Condition};
use super::due::{After, DueRule, MAX_DAYS, MAX_MONTHS, When, after};
use super::model::{Counted, Force};
use crate::error::{Faults, Result};
use crate::territory::OrgRef;
use crate::territory::model::OrganisationKind;

/// Longest title, in characters.
pub const MAX_TITLE: usize = 200;
/// Longest reason, in characters.
pub const MAX_REASON: usize = 600;
/// Months ahead of a due date or of the end of an exemption, at most.
pub const MAX_AHEAD: u32 = 360;
/// Most conditions of an audience, and most words of a list.
pub const MOST: usize = 50;

/// What a requirement says, as it is handed in: modules, paths and texts by code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its title in French.
    pub title_fr: String,
    /// Its title in English.
    pub title_en: String,
    /// How binding it is.
    pub force: Force,
    /// The module to complete,
    pub module: Option<String>,
    /// or the path.
    pub path: Option<String>,
    /// For whom.
    pub audience: Audience,
    /// By when.
    pub due: DueRule,
    /// Months after which it is to be completed again, and days before that on which it may be.
    pub renewal: Option<(u32, u32)>,
    /// The text that it rests on.
    pub reference: Option<String>,
    /// Completions older than so many months do not count.
    pub accepts_months: Option<u32>,
    /// Which versions count.
    pub versions: Counted,
    /// The least, for [`Counted::From`].
    pub from_number: Option<i32>,
    /// Whether the provider must have an agrément.
    pub agreed_only: bool,
}

/// Whether a code has the shape of a requirement's: lower-case letters, digits and hyphens.
pub fn is_code(code: &str) -> bool {
    (1..=60).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Refuses what cannot be meant, whatever the database holds.
///
/// # Errors
/// `invalid-values`, everything at fault named by its place in the body.
pub fn check(draft: &Draft, today: NaiveDate) -> Result<()> {
    let mut faults = Faults::default();
    faults.check_text(&draft.title_fr, "/title_fr", MAX_TITLE);
    faults.check_text(&draft.title_en, "/title_en", MAX_TITLE);
    faults.check(
        draft.module.is_some() != draft.path.is_some(),
        "/module",
        "donnez un module ou un parcours, l'un des deux",
        "give a module or a path, one of them",
    );
    check_versions(draft, &mut faults);
    check_renewal(draft, &mut faults);
    check_due(draft, today, &mut faults);
    check_audience(&draft.audience, &mut faults);
    faults.refuse()
}

fn check_versions(draft: &Draft, faults: &mut Faults) {
    let from = draft.versions == Counted::From;
    faults.check(
        from == draft.from_number.is_some() && draft.from_number.is_none_or(|n| n >= 1),
        "/from_number",
        "numéro de version, à partir de 1, attendu avec « from » et avec lui seul",
        "a version number, 1 or more, is expected with `from` and with nothing else",
    );
    faults.check(
        draft.path.is_none() || draft.versions == Counted::Any,
        "/versions",
        "un parcours nomme des modules, jamais leurs versions : « any »",
        "a path names modules, never their versions: `any`",
    );
}

fn check_renewal(draft: &Draft, faults: &mut Faults) {
    let months = |n: u32| (1..=MAX_MONTHS).contains(&n);
    let (fr, en) = (format!("de 1 à {MAX_MONTHS} mois"), format!("1 to {MAX_MONTHS} months"));
    if let Some((every, window)) = draft.renewal {
        faults.check(months(every), "/renewal/months", fr.clone(), en.clone());
        // A month has 28 days at least: the window never reaches back to the completion itself.
        faults.check(
            u64::from(window) <= u64::from(every) * 28,
            "/renewal/window_days",
            "la fenêtre est plus longue que la période qu'elle précède",
            "the window is longer than the period that it ends",
        );
    }
    if let Some(accepted) = draft.accepts_months {
        faults.check(months(accepted), "/accepts_months", fr, en);
    }
}

fn check_due(draft: &Draft, today: NaiveDate, faults: &mut Faults) {
    let DueRule { when, notice_days } = &draft.due;
    let (fr, en) = (format!("{MAX_DAYS} jours au plus"), format!("{MAX_DAYS} days at most"));
    faults.check(*notice_days <= MAX_DAYS, "/due/notice_days", fr.clone(), en.clone());
    match when {
        When::On(date) => faults.check(
            today <= *date && *date <= after(today, MAX_AHEAD, 0),
            "/due/on",
            format!("({date}) est passé, ou trop lointain : donnez un jour des trente ans à venir"),
            format!("({date}) has passed, or is too far: give a day of the thirty years to come"),
        ),
        When::After(After { months, days, event }) => {
            faults.check(
                *months <= MAX_MONTHS,
                "/due/after/months",
                format!("{MAX_MONTHS} mois au plus"),
                format!("{MAX_MONTHS} months at most"),
            );
            faults.check(*days <= MAX_DAYS, "/due/after/days", fr, en);
            faults.check(
                *event != super::due::Event::LegalChange || draft.reference.is_some(),
                "/reference",
                "nommez le texte dont l'entrée en vigueur fait courir le délai",
                "name the text whose coming into force starts the delay",
            );
        }
    }
}

fn check_audience(audience: &Audience, faults: &mut Faults) {
    faults.check(
        (1..=MOST).contains(&audience.any_of.len()),
        "/audience/any_of",
        format!("de 1 à {MOST} conditions : une condition vide désigne tout le monde"),
        format!("1 to {MOST} conditions: an empty one means everybody"),
    );
    for (nth, condition) in audience.any_of.iter().enumerate() {
        check_condition(condition, &format!("/audience/any_of/{nth}"), faults);
    }
}

fn check_condition(c: &Condition, at: &str, faults: &mut Faults) {
    let lists = [
        ("mandates", &c.mandates),
        ("functions", &c.functions),
        ("categories", &c.categories),
        ("employments", &c.employments),
        ("functional_posts", &c.functional_posts),
        ("cadres_emplois", &c.cadres_emplois),
        ("organisation_kinds", &c.organisation_kinds),
        ("within", &c.within),
    ];
    for (name, list) in lists {
        faults.check(
            list.len() <= MOST,
            &format!("{at}/{name}"),
            format!("{MOST} au plus"),
            format!("{MOST} at most"),
        );
        for (nth, word) in list.iter().enumerate() {
            faults.check_text(word, &format!("{at}/{name}/{nth}"), 120);
        }
    }
    for (nth, kind) in c.organisation_kinds.iter().enumerate() {
        let known = OrganisationKind::try_from_value(kind).is_ok();
        let at = format!("{at}/organisation_kinds/{nth}");
        faults.check(known, &at, "nature d'organisation inconnue", "unknown kind of organisation");
    }
    for (nth, reference) in c.within.iter().enumerate() {
        let at = format!("{at}/within/{nth}");
        let fine = OrgRef::from_str(reference).is_ok();
        faults.check(fine, &at, "référence d'organisation attendue", "not a reference");
    }
    let ordered = c.population_min.zip(c.population_max).is_none_or(|(least, most)| least <= most);
    faults.check(
        ordered,
        &format!("{at}/population_max"),
        "le maximum est inférieur au minimum",
        "the most is less than the least",
    );
}
