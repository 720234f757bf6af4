//! `due`, by examples and by properties.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::model::Cause;
use super::super::rules::{Citing, Due, Texts, due, is_new, says_the_same};
use super::{day, module, text, texts, told};
use crate::content::Reference;

fn causes(texts: &Texts, module: &Citing, today: u64) -> Vec<Cause> {
    due(texts, std::slice::from_ref(module), day(today)).iter().map(|due| due.cause).collect()
}

#[test]
fn a_change_is_asked_of_whoever_does_not_carry_it() {
    let (before, after) = (told("a", "Avant"), told("a", "Après"));
    let known = texts(vec![text(1, vec![before.clone(), after.clone()])]);
    assert_eq!(causes(&known, &module(1, day(99), vec![before]), 1), [Cause::Amended]);
    assert!(causes(&known, &module(1, day(99), vec![after]), 1).is_empty());
    assert!(causes(&known, &module(1, day(99), vec![told("b", "Avant")]), 1).is_empty());
}

#[test]
fn an_end_that_is_recorded_is_a_repeal_and_one_that_was_known_is_told_the_day_after() {
    let plain = told("a", "Loi");
    let ended = Reference { in_force_to: Some(day(10)), ..plain.clone() };
    let known = texts(vec![text(1, vec![plain.clone(), ended.clone()])]);
    let unaware = module(1, day(99), vec![plain]);
    assert_eq!(causes(&known, &unaware, 5), [Cause::Repealed]);
    assert_eq!(causes(&known, &unaware, 11), [Cause::Repealed], "one question, not two");
    let aware = module(1, day(99), vec![ended.clone()]);
    assert!(causes(&known, &aware, 10).is_empty(), "in force on its last day");
    assert_eq!(causes(&known, &aware, 11), [Cause::Ended]);
    let reworded = Reference { text: "Loi, modifiée".to_owned(), ..ended.clone() };
    let known = texts(vec![text(1, vec![ended.clone(), reworded])]);
    let module = module(1, day(99), vec![ended]);
    assert_eq!(causes(&known, &module, 5), [Cause::Amended], "the end is not what changed");
}

#[test]
fn either_reading_will_do() {
    let dated = |on| Reference { check_by: Some(day(on)), ..told("a", "Loi") };
    let due_on = |register: u64, copy: u64, today| {
        let known = texts(vec![text(1, vec![dated(register)])]);
        causes(&known, &module(1, day(99), vec![dated(copy)]), today)
    };
    assert!(due_on(5, 9, 9).is_empty() && due_on(9, 5, 9).is_empty());
    assert_eq!(
        (due_on(5, 9, 10), due_on(9, 5, 10)),
        (vec![Cause::CheckDue], vec![Cause::CheckDue])
    );
    let own = module(1, day(99), vec![dated(5)]);
    assert_eq!(causes(&Texts::new(), &own, 6), [Cause::CheckDue], "a text that no register knows");
}

#[test]
fn a_register_that_has_not_moved_says_nothing_new() {
    let (a, b, c) = (told("a", "A"), told("a", "B"), told("a", "C"));
    assert!(is_new(&b, &a, Some(&a)), "it moved");
    assert!(!is_new(&a, &a, Some(&a)) && !is_new(&a, &b, Some(&a)), "it did not");
    assert!(is_new(&c, &b, Some(&a)) && is_new(&a, &b, None));
}

fn telling(slug: &'static str) -> impl Strategy<Value = Reference> {
    let date = || prop::option::of(0_u64..40);
    (0_u8..3, date(), date(), any::<bool>()).prop_map(move |(words, end, check, replaced)| {
        Reference {
            in_force_to: end.map(day),
            check_by: check.map(day),
            superseded_by: replaced.then(|| "Une autre loi".to_owned()),
            ..told(slug, ["Un", "Deux", "Trois"][usize::from(words)])
        }
    })
}

const SLUGS: [&str; 3] = ["a", "b", "c"];

