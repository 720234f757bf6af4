//! Taking answers.

use super::super::{Answers, Drawn, Kind, accept, draw};
use super::{question, quiz};

fn drawn() -> Vec<Drawn> {
    let questions = [
        question("S", Kind::Single, 4, "a"),
        question("M", Kind::Multiple, 4, "ab"),
        question("O", Kind::Ordering, 4, ""),
    ];
    draw(&quiz(&questions, None), 7)
}

fn given(pairs: &[(&str, &[&str])]) -> Answers {
    let list = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    pairs.iter().map(|(question, ids)| ((*question).to_owned(), list(ids))).collect()
}

#[test]
fn choices_become_a_set_and_an_order_stays_one() {
    let drawn = drawn();
    let taken = given(&[("M", &["d", "a", "d"]), ("O", &["d", "a", "c", "b"]), ("S", &[])]);
    let taken = accept(&drawn, &taken).expect("good answers");
    assert_eq!((&taken["M"], &taken["S"]), (&vec!["a".to_owned(), "d".to_owned()], &Vec::new()));
    let shown = &drawn.iter().find(|one| one.question == "O").expect("drawn").choices;
    let order = [3, 0, 2, 1].map(|place: usize| shown[place].clone());
    assert_eq!(taken["O"], order, "the letters shown are those of places");
}

#[test]
fn answers_foreign_to_the_draw_are_named() {
    let error = accept(
        &drawn(),
        &given(&[("S", &["a", "x"]), ("Q3", &["a"]), ("Z", &[]), ("O", &["a", "b", "c", "é"])]),
    );
    let error = error.expect_err("refused");
    assert_eq!(error.questions, ["Q3", "Z"]);
    let pair = |question: &str, id: &str| (question.to_owned(), id.to_owned());
    assert_eq!(error.choices, [pair("O", "é"), pair("S", "x")]);
    assert!(error.to_string().contains("S/x"), "{error}");
}

#[test]
fn an_order_is_every_item_once_or_nothing() {
    let taken = |ids: &[&str]| accept(&drawn(), &given(&[("O", ids)]));
    assert_eq!(taken(&[]), Ok(given(&[("O", &[])])));
    for bad in [&["a"][..], &["a", "b", "c"], &["a", "b", "c", "c"], &["a", "b", "c", "d", "a"]] {
        let error = taken(bad).expect_err("refused");
        assert_eq!(error.orderings, ["O"], "{bad:?}");
        assert!(error.choices.is_empty() && error.to_string().contains("ordres incomplets [O]"));
    }
}
