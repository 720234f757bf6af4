//! What must hold of any quiz, any draw and any answers: drawing is exact, marking is fair.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;

use super::super::{
    Answers, Bank, Credit, Drawn, Kind, Question, Quiz, Score, Unit, accept, draw, grade,
};
use super::{from_memory, partial, question, scenario};

/// Any question, without its name.
fn one() -> impl Strategy<Value = Question> {
    let kinds = select(vec![
        (Kind::Single, 4, "b"),
        (Kind::Multiple, 5, "ace"),
        (Kind::Multiple, 3, "b"),
        (Kind::Multiple, 8, "abcdefgh"),
        (Kind::TrueFalse, 2, "a"),
        (Kind::Ordering, 3, ""),
        (Kind::Ordering, 8, ""),
    ]);
    (kinds, any::<bool>(), prop::bool::weighted(0.2)).prop_map(|((kind, n, key), share, memory)| {
        let mut question = question("", kind, n, key);
        if share {
            question = partial(question);
        }
        if memory { from_memory(question) } else { question }
    })
}

/// Any quiz: one to three banks of questions and scenarios, of which any number is drawn.
fn quizzes() -> impl Strategy<Value = Quiz> {
    let unit = prop_oneof![3 => vec(one(), 1), 1 => vec(one(), 2..4)];
    let bank = (vec(unit, 1..6), any::<prop::sample::Index>());
    vec(bank, 1..4).prop_map(|banks| {
        let mut names = (1..).map(|n| format!("Q{n}"));
        let mut named =
            |question: Question| Question { id: names.next().expect("endless"), ..question };
        let mut unit = |questions: Vec<Question>| {
            let mut questions: Vec<Question> = questions.into_iter().map(&mut named).collect();
            match questions.len() {
                1 => Unit::Question(Box::new(questions.remove(0))),
                _ => scenario(&format!("S-{}", questions[0].id), &questions),
            }
        };
        let banks = banks.into_iter().map(|(units, draw)| Bank {
            draw: draw.index(units.len()) + 1,
            units: units.into_iter().map(&mut unit).collect(),
            ..Bank::default()
        });
        Quiz { banks: banks.collect() }
    })
}

/// The key of what was drawn, under the author's ids.
fn right(quiz: &Quiz, drawn: &[Drawn]) -> Answers {
    let keys: BTreeMap<&str, Vec<String>> =
        quiz.questions().map(|q| (q.id.as_str(), q.task.key())).collect();
    drawn.iter().map(|one| (one.question.clone(), keys[one.question.as_str()].clone())).collect()
}

/// Answers that may be given to what was drawn, chosen by numbers.
fn chosen(drawn: &[Drawn], choice: &[u16]) -> Answers {
    let mut numbers = choice.iter().cycle();
    let mut answer = |one: &Drawn| {
        let number = *numbers.next().expect("at least one");
        let mut ids = one.choices.clone();
        if one.kind == Kind::Ordering {
            let turn = usize::from(number) % ids.len();
            ids.rotate_left(turn);
            if number.is_multiple_of(2) {
                ids.swap(0, 1);
            }
            if number.is_multiple_of(7) {
                ids.clear();
            }
        } else {
            let mut nth = 0;
            ids.retain(|_| {
                nth += 1;
                number >> (nth % 16) & 1 == 1
            });
        }
        (one.question.clone(), ids)
    };
    drawn.iter().map(&mut answer).collect()
}

