//! Across the questions of a module.

use super::super::finding::Sheet;
use super::super::quiz_rules::check_lengths;
use super::super::{Choice, Kind, Question, Task, read};
use super::{MANIFEST, QUIZ, one_finding, put, question, sound};

fn choices_of(question: &mut Question) -> &mut Vec<Choice> {
    match &mut question.task {
        Task::Single { choices } => choices,
        other => panic!("{other:?}"),
    }
}

/// `count` questions of `choices` choices, the right one being the longest in the first `long`.
fn quiz(count: usize, choices: u8, long: usize) -> Vec<Question> {
    let one = |rank: usize| {
        let mut question = question(&format!("Q{rank}"), Kind::Single, choices, "b");
        if rank < long {
            choices_of(&mut question)[1].text += ", é";
        }
        question
    };
    (0..count).map(one).collect()
}

fn said(questions: &[Question]) -> Vec<String> {
    let mut sheet = Sheet::new("quiz");
    check_lengths(questions.iter(), &mut sheet);
    sheet.into_findings().iter().map(ToString::to_string).collect()
}

#[test]
fn the_right_choice_being_the_longest_too_often_is_told_with_count_and_chance() {
    // P(X ≥ 5 of 6 at 1/3) = 13/729, under 5 %; P(X ≥ 4) = 73/729, over it.
    assert!(said(&quiz(6, 3, 4)).is_empty());
    let told = said(&quiz(6, 3, 5));
    assert_eq!(
        told,
        [
            "quiz: la bonne réponse est la plus longue dans 5 des 6 questions à choix unique (2,0 attendues par hasard) : Q0, Q1, Q2, Q3, Q4 — raccourcissez de bonnes réponses, ou donnez aux autres choix autant de précisions"
        ]
    );
}

#[test]
fn a_habit_is_looked_for_up_to_the_most_questions_that_a_module_may_have() {
    assert_eq!(said(&quiz(500, 3, 500)).len(), 1);
    assert!(said(&quiz(501, 3, 501)).is_empty(), "they are too many, which is told elsewhere");
}

#[test]
fn the_number_of_choices_changes_what_chance_allows() {
    // Of two choices, P(X ≥ 6 of 6) = 1/64; of two, P(X ≥ 5 of 6) = 7/64.
    assert!(said(&quiz(6, 2, 5)).is_empty());
    assert_eq!(said(&quiz(6, 2, 6)).len(), 1);
    // Of four choices, P(X ≥ 4 of 6) = 154/4096, under 5 %.
    assert_eq!(said(&quiz(6, 4, 4)).len(), 1);
}

#[test]
fn few_questions_ties_and_other_kinds_tell_nothing() {
    assert!(said(&quiz(5, 4, 5)).is_empty(), "five questions are too few");
    let mut ties = quiz(8, 3, 8);
    for question in &mut ties {
        let choices = choices_of(question);
        choices[0].text = choices[1].text.replace('b', "a");
    }
    assert!(said(&ties).is_empty(), "as long as another is not the longest");
    let mut others = quiz(8, 3, 8);
    for other in &mut others {
        let credit = super::super::Credit::Exact;
        other.task = Task::Multiple { choices: std::mem::take(choices_of(other)), credit };
    }
    assert!(said(&others).is_empty());
}

#[test]
fn a_module_with_such_a_quiz_is_refused() {
    let questions = QUIZ.split_once("[[question]]").expect("there").1;
    let all: String = (1..=6)
        .map(|rank| format!("[[question]]{}", questions.replace("E1-Q1", &format!("Q{rank}"))))
        .collect();
    let mut tree = sound();
    put(&mut tree, "quiz/01-quiz.toml", &format!("title = \"Quiz\"\n\n{all}"));
    put(&mut tree, "module.toml", &MANIFEST.replace("_minutes = 11", "_minutes = 16"));
    let told = super::said(&tree);
    assert!(told.starts_with("quiz: la bonne réponse est la plus longue dans 6 des 6"), "{told}");
    assert!(read(&tree).is_err());
}

#[test]
fn a_reference_that_a_question_cites_is_in_the_manifest() {
    let (path, from) = ("quiz/01-quiz.toml", "grade = \"V\"");
    let told = "« cites » nomme « ria-5 »";
    one_finding(path, from, "cites = [\"ria-4\", \"ria-5\"]\ngrade = \"V\"", 9, told);
}
