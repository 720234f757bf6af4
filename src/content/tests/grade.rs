//! Grading.

use super::super::{Answers, Kind, Question, Score, draw, grade, read, recall};
use super::{broken, from_memory, partial, question, quiz};

fn ten() -> Vec<Question> {
    (1..=10).map(|n| question(&format!("Q{n}"), Kind::Single, 4, "a")).collect()
}

/// Answers written as letters: ("Q1", "ac").
fn ticked(pairs: &[(&str, &str)]) -> Answers {
    let letters = |letters: &str| letters.chars().map(String::from).collect();
    pairs.iter().map(|(question, given)| ((*question).to_owned(), letters(given))).collect()
}

/// The score of answers to all of these questions, passing at 80 %.
fn score(questions: &[Question], answers: &[(&str, &str)]) -> Score {
    let quiz = quiz(questions, None);
    grade(&draw(&quiz, 1), &quiz, &ticked(answers), 80).expect("answers of this quiz")
}

/// The hundredths won by one answer to one question.
fn won(question: &Question, answer: &str) -> u32 {
    score(std::slice::from_ref(question), &[(&question.id, answer)]).points
}

#[test]
fn a_question_is_all_or_nothing() {
    let questions = [question("M", Kind::Multiple, 4, "ac"), question("S", Kind::Single, 4, "b")];
    for (answers, points) in [
        (&[("M", "ac"), ("S", "b")][..], 200),
        (&[("M", "ca"), ("S", "b")], 200),
        (&[("M", "a"), ("S", "b")], 100),
        (&[("M", "abc"), ("S", "b")], 100),
        (&[("M", "ac"), ("S", "ab")], 100),
        (&[("M", "")], 0),
        (&[], 0),
    ] {
        let score = score(&questions, answers);
        assert_eq!((score.points, score.out_of), (points, 200), "{answers:?}");
    }
}

#[test]
fn partial_credit_takes_the_wrong_ticks_from_the_right_ones() {
    let question = partial(question("M", Kind::Multiple, 6, "abc"));
    for (answer, hundredths) in [
        ("abc", 100),
        ("ab", 66),
        ("a", 33),
        ("abd", 33),
        ("abcd", 66),
        ("abcdef", 0),
        ("ad", 0),
        ("def", 0),
        ("", 0),
    ] {
        assert_eq!(won(&question, answer), hundredths, "{answer}");
    }
}

#[test]
fn partial_credit_of_an_order_counts_its_pairs() {
    let question = partial(question("O", Kind::Ordering, 4, ""));
    // Of six pairs: all right, one wrong, two, three (half: nothing), all wrong.
    for (answer, hundredths) in
        [("abcd", 100), ("bacd", 66), ("bcad", 33), ("badc", 33), ("dabc", 0), ("dcba", 0), ("", 0)]
    {
        assert_eq!(won(&question, answer), hundredths, "{answer}");
    }
}

#[test]
fn an_order_is_all_or_nothing_unless_it_says_otherwise() {
    let question = question("O", Kind::Ordering, 4, "");
    assert_eq!(["abcd", "abdc", ""].map(|answer| won(&question, answer)), [100, 0, 0]);
}

#[test]
fn shares_add_up_before_the_pass_mark_is_asked() {
    let shares = ["A", "B", "C"].map(|id| partial(question(id, Kind::Multiple, 4, "ab")));
    let half = score(&shares, &[("A", "ab"), ("B", "ab"), ("C", "a")]);
    assert_eq!((half.points, half.out_of, half.percent, half.passed), (250, 300, 83, true));
    let less = score(&shares, &[("A", "ab"), ("B", "a"), ("C", "a")]);
    assert_eq!((less.points, less.percent, less.passed), (200, 66, false));
}

#[test]
fn a_question_from_memory_counts_neither_for_nor_against() {
    let questions =
        [question("V", Kind::Single, 3, "a"), from_memory(question("M", Kind::Single, 3, "a"))];
    for (given, percent) in [
        ([("V", "a"), ("M", "b")], 100),
        ([("V", "a"), ("M", "a")], 100),
        ([("V", "b"), ("M", "a")], 0),
    ] {
        let score = score(&questions, &given);
        assert_eq!((score.out_of, score.percent), (100, percent), "{given:?}");
        let memory = score.questions.iter().find(|one| one.question == "M").expect("asked");
        assert_eq!((memory.counted, memory.correct), (false, given[1].1 == "a"));
    }
}

#[test]
fn an_old_version_that_rests_on_memory_alone_can_be_passed_and_failed() {
    let old = broken("quiz/01-quiz.toml", "grade = \"V\"", "grade = \"M\"");
    assert!(read(&old).is_err(), "refused today");
    let quiz = recall(&old).expect("it was published").quiz;
    let of = |answer| grade(&draw(&quiz, 1), &quiz, &ticked(&[("E1-Q1", answer)]), 80);
    let (right, wrong) = (of("a").expect("an answer"), of("b").expect("an answer"));
    assert_eq!((right.out_of, right.percent, right.passed), (100, 100, true));
    assert_eq!((wrong.out_of, wrong.percent, wrong.passed), (100, 0, false));
    assert!(right.questions[0].counted);
}

#[test]
fn passing_is_decided_on_integers_and_the_percentage_rounds_down() {
    let quiz = quiz(&ten()[..3], None);
    let two = ticked(&[("Q1", "a"), ("Q2", "a")]);
    let at = |mark| grade(&draw(&quiz, 1), &quiz, &two, mark).expect("answers of this quiz");
    assert_eq!(at(66).percent, 66);
    assert!(at(66).passed);
    assert!(!at(67).passed);
}

#[test]
fn the_score_says_which_questions_were_right_in_the_order_drawn() {
    let quiz = quiz(&ten(), Some(4));
    let drawn = draw(&quiz, 5);
    let right = drawn[2].question.as_str();
    let score = grade(&drawn, &quiz, &ticked(&[(right, "a")]), 25).expect("good answers");
    let said: Vec<(&str, bool)> =
        score.questions.iter().map(|q| (q.question.as_str(), q.correct)).collect();
    let expected: Vec<(&str, bool)> =
        drawn.iter().map(|d| (d.question.as_str(), d.question == right)).collect();
    assert_eq!(said, expected);
    assert!(score.passed);
}

#[test]
fn an_attempt_without_questions_proves_nothing() {
    let score = grade(&[], &quiz(&[], None), &Answers::new(), 1).expect("no answers");
    assert_eq!((score.percent, score.passed), (0, false));
}

#[test]
fn a_question_drawn_from_another_version_is_an_error_not_a_zero() {
    let drawn = draw(&quiz(&ten(), None), 1);
    let other = quiz(&ten()[1..], None);
    let error = grade(&drawn, &other, &Answers::new(), 80).expect_err("refused");
    assert_eq!(error.missing, ["Q1"]);
}

#[test]
fn grading_refuses_what_was_not_asked() {
    let quiz = quiz(&ten()[..2], None);
    let error = grade(&draw(&quiz, 1), &quiz, &ticked(&[("Q3", "a")]), 80).expect_err("refused");
    assert_eq!(error.questions, ["Q3"]);
}
