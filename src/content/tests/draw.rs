//! Drawing: pinned for ever.

use super::super::{Bank, Drawn, Kind, Question, Quiz, draw as draw_quiz};
use super::{bank, question, quiz, scenario};

fn ten() -> Vec<Question> {
    (1..=10).map(|n| question(&format!("Q{n}"), Kind::Single, 4, "a")).collect()
}

/// A draw from one bank of questions that stand alone.
fn draw(questions: &[Question], seed: u64, count: Option<usize>) -> Vec<Drawn> {
    draw_quiz(&quiz(questions, count), seed)
}

#[test]
fn a_seed_draws_the_same_quiz_for_ever() {
    let mut questions = ten();
    questions.push(question("VF", Kind::TrueFalse, 2, "b"));
    let drawn = draw(&questions, 20_261_122, Some(6));
    let shown: Vec<String> =
        drawn.iter().map(|one| format!("{}:{}", one.question, one.choices.concat())).collect();
    // Pinned: computed from the description in `draw.rs` by a separate program in Python.
    assert_eq!(shown, ["Q5:cbda", "Q10:bdca", "Q4:acdb", "Q9:badc", "Q6:adbc", "Q1:abcd"]);
}

#[test]
fn a_draw_keeps_as_many_questions_as_asked_and_there_are() {
    for (count, expected) in [(None, 10), (Some(0), 0), (Some(3), 3), (Some(99), 10)] {
        assert_eq!(draw(&ten(), 1, count).len(), expected);
    }
    assert!(draw(&[], 1, None).is_empty());
}

#[test]
fn each_place_is_drawn_about_as_often() {
    let mut firsts = std::collections::BTreeMap::new();
    for seed in 0..2000 {
        *firsts.entry(draw(&ten(), seed, Some(1))[0].question.clone()).or_insert(0) += 1;
    }
    assert!(firsts.values().all(|&n| (140..=260).contains(&n)), "{firsts:?}");
}

#[test]
fn the_choices_of_a_true_or_false_keep_their_order() {
    let questions = [question("VF", Kind::TrueFalse, 2, "b")];
    assert!((0..50).all(|seed| draw(&questions, seed, None)[0].choices == ["a", "b"]));
}

/// Two banks: five questions of which three are drawn; a question of five choices, a scenario of
/// three questions and a true-or-false, of which two are drawn.
fn banks() -> Quiz {
    let five: Vec<Question> =
        (1..=5).map(|n| question(&format!("A{n}"), Kind::Single, 4, "a")).collect();
    let alone = [question("B1", Kind::Ordering, 5, ""), question("B2", Kind::TrueFalse, 2, "a")];
    let Bank { mut units, .. } = bank(&alone, None);
    let chained = [
        question("S1", Kind::Single, 3, "a"),
        question("S2", Kind::TrueFalse, 2, "a"),
        question("S3", Kind::Multiple, 4, "ab"),
    ];
    units.insert(1, scenario("S", &chained));
    Quiz { banks: vec![bank(&five, Some(3)), Bank { draw: 2, units, ..Bank::default() }] }
}

fn shown(quiz: &Quiz, seed: u64) -> Vec<String> {
    let drawn = draw_quiz(quiz, seed);
    drawn.iter().map(|one| format!("{}:{}", one.question, one.choices.concat())).collect()
}

#[test]
fn a_seed_draws_the_same_units_of_the_same_banks_for_ever() {
    // Pinned: computed from the description in `draw.rs` by a separate program in Python.
    let with_scenario = ["A3:bacd", "A4:abcd", "A1:cadb", "S1:cab", "S2:ab", "S3:adbc", "B1:abdce"];
    assert_eq!(shown(&banks(), 20_261_125), with_scenario);
    let without = ["A4:dabc", "A1:bdca", "A2:acbd", "B2:ab", "B1:ebacd"];
    assert_eq!(shown(&banks(), 20_261_124), without);
}

#[test]
fn a_scenario_is_drawn_whole_and_in_its_order() {
    for seed in 0..200 {
        let drawn = draw_quiz(&banks(), seed);
        let of_scenario: Vec<usize> = (0..drawn.len())
            .filter(|&place| drawn[place].scenario.as_deref() == Some("S"))
            .collect();
        let names: Vec<&str> =
            of_scenario.iter().map(|&place| drawn[place].question.as_str()).collect();
        assert!(names.is_empty() || names == ["S1", "S2", "S3"], "{seed}: {names:?}");
        assert!(of_scenario.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{seed}");
    }
}

#[test]
fn the_ids_of_an_ordering_say_nothing_of_the_order() {
    let quiz = quiz(&[question("O", Kind::Ordering, 5, "")], None);
    for seed in 0..50 {
        let drawn = draw_quiz(&quiz, seed);
        let one = &drawn[0];
        let shown: Vec<&str> = one.choices.iter().filter_map(|own| one.shown_as(own)).collect();
        assert_eq!(shown, ["a", "b", "c", "d", "e"], "letters of places, whatever the order");
        for own in &one.choices {
            let label = one.shown_as(own).expect("shown");
            assert_eq!(one.authored(label), Some(own.as_str()));
        }
    }
    let orders: std::collections::BTreeSet<_> =
        (0..50).map(|seed| draw_quiz(&quiz, seed)[0].choices.clone()).collect();
    assert!(orders.len() > 25, "{}", orders.len());
}

#[test]
fn choices_are_shown_under_the_ids_of_the_author() {
    let drawn = draw(&ten()[..1], 3, None);
    let own: Vec<Option<&str>> = drawn[0].choices.iter().map(|id| drawn[0].shown_as(id)).collect();
    assert_eq!(own, drawn[0].choices.iter().map(|id| Some(id.as_str())).collect::<Vec<_>>());
    assert_eq!((drawn[0].shown_as("z"), drawn[0].authored("z")), (None, None));
}
