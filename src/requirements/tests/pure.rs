//! Audiences, due days and what is shipped, as values.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{after, day, draft};
use crate::obligations::model::Basis;
use crate::people::model::{CapacityKind, Standing, capacity};
use crate::requirements::audience::{Audience, Condition, Place, Territories, applies};
use crate::requirements::due::{After, DueRule, Event, Milestones, When, began_on, due};
use crate::requirements::{rules, shipped};
use crate::territory::model::OrganisationKind;

fn adjoint() -> capacity::Model {
    capacity::Model {
        id: Uuid::from_u128(1),
        person_id: Uuid::from_u128(2),
        kind: CapacityKind::Elu,
        organisation_id: Uuid::from_u128(3),
        mandate: Some("Conseillère municipale".to_owned()),
        function: Some("2e adjointe".to_owned()),
        category: None,
        manager: false,
        delegation: Some("numérique".to_owned()),
        delegation_on: Some(day("2026-04-01")),
        employment: None,
        filiere: None,
        cadre_emplois: None,
        functional_post: None,
        standing: Standing::Declared,
        source: "test".to_owned(),
        valid_from: day("2026-03-22"),
        valid_to: Some(day("2032-03-20")),
        recorded_at: super::noon("2026-03-23"),
        recorded_by: None,
        replaces_id: None,
        end_reason: None,
    }
}

fn place() -> Place {
    let here = Uuid::from_u128(3);
    let long_ago = NaiveDate::MIN;
    Place {
        id: here,
        kind: OrganisationKind::Commune,
        population: Some(1_300),
        time_zone: "Europe/Paris".to_owned(),
        within: vec![
            (here, long_ago, None),
            (Uuid::from_u128(35), long_ago, None),
            (Uuid::from_u128(700), long_ago, Some(day("2027-01-01"))),
        ],
    }
}

fn territories() -> Territories {
    let known = [("dep:35", 35), ("dep:33", 33), ("200000001", 700)];
    known.into_iter().map(|(name, id)| (name.to_owned(), Uuid::from_u128(id))).collect()
}

fn concerns(condition: Condition, on: &str) -> bool {
    let audience = Audience { any_of: vec![condition] };
    applies(&audience, &adjoint(), &place(), &territories(), day(on))
}

#[test]
fn every_criterion_lets_in_and_keeps_out() {
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let of = Condition::default;
    for (yes, no) in [
        (of(), Condition { kind: Some("agent".to_owned()), ..of() }),
        (
            Condition { mandates: words(&["conseillere municipale"]), ..of() },
            Condition { mandates: words(&["conseiller"]), ..of() },
        ),
        (
            Condition { functions: words(&["Maire", "2E ADJOINTE"]), ..of() },
            Condition { functions: words(&["adjointe"]), ..of() },
        ),
        (
            Condition { delegation: Some(true), ..of() },
            Condition { delegation: Some(false), ..of() },
        ),
        (
            Condition { manager: Some(false), ..of() },
            Condition { categories: words(&["A"]), ..of() },
        ),
        (of(), Condition { employments: words(&["titulaire"]), ..of() }),
        (of(), Condition { functional_posts: words(&["DGS"]), ..of() }),
        (of(), Condition { cadres_emplois: words(&["attachés"]), ..of() }),
        (of(), Condition { confirmed_only: true, ..of() }),
        (
            Condition { organisation_kinds: words(&["epci", "commune"]), ..of() },
            Condition { organisation_kinds: words(&["epci"]), ..of() },
        ),
        (
            Condition { population_min: Some(1_300), population_max: Some(1_300), ..of() },
            Condition { population_min: Some(1_301), ..of() },
        ),
        (of(), Condition { population_max: Some(1_299), ..of() }),
        (
            Condition { within: words(&["dep:33", "dep:35"]), ..of() },
            Condition { within: words(&["dep:33"]), ..of() },
        ),
    ] {
        assert!(concerns(yes.clone(), "2026-06-01"), "{yes:?}");
        assert!(!concerns(no.clone(), "2026-06-01"), "{no:?}");
    }
}