fn marked(quiz: &Quiz, drawn: &[Drawn], answers: &Answers, mark: u8) -> Score {
    grade(drawn, quiz, answers, mark).expect("good answers")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_draw_takes_whole_units_of_every_bank_and_shows_every_option(quiz in quizzes(), seed in any::<u64>()) {
        let drawn = draw(&quiz, seed);
        prop_assert_eq!(&drawn, &draw(&quiz, seed), "same seed, same draw");
        let mut names: Vec<&str> = drawn.iter().map(|one| one.question.as_str()).collect();
        for bank in &quiz.banks {
            let taken = bank.units.iter().filter(|unit| names.contains(&unit.questions()[0].id.as_str()));
            let taken: Vec<&Unit> = taken.collect();
            prop_assert_eq!(taken.len(), bank.draw.min(bank.units.len()));
            // What a bank gives stands before what the next one gives, each unit in its own order.
            let size: usize = taken.iter().map(|unit| unit.questions().len()).sum();
            let given: Vec<&str> = names.drain(..size).collect();
            for unit in taken {
                let own: Vec<&str> = unit.questions().iter().map(|q| q.id.as_str()).collect();
                prop_assert!(given.windows(own.len()).any(|window| window == own), "{:?} in {:?}", own, given);
            }
        }
        prop_assert!(names.is_empty());
        for one in drawn {
            let question = quiz.questions().find(|q| q.id == one.question).expect("drawn");
            let own: BTreeSet<&str> = question.task.options().into_iter().map(|(id, _)| id).collect();
            prop_assert_eq!(one.choices.len(), own.len());
            prop_assert_eq!(one.choices.iter().map(String::as_str).collect::<BTreeSet<_>>(), own);
        }
    }

    #[test]
    fn all_right_is_100_percent_and_blank_is_nothing(quiz in quizzes(), seed in any::<u64>(), mark in 1..=100_u8) {
        let drawn = draw(&quiz, seed);
        let whole = marked(&quiz, &drawn, &right(&quiz, &drawn), mark);
        prop_assert_eq!((whole.percent, whole.passed), if drawn.is_empty() { (0, false) } else { (100, true) });
        prop_assert!(whole.questions.iter().all(|one| one.correct && one.credit == 100));
        let blank = marked(&quiz, &drawn, &Answers::new(), mark);
        prop_assert_eq!((blank.points, blank.percent, blank.passed), (0, 0, false));
    }

    #[test]
    fn a_score_is_within_its_bounds(quiz in quizzes(), seed in any::<u64>(), choice in vec(any::<u16>(), 1..20), mark in 1..=100_u8) {
        let drawn = draw(&quiz, seed);
        let score = marked(&quiz, &drawn, &chosen(&drawn, &choice), mark);
        prop_assert!(score.points <= score.out_of && score.percent <= 100);
        prop_assert_eq!(score.out_of as usize, 100 * score.questions.iter().filter(|one| one.counted).count());
        prop_assert_eq!(score.points, score.questions.iter().filter(|one| one.counted).map(|one| one.credit).sum::<u32>());
        prop_assert_eq!(score.passed, score.out_of > 0 && score.points * 100 >= u32::from(mark) * score.out_of);
        for one in &score.questions {
            let question = quiz.questions().find(|q| q.id == one.question).expect("drawn");
            prop_assert_eq!(one.correct, one.credit == 100);
            prop_assert!(question.task.credit() == Credit::Partial || one.credit % 100 == 0);
        }
    }

    #[test]
    fn the_order_drawn_changes_no_score(quiz in quizzes(), seeds in any::<(u64, u64)>(), choice in vec(any::<u16>(), 1..20)) {
        let whole = Quiz { banks: quiz.banks.into_iter().map(|bank| Bank { draw: bank.units.len(), ..bank }).collect() };
        let (drawn, other) = (draw(&whole, seeds.0), draw(&whole, seeds.1));
        let answers = chosen(&drawn, &choice);
        let (one, other) = (marked(&whole, &drawn, &answers, 80), marked(&whole, &other, &answers, 80));
        prop_assert_eq!((one.points, one.out_of, one.percent, one.passed), (other.points, other.out_of, other.percent, other.passed));
    }

    #[test]
    fn one_more_right_answer_never_lowers_the_score(quiz in quizzes(), seed in any::<u64>(), choice in vec(any::<u16>(), 1..20), mark in 1..=100_u8) {
        let drawn = draw(&quiz, seed);
        let mut answers = chosen(&drawn, &choice);
        let mut before = marked(&quiz, &drawn, &answers, mark);
        for (question, key) in right(&quiz, &drawn) {
            answers.insert(question, key);
            let after = marked(&quiz, &drawn, &answers, mark);
            prop_assert!(after.points >= before.points && after.percent >= before.percent && after.passed >= before.passed);
            before = after;
        }
    }

    #[test]
    fn a_right_tick_never_lowers_partial_credit_and_a_wrong_one_never_raises_it(choice in any::<u8>(), more in 0..8_u8) {
        let question = Question { id: "Q".to_owned(), ..partial(question("", Kind::Multiple, 8, "acdg")) };
        let quiz = super::quiz(&[question], None);
        let credit = |ticks: u8| {
            let ids = (0..8).filter(|n| ticks >> n & 1 == 1).map(|n| char::from(b'a' + n).to_string());
            let answers = Answers::from([("Q".to_owned(), ids.collect())]);
            marked(&quiz, &draw(&quiz, 1), &answers, 80).points
        };
        let (before, after) = (credit(choice), credit(choice | 1 << more));
        let is_right = [0, 2, 3, 6].contains(&more);
        prop_assert!(if is_right { after >= before } else { after <= before }, "{} {}", before, after);
    }

    #[test]
    fn putting_two_neighbours_right_never_lowers_partial_credit(order in Just(vec![0_u8, 1, 2, 3, 4]).prop_shuffle(), at in 0..4_usize) {
        let question = Question { id: "Q".to_owned(), ..partial(question("", Kind::Ordering, 5, "")) };
        let quiz = super::quiz(&[question], None);
        let credit = |order: &[u8]| {
            let ids = order.iter().map(|n| char::from(b'a' + n).to_string());
            let answers = Answers::from([("Q".to_owned(), ids.collect())]);
            marked(&quiz, &draw(&quiz, 1), &answers, 80).points
        };
        let mut better = order.clone();
        if better[at] > better[at + 1] {
            better.swap(at, at + 1);
        }
        prop_assert!(credit(&better) >= credit(&order));
    }

    #[test]
    fn what_is_answered_from_memory_changes_no_score(quiz in quizzes(), seed in any::<u64>(), choice in vec(any::<u16>(), 1..20)) {
        let drawn = draw(&quiz, seed);
        let counts = |one: &Drawn| quiz.questions().any(|q| q.id == one.question && q.counts());
        prop_assume!(drawn.iter().any(counts));
        let answers = chosen(&drawn, &choice);
        let mut without = answers.clone();
        for question in quiz.questions().filter(|question| !question.counts()) {
            without.remove(&question.id);
        }
        let (one, other) = (marked(&quiz, &drawn, &answers, 80), marked(&quiz, &drawn, &without, 80));
        prop_assert_eq!((one.points, one.out_of, one.percent, one.passed), (other.points, other.out_of, other.percent, other.passed));
    }

    #[test]
    fn answers_given_as_shown_are_kept_as_the_author_names_them(quiz in quizzes(), seed in any::<u64>(), choice in vec(any::<u16>(), 1..20)) {
        let drawn = draw(&quiz, seed);
        let own = chosen(&drawn, &choice);
        let shown = drawn.iter().map(|one| {
            let ids = own[&one.question].iter().filter_map(|id| one.shown_as(id)).map(str::to_owned);
            (one.question.clone(), ids.collect())
        });
        let kept = accept(&drawn, &shown.collect()).expect("good answers");
        prop_assert_eq!(marked(&quiz, &drawn, &kept, 80), marked(&quiz, &drawn, &own, 80));
        prop_assert_eq!(kept.len(), own.len());
    }

    #[test]
    fn any_answers_at_all_are_graded_or_refused(quiz in quizzes(), seed in any::<u64>(), given in prop::collection::btree_map("Q[0-9]{1,2}|.{0,3}", vec("[a-i]|.{0,2}", 0..10), 0..8), mark in any::<u8>()) {
        let drawn = draw(&quiz, seed);
        match accept(&drawn, &given) {
            Ok(kept) => {
                marked(&quiz, &drawn, &kept, mark);
            }
            Err(error) => prop_assert!(!(error.questions.is_empty() && error.choices.is_empty() && error.orderings.is_empty())),
        }
        let _ = grade(&drawn, &quiz, &given, mark);
    }
}

#[test]
fn the_quizzes_tried_are_of_every_kind() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut kinds = BTreeSet::new();
    for _ in 0..50 {
        let quiz = quizzes().new_tree(&mut runner).expect("a quiz").current();
        kinds.extend(quiz.questions().map(|q| (q.task.kind(), q.task.credit(), q.counts())));
    }
    assert_eq!(kinds.len(), 12, "{kinds:?}");
}
