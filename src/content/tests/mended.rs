//! Keys mended: what may be one, and what marking by it gives.

use super::super::{Keys, Kind, draw, grade};
use super::{partial, question, quiz, scenario};

fn letters(letters: &str) -> Vec<String> {
    letters.chars().map(String::from).collect()
}

#[test]
fn a_key_is_one_choice_several_or_every_item_in_order_each_once() {
    for (kind, right, key) in [
        (Kind::Single, "b", Some("b")),
        (Kind::Single, "ab", None),
        (Kind::Single, "", None),
        (Kind::Single, "z", None),
        (Kind::TrueFalse, "b", Some("b")),
        (Kind::Multiple, "ca", Some("ac")),
        (Kind::Multiple, "aa", None),
        (Kind::Multiple, "", None),
    ] {
        let choices = if kind == Kind::TrueFalse { 2 } else { 4 };
        let asked = question("Q", kind, choices, "a");
        assert_eq!(asked.key_of(&letters(right)), key.map(letters), "{kind} {right}");
    }
    let order = question("O", Kind::Ordering, 4, "");
    assert_eq!(order.key_of(&letters("dbca")), Some(letters("dbca")), "in the order given");
    assert_eq!(order.key_of(&letters("dbc")), None);
}

#[test]
fn what_is_drawn_stays_and_what_is_right_is_the_mended_key_wherever_the_question_stands() {
    let order = partial(question("O", Kind::Ordering, 4, ""));
    let inside = question("S", Kind::Single, 4, "a");
    let mut published = quiz(&[order, question("M", Kind::Multiple, 4, "ab")], None);
    published.banks[0].units.push(scenario("SC", &[inside, question("T", Kind::Single, 3, "a")]));
    published.banks[0].draw = 3;
    let keys: Keys = [("O", "dbca"), ("M", "cd"), ("S", "b")]
        .map(|(id, right)| (id.to_owned(), letters(right)))
        .into();
    let mended = published.mended(&keys);
    let drawn = draw(&published, 7);
    let answers: Keys = keys.into_iter().chain([("T".to_owned(), letters("a"))]).collect();
    let score = grade(&drawn, &mended, &answers, 100).expect("answers of this quiz");
    assert!(score.passed, "{score:?}");
    let before = grade(&drawn, &published, &answers, 100).expect("answers of this quiz");
    assert!(!before.passed && before.points < score.points, "{before:?}");
}
