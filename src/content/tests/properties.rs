//! What must hold of any text at all: reading answers, rendering is safe, marking is fair.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::{
    Answers, Kind, Question, Tree, draw, grade, read, render, render_lesson, words,
};
use super::{LESSON, MANIFEST, QUIZ, question, safety, sound};

/// What means something to one of the parsers.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    " ",
    "# ",
    "## ",
    "- ",
    "> ",
    "1. ",
    "\t",
    "    ",
    "|",
    "|-|\n",
    "*",
    "**",
    "_",
    "`",
    "```",
    "[",
    "]",
    "(",
    ")",
    "![",
    "[^a]",
    "[^a]: ",
    "<",
    ">",
    "<script>",
    "</script>",
    "<img src=x onerror=",
    "<a href=\"",
    "javascript:",
    "JaVa\tscript:",
    "data:",
    "http://x.example",
    "https://x.example",
    "//x",
    "&lt;",
    "&#106;",
    "&Tab;",
    "\\",
    "\"",
    "'",
    "+++",
    "=",
    "title",
    "[[question]]",
    "[question.choice]",
    "\"\"\"",
    "2026-11-22",
    "0x",
    "é",
    "\u{202e}",
    "\u{0}",
    "\r",
    "\u{feff}",
    "a",
    "02-suite.md",
    "#a",
    "<!--",
    "-->",
    "<![CDATA[",
    "<svg/onload=",
    "<math>",
    "<style>",
    "x onclick=",
    "~~",
    "$",
    "|||",
    ":-:",
    "{",
    "}",
    ",",
    "mailto:",
    "%00",
    "%E0%A4",
];

/// Such fragments, and any text, glued at random.
fn soup() -> impl Strategy<Value = String> {
    vec(prop_oneof![4 => select(PIECES).prop_map(str::to_owned), 1 => any::<String>()], 0..60)
        .prop_map(|parts| parts.concat())
}

/// Cuts a sound text at random, so that the rest of it is still understood.
fn spoiled(text: &'static str) -> impl Strategy<Value = String> {
    let chars = text.chars().count();
    (0..chars, 0..40_usize, soup()).prop_map(move |(start, length, instead)| {
        let head: String = text.chars().take(start).collect();
        let tail: String = text.chars().skip(start + length).collect();
        head + &instead + &tail
    })
}

fn reads_without_panic(path: &str, bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let mut tree = sound();
    tree.insert(path, bytes).expect("a good path");
    if let Err(findings) = read(&tree) {
        prop_assert!(!findings.is_empty(), "refused without a word");
        prop_assert!(findings.iter().all(|f| f.line != Some(0)));
    }
    Ok(())
}

fn questions() -> impl Strategy<Value = Vec<Question>> {
    let kinds = select(vec![
        (Kind::Single, 4, "b"),
        (Kind::Multiple, 5, "ace"),
        (Kind::Multiple, 3, "b"),
        (Kind::TrueFalse, 2, "a"),
    ]);
    vec(kinds, 1..15).prop_map(|kinds| {
        (1..)
            .zip(kinds)
            .map(|(n, (kind, choices, correct))| question(&format!("Q{n}"), kind, choices, correct))
            .collect()
    })
}