/// Texts, modules that cite some of them as they may have been, and one text of no register.
fn worlds() -> impl Strategy<Value = (Texts, Vec<Citing>)> {
    let of = |slug: &'static str| prop::collection::vec(telling(slug), 1..4);
    let known = SLUGS.map(of);
    let copies = || {
        prop::collection::vec(
            prop_oneof![telling("a"), telling("b"), telling("c"), telling("hors-registre"),],
            0..5,
        )
    };
    let modules = prop::collection::vec((0_u64..40, copies()), 0..4);
    (known, modules).prop_map(|(known, modules)| {
        let all = (1..).zip(known).map(|(seed, tellings)| text(seed, tellings)).collect();
        let modules = (1..).zip(modules).map(|(seed, (by, copies))| module(seed, day(by), copies));
        (texts(all), modules.collect())
    })
}

fn keys(all: &[Due]) -> BTreeSet<String> {
    all.iter().map(Due::key).collect()
}

proptest! {
    #[test]
    fn nothing_is_asked_twice_nor_before_its_day((known, modules) in worlds(), today in 0_u64..60) {
        let all = due(&known, &modules, day(today));
        prop_assert_eq!(keys(&all).len(), all.len());
        for one in &all {
            let calendar = matches!(one.cause, Cause::CheckDue | Cause::ReviewDue);
            prop_assert!(!calendar || one.on.is_some_and(|on| on < day(today)), "{:?}", one);
        }
    }

    #[test]
    fn what_is_due_stays_due_until_somebody_acts((known, modules) in worlds(), today in 0_u64..60, later in 0_u64..60) {
        let (then, now) = (due(&known, &modules, day(today)), due(&known, &modules, day(today + later)));
        prop_assert!(keys(&then).is_subset(&keys(&now)));
    }

    #[test]
    fn a_change_is_asked_exactly_of_those_who_carry_something_else((known, modules) in worlds()) {
        let all = due(&known, &modules, day(0));
        for module in &modules {
            let mut first = BTreeSet::new();
            for copy in module.copies.iter().filter(|copy| first.insert(&copy.id)) {
                let expected = known.get(&copy.id).is_some_and(|text| {
                    let says = |i: usize| &text.versions()[i].told;
                    let changed = (1..text.versions().len()).any(|i| !says_the_same(says(i - 1), says(i)));
                    changed && !says_the_same(copy, &text.latest().told)
                });
                let asked = all.iter().filter(|due| {
                    due.module_id == module.module_id
                        && due.slug.as_ref() == Some(&copy.id)
                        && matches!(due.cause, Cause::Amended | Cause::Repealed)
                });
                prop_assert_eq!(asked.count(), usize::from(expected));
            }
        }
    }

    #[test]
    fn reading_a_text_again_asks_nothing_and_settles_what_was_to_be_read((known, modules) in worlds(), today in 0_u64..60) {
        let before = keys(&due(&known, &modules, day(today)));
        let mut again = known.clone();
        for (seed, text) in (1..).zip(again.values_mut()) {
            let mut tellings: Vec<Reference> = text.versions().iter().map(|v| v.told.clone()).collect();
            let last = tellings.last().expect("a version").clone();
            tellings.push(Reference { verified_on: day(today), check_by: Some(day(today + 100)), ..last });
            *text = super::text(seed, tellings);
        }
        let all = due(&again, &modules, day(today));
        prop_assert!(keys(&all).is_subset(&before));
        let to_read = all.iter().filter(|due| due.cause == Cause::CheckDue);
        prop_assert!(to_read.into_iter().all(|due| due.slug.as_deref() == Some("hors-registre")));
    }

    #[test]
    fn a_module_that_copies_the_law_of_today_is_asked_about_its_own_dates_alone((known, _) in worlds()) {
        let open = |text: &super::super::rules::Text| {
            let latest = text.latest().told.clone();
            latest.in_force_to.is_none() && latest.superseded_by.is_none() && latest.check_by.is_none()
        };
        let copies = known.values().filter(|text| open(text)).map(|text| text.latest().told.clone());
        let module = module(1, day(3), copies.collect());
        prop_assert_eq!(causes(&known, &module, 3), Vec::new());
        prop_assert_eq!(causes(&known, &module, 4), vec![Cause::ReviewDue]);
    }
}
