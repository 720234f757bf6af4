//! Drawing and grading.

use std::collections::BTreeSet;

use super::super::{Answers, Drawn, Kind, Question, check_answers, draw, grade};
use super::question;

fn ten() -> Vec<Question> {
    (1..=10).map(|n| question(&format!("Q{n}"), Kind::Single, 4, "a")).collect()
}

fn ticked(pairs: &[(&str, &str)]) -> Answers {
    pairs
        .iter()
        .map(|(question, letters)| {
            let choices: BTreeSet<String> = letters.chars().map(String::from).collect();
            ((*question).to_owned(), choices)
        })
        .collect()
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

#[test]
fn a_question_is_all_or_nothing() {
    let questions = [question("M", Kind::Multiple, 4, "ac"), question("S", Kind::Single, 4, "b")];
    let drawn = draw(&questions, 1, None);
    for (answers, points) in [
        (ticked(&[("M", "ac"), ("S", "b")]), 2),
        (ticked(&[("M", "a"), ("S", "b")]), 1),
        (ticked(&[("M", "abc"), ("S", "b")]), 1),
        (ticked(&[("M", "ac"), ("S", "ab")]), 1),
        (ticked(&[("M", "")]), 0),
        (ticked(&[]), 0),
    ] {
        let score = grade(&drawn, &questions, &answers, 80).expect("answers of this quiz");
        assert_eq!((score.points, score.out_of), (points, 2), "{answers:?}");
    }
}

#[test]
fn passing_is_decided_on_integers_and_the_percentage_rounds_down() {
    let questions: Vec<Question> = ten().into_iter().take(3).collect();
    let drawn = draw(&questions, 1, None);
    let two = ticked(&[("Q1", "a"), ("Q2", "a")]);
    let at = |mark| grade(&drawn, &questions, &two, mark).expect("answers of this quiz");
    assert_eq!(at(66).percent, 66);
    assert!(at(66).passed);
    assert!(!at(67).passed);
}

#[test]
fn the_score_says_which_questions_were_right_in_the_order_drawn() {
    let questions = ten();
    let drawn = draw(&questions, 5, Some(4));
    let right = drawn[2].question.as_str();
    let score = grade(&drawn, &questions, &ticked(&[(right, "a")]), 25).expect("good answers");
    let said: Vec<(&str, bool)> =
        score.questions.iter().map(|q| (q.question.as_str(), q.correct)).collect();
    let expected: Vec<(&str, bool)> =
        drawn.iter().map(|d| (d.question.as_str(), d.question == right)).collect();
    assert_eq!(said, expected);
    assert!(score.passed);
}

#[test]
fn an_attempt_without_questions_proves_nothing() {
    let score = grade(&[], &[], &Answers::new(), 1).expect("no answers");
    assert_eq!((score.percent, score.passed), (0, false));
}

#[test]
fn answers_foreign_to_the_draw_are_named() {
    let questions = ten();
    let drawn: Vec<Drawn> = draw(&questions[..2], 1, None);
    let answers = ticked(&[("Q1", "ax"), ("Q3", "a"), ("Z", "")]);
    let error = check_answers(&drawn, &answers).expect_err("refused");
    assert_eq!(error.questions, ["Q3", "Z"]);
    assert_eq!(error.choices, [("Q1".to_owned(), "x".to_owned())]);
    assert!(error.to_string().contains("Q1/x"), "{error}");
    assert_eq!(grade(&drawn, &questions, &answers, 80), Err(error));
}

#[test]
fn a_question_drawn_from_another_version_is_an_error_not_a_zero() {
    let drawn = draw(&ten(), 1, None);
    let error = grade(&drawn, &ten()[1..], &Answers::new(), 80).expect_err("refused");
    assert_eq!(error.missing, ["Q1"]);
}