fn right_answers(questions: &[Question]) -> Answers {
    let right = |q: &Question| -> BTreeSet<String> {
        let correct = q.choices.iter().filter(|c| c.correct);
        correct.map(|c| c.id.clone()).collect()
    };
    questions.iter().map(|q| (q.id.clone(), right(q))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..300)) {
        for path in ["module.toml", "lessons/01-histoires.md", "quiz/01-quiz.toml"] {
            reads_without_panic(path, bytes.clone())?;
        }
    }

    #[test]
    fn any_soup_is_read_without_panic(text in soup()) {
        for path in ["module.toml", "lessons/01-histoires.md", "quiz/01-quiz.toml"] {
            reads_without_panic(path, text.clone().into_bytes())?;
        }
    }

    #[test]
    fn a_spoiled_module_is_read_without_panic(
        manifest in spoiled(MANIFEST), lesson in spoiled(LESSON), quiz in spoiled(QUIZ),
    ) {
        reads_without_panic("module.toml", manifest.into_bytes())?;
        reads_without_panic("lessons/01-histoires.md", lesson.into_bytes())?;
        reads_without_panic("quiz/01-quiz.toml", quiz.into_bytes())?;
    }

    #[test]
    fn rendering_any_soup_is_safe_and_the_same_twice(text in soup()) {
        let html = render(&text);
        prop_assert_eq!(safety::inspect(&html).err(), None);
        prop_assert_eq!(html, render(&text));
        let _ = words(&text);
    }

    #[test]
    fn what_the_lint_accepts_renders_every_link(text in spoiled(LESSON)) {
        let mut tree = sound();
        tree.insert("lessons/01-histoires.md", text.into_bytes()).expect("a good path");
        if let Ok(module) = read(&tree) {
            let html = render_lesson(&module, "01-histoires").expect("a lesson");
            let tags = safety::inspect(&html).expect("a safe page");
            let ids = safety::ids(&tags).expect("ids of their own");
            for (name, value) in tags.iter().flat_map(|(_, attributes)| attributes) {
                if let ("href", Some(anchor)) = (name.as_str(), value.strip_prefix('#')) {
                    let decoded = super::super::links::percent_decoded(anchor);
                    prop_assert!(ids.contains(decoded.as_str()), "{} not in {:?}", decoded, ids);
                }
            }
        }
    }

    #[test]
    fn any_path_is_refused_or_kept_as_it_is(path in "[a-zA-Z./_é-]{0,30}") {
        let mut tree = Tree::new();
        if tree.insert(&path, Vec::new()).is_ok() {
            prop_assert_eq!(tree.iter().next().map(|(kept, _)| kept), Some(path.as_str()));
            prop_assert!(!path.contains("..") || !path.split('/').any(|s| s == ".."));
        }
    }

    #[test]
    fn a_draw_is_a_permutation(questions in questions(), seed in any::<u64>()) {
        let drawn = draw(&questions, seed, None);
        let mut shown: Vec<String> = drawn.iter().map(|one| one.question.clone()).collect();
        let mut asked: Vec<String> = questions.iter().map(|q| q.id.clone()).collect();
        shown.sort();
        asked.sort();
        prop_assert_eq!(shown, asked);
        for one in drawn {
            let question = questions.iter().find(|q| q.id == one.question).expect("drawn");
            let own: BTreeSet<&String> = question.choices.iter().map(|c| &c.id).collect();
            prop_assert_eq!(one.choices.len(), own.len());
            prop_assert_eq!(one.choices.iter().collect::<BTreeSet<_>>(), own);
        }
    }

    #[test]
    fn all_right_is_100_percent_whatever_the_order(questions in questions(), seeds in any::<(u64, u64)>(), mark in 1..=100_u8) {
        let answers = right_answers(&questions);
        for seed in [seeds.0, seeds.1] {
            let score = grade(&draw(&questions, seed, None), &questions, &answers, mark).expect("good answers");
            prop_assert_eq!((score.percent, score.passed), (100, true));
        }
    }

    #[test]
    fn the_order_drawn_changes_no_score(questions in questions(), seeds in any::<(u64, u64)>(), kept in any::<u16>()) {
        let mut answers = right_answers(&questions);
        let mut nth = 0;
        answers.retain(|_, _| { nth += 1; kept >> (nth % 16) & 1 == 1 });
        let score = |seed| grade(&draw(&questions, seed, None), &questions, &answers, 80).expect("good answers");
        let (one, other) = (score(seeds.0), score(seeds.1));
        prop_assert_eq!((one.points, one.percent, one.passed), (other.points, other.percent, other.passed));
        prop_assert_eq!(one.points as usize, answers.len());
    }

    #[test]
    fn one_more_right_answer_never_lowers_the_score(questions in questions(), seed in any::<u64>(), mark in 1..=100_u8) {
        let drawn = draw(&questions, seed, None);
        let all = right_answers(&questions);
        let mut answers = Answers::new();
        let mut before = grade(&drawn, &questions, &answers, mark).expect("good answers");
        for (question, right) in all {
            answers.insert(question, right);
            let after = grade(&drawn, &questions, &answers, mark).expect("good answers");
            prop_assert_eq!(after.points, before.points + 1);
            prop_assert!(after.percent >= before.percent && after.passed >= before.passed);
            before = after;
        }
    }
}
