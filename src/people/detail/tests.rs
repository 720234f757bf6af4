//! What a capacity may say, and what does not go together.

use super::*;
use crate::error::Error;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn span() -> Span {
    Span { since: day("2026-03-22"), until: Some(day("2032-03-22")) }
}

/// The pointers at fault, and the detail as it is kept.
fn settled(kind: CapacityKind, detail: Detail) -> (Vec<String>, Detail) {
    let mut faults = Faults::default();
    let kept = detail.settled(kind, span(), "", &mut faults);
    match faults.refuse() {
        Ok(()) => (Vec::new(), kept),
        Err(Error::Refused(refusal)) => {
            (refusal.faults.into_iter().map(|fault| fault.at).collect(), kept)
        }
        Err(error) => panic!("{error}"),
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn elu() -> Detail {
    Detail {
        mandate: text("Conseillère municipale"),
        function: text(" 2e adjointe "),
        delegation: text("urbanisme"),
        delegation_on: Some(day("2026-04-01")),
        ..Detail::default()
    }
}

fn agent() -> Detail {
    Detail {
        category: text("A"),
        employment: text("titulaire"),
        filiere: text("administrative"),
        cadre_emplois: text("attachés territoriaux"),
        functional_post: text("DGS"),
        manager: true,
        ..Detail::default()
    }
}

#[test]
fn a_mandate_is_kept_in_the_words_of_the_register_whatever_the_gender() {
    let (faults, kept) = settled(CapacityKind::Elu, elu());
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(kept.mandate.as_deref(), Some("conseiller municipal"));
    assert_eq!(kept.function.as_deref(), Some("2e adjointe"));
    assert_eq!(mandate("CONSEILLÈRE D’ARRONDISSEMENT"), Some("conseiller d'arrondissement"));
    assert_eq!(mandate("conseillère régionale"), Some("conseiller régional"));
    assert_eq!(mandate("conseillère communautaire"), Some("conseiller communautaire"));
    assert_eq!(mandate("député"), None);
    let (faults, _) =
        settled(CapacityKind::Elu, Detail { mandate: text("député"), ..Detail::default() });
    assert_eq!(faults, ["/mandate"]);
}

#[test]
fn a_mandate_is_held_where_it_sits() {
    assert!(is_held_in("conseiller communautaire", "epci"));
    assert!(!is_held_in("conseiller communautaire", "commune"));
    assert!(!is_held_in("maire", "departement"));
    assert!(is_held_in("conseiller régional", "other"), "Corse, Martinique, Guyane");
    assert!(is_held_in("membre d'une assemblée à statut particulier", "epci"), "Lyon");
}

#[test]
fn nothing_of_an_agent_is_said_of_an_elu_and_nothing_of_an_elu_of_an_agent() {
    let (faults, _) = settled(CapacityKind::Elu, agent());
    let of_agents =
        ["category", "manager", "employment", "filiere", "cadre_emplois", "functional_post"];
    assert_eq!(faults, of_agents.map(|field| format!("/{field}")));
    let (faults, _) = settled(CapacityKind::Agent, elu());
    assert_eq!(faults, ["/mandate", "/delegation", "/delegation_on"]);
    assert!(settled(CapacityKind::Agent, agent()).0.is_empty());
}

#[test]
fn a_delegation_has_a_date_within_the_mandate() {
    let with = |delegation: Option<&str>, on: Option<&str>| {
        let delegation_on = on.map(day);
        let delegation = delegation.and_then(text);
        settled(CapacityKind::Elu, Detail { delegation, delegation_on, ..elu() }).0
    };
    assert_eq!(with(Some("voirie"), None), ["/delegation_on"]);
    assert_eq!(with(None, Some("2026-04-01")), ["/delegation"]);
    assert_eq!(with(Some("voirie"), Some("2026-03-21")), ["/delegation_on"]);
    assert_eq!(with(Some("voirie"), Some("2032-03-22")), ["/delegation_on"]);
    assert_eq!(with(Some("voirie"), Some("2026-03-22")), [""; 0]);
}

#[test]
fn words_are_those_of_the_lists() {
    let wrong = Detail {
        category: text("D"),
        employment: text("intermittent"),
        filiere: text("sapeurs"),
        ..Detail::default()
    };
    let (faults, _) = settled(CapacityKind::Agent, wrong);
    assert_eq!(faults, ["/category", "/employment", "/filiere"]);
}

#[test]
fn a_capacity_ends_after_it_begins_and_begins_neither_long_ago_nor_far_ahead() {
    let faults = |since: &str, until: Option<&str>| {
        let mut faults = Faults::default();
        Span { since: day(since), until: until.map(day) }.check(day("2026-11-23"), "", &mut faults);
        faults.refuse().is_err()
    };
    assert!(!faults("2026-03-22", None) && !faults("2027-01-01", Some("2027-01-02")));
    assert!(faults("2026-03-22", Some("2026-03-22")) && faults("1944-12-31", None));
    assert!(faults("2029-01-01", None));
}
