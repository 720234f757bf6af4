//! Progress against a naive model, for any path, order and completions.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::content::Prerequisite;
use crate::error::Error;
use MemberState::{Completed, InProgress, NotStarted};

fn code(n: usize) -> ModuleCode {
    ModuleCode::parse(&format!("M{n}")).expect("a code")
}

/// A path of these steps: how many modules each, and whether it is optional.
fn path(shape: &[(usize, bool)], order: PathOrder) -> LearningPath {
    let mut next = 0..;
    let steps = shape.iter().map(|(many, optional)| PathStep {
        any_of: next.by_ref().take(*many).map(code).collect(),
        optional: *optional,
    });
    LearningPath {
        code: "P".to_owned(),
        provider: "local:maitrise".to_owned(),
        title: "Titre".to_owned(),
        summary: "Résumé.".to_owned(),
        audiences: Vec::new(),
        outcomes: Vec::new(),
        order,
        prerequisites: Vec::<Prerequisite>::new(),
        steps: steps.collect(),
    }
}

fn any_path() -> impl Strategy<Value = LearningPath> {
    let shape = prop::collection::vec((1_usize..4, any::<bool>()), 1..8);
    (shape, any::<bool>()).prop_map(|(mut shape, ordered)| {
        // A path asks for something.
        shape[0].1 = false;
        path(&shape, if ordered { PathOrder::Ordered } else { PathOrder::Free })
    })
}

fn any_states() -> impl Strategy<Value = Vec<MemberState>> {
    let state = prop_oneof![Just(NotStarted), Just(InProgress), Just(Completed)];
    prop::collection::vec(state, 24)
}

fn lookup(path: &LearningPath, states: &[MemberState]) -> BTreeMap<ModuleCode, MemberState> {
    path.members().cloned().zip(states.iter().copied()).collect()
}

/// Whether a step is done: some module of it is. Said again, in loops.
fn is_done(step: &PathStep, states: &BTreeMap<ModuleCode, MemberState>) -> bool {
    for module in &step.any_of {
        if states[module] == Completed {
            return true;
        }
    }
    false
}

proptest! {
    #[test]
    fn progress_is_what_a_naive_reading_says(path in any_path(), states in any_states()) {
        let states = lookup(&path, &states);
        let seen = progress(&path, |code| states[code]);
        let (mut done, mut all, mut first, mut so_far) = (0, 0, None, true);
        for (rank, step) in path.steps.iter().enumerate() {
            // Open: nothing mandatory before it is missing.
            prop_assert_eq!(seen.steps[rank].open, path.order == PathOrder::Free || so_far);
            prop_assert_eq!(seen.steps[rank].state == Completed, is_done(step, &states));
            if step.optional {
                continue;
            }
            all += 1;
            if is_done(step, &states) {
                done += 1;
            } else {
                so_far = false;
                first = first.or(Some(rank));
            }
        }
        prop_assert_eq!(seen.next, first);
        prop_assert_eq!(usize::from(seen.percent), done * 100 / all);
        prop_assert_eq!(seen.is_complete(), done == all);
    }

    #[test]
    fn completing_one_more_module_never_takes_anything_back(
        path in any_path(), states in any_states(), more in 0_usize..24,
    ) {
        let mut states = lookup(&path, &states);
        let before = progress(&path, |code| states[code]);
        let minutes = |states: &BTreeMap<ModuleCode, MemberState>| {
            left(&path, |_| Some(7), |code| states[code]).total.most
        };
        let left_before = minutes(&states);
        let nth = more % states.len();
        let one = path.members().nth(nth).expect("a module").clone();
        states.insert(one, Completed);
        let after = progress(&path, |code| states[code]);
        prop_assert!(after.percent >= before.percent);
        prop_assert!(minutes(&states) <= left_before);
        for (now, then) in after.steps.iter().zip(&before.steps) {
            prop_assert!(now.open || !then.open, "what was open is shut");
        }
    }

    #[test]
    fn a_module_has_its_turn_exactly_when_its_step_is_open(
        path in any_path(), states in any_states(),
    ) {
        let states = lookup(&path, &states);
        let seen = progress(&path, |code| states[code]);
        for (rank, step) in path.steps.iter().enumerate() {
            for module in &step.any_of {
                let turn = check_turn(&path, &seen, module);
                prop_assert_eq!(turn.is_ok(), seen.steps[rank].open);
            }
        }
    }
}

#[test]
fn what_comes_first_is_named_and_a_stranger_is_not_there() {
    let path = path(&[(1, false), (2, false), (1, true), (1, false)], PathOrder::Ordered);
    let begun = |code: &ModuleCode| if code.as_str() == "M0" { Completed } else { NotStarted };
    let seen = progress(&path, begun);
    let refused = |code| match check_turn(&path, &seen, &code) {
        Err(Error::Refused(refusal)) => (refusal.reason, refusal.detail.map(|(fr, _)| fr)),
        other => panic!("{other:?}"),
    };
    let first = Some("Achevez d'abord : M1 ou M2.".to_owned());
    assert_eq!(refused(code(4)), (Reason::PathOrder, first.clone()));
    assert_eq!(refused(code(3)), (Reason::PathOrder, first), "optional, and after it");
    assert_eq!(refused(code(9)), (Reason::NotFound, None));
}

#[test]
fn what_is_left_is_a_range_until_one_of_a_choice_is_begun() {
    let path = path(&[(1, false), (2, false), (1, true)], PathOrder::Free);
    let announced = |code: &ModuleCode| match code.as_str() {
        "M0" => Some(10),
        "M1" => Some(20),
        "M2" => Some(30),
        _ => None,
    };
    let minutes = |states: [MemberState; 4]| {
        let states = lookup(&path, &states);
        let minutes = left(&path, announced, |code| states[code]);
        (minutes.required.least, minutes.required.most, minutes.optional.most)
    };
    assert_eq!(minutes([NotStarted; 4]), (30, 40, 0), "what is not published counts for nothing");
    assert_eq!(minutes([Completed, InProgress, NotStarted, NotStarted]), (20, 20, 0));
    assert_eq!(minutes([Completed, InProgress, Completed, NotStarted]), (0, 0, 0));
}