#[test]
fn an_audience_is_of_a_day() {
    let anyone = Condition::default;
    assert!(!concerns(anyone(), "2026-03-21"), "before the mandate");
    assert!(concerns(anyone(), "2026-03-22"));
    assert!(!concerns(anyone(), "2032-03-20"), "its end is the first day without it");
    let delegated = Condition { delegation: Some(true), ..anyone() };
    assert!(!concerns(delegated, "2026-03-31"), "the delegation begins in April");
    let epci = Condition { within: vec!["200000001".to_owned()], ..anyone() };
    assert!(concerns(epci.clone(), "2026-12-31"));
    assert!(!concerns(epci, "2027-01-01"), "the commune has left its EPCI");
}

#[test]
fn a_due_day_is_reckoned_by_the_calendar_from_its_event() {
    let milestones =
        Milestones { published_on: Some(day("2026-08-31")), legal_on: Some(day("2025-02-02")) };
    let of = |when: When, notice_days: u32, today: &str| {
        let rule = DueRule { when, notice_days };
        due(&rule, &adjoint(), day("2026-03-22"), milestones, day(today))
    };
    let on = |found: Option<crate::requirements::due::Due>| found.map(|due| due.on);
    let soon = "2026-09-01";
    assert_eq!(on(of(When::On(day("2027-01-31")), 0, soon)), Some(day("2027-01-31")));
    assert_eq!(on(of(after(Event::Office, 12), 0, soon)), Some(day("2027-03-22")));
    assert_eq!(on(of(after(Event::Delegation, 12), 0, soon)), Some(day("2027-04-01")));
    assert_eq!(on(of(after(Event::Hiring, 12), 0, soon)), None, "an élu is not hired");
    let published = of(after(Event::Publication, 6), 0, soon).expect("due");
    assert_eq!(published.on, day("2027-02-28"), "the last day of a shorter month");
    assert_eq!(published.basis, Basis::Publication);
    let law = of(after(Event::LegalChange, 12), 0, soon).expect("due");
    assert_eq!(law.anchor_on, Some(day("2026-03-22")), "who came after the law, from their coming");
    assert_eq!(on(of(ten_days(), 0, soon)), Some(day("2026-09-01")), "never before it opens");
    assert_eq!(on(of(ten_days(), 30, soon)), Some(day("2026-10-01")));
}

/// Ten days after taking office.
fn ten_days() -> When {
    When::After(After { event: Event::Office, months: 0, days: 10 })
}

#[test]
fn a_change_of_function_is_no_new_office_and_a_change_of_commune_is() {
    let first = adjoint();
    let changed = capacity::Model {
        id: Uuid::from_u128(10),
        function: Some("1re adjointe".to_owned()),
        valid_from: day("2028-01-01"),
        replaces_id: Some(first.id),
        ..adjoint()
    };
    let elsewhere = capacity::Model {
        id: Uuid::from_u128(11),
        organisation_id: Uuid::from_u128(99),
        valid_from: day("2029-01-01"),
        replaces_id: Some(changed.id),
        ..adjoint()
    };
    let all = [first, changed.clone(), elsewhere.clone()];
    assert_eq!(began_on(&changed, &all), day("2026-03-22"));
    assert_eq!(began_on(&elsewhere, &all), day("2029-01-01"));
}

#[test]
fn what_is_shipped_is_sound_but_for_what_it_waits_for() {
    let shipped = shipped::embedded().expect("readable");
    assert_eq!(shipped.len(), 3);
    for (code, mut draft, why) in shipped {
        assert!(rules::is_code(&code) && !why.is_empty(), "{code}");
        // The one that waits for a module of a provider with an agrément.
        if draft.module.is_none() && draft.path.is_none() {
            assert_eq!(code, "elus-delegation");
            draft.module = Some("E1".to_owned());
        }
        rules::check(&draft, day("2026-11-23")).expect(&code);
    }
    rules::check(&draft(), day("2026-11-23")).expect("the tests' own");
}
