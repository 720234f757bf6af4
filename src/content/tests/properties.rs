//! What must hold of any text at all: reading answers, rendering is safe, marking is fair.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::{Tree, read, read_paths, render, render_lesson, words};
use super::paths::PATHS;
use super::{LESSON, MANIFEST, QUIZ, safety, sound};

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
pub(super) fn spoiled(text: &'static str) -> impl Strategy<Value = String> {
    let chars = text.chars().count();
    (0..chars, 0..40_usize, soup()).prop_map(move |(start, length, instead)| {
        let head: String = text.chars().take(start).collect();
        let tail: String = text.chars().skip(start + length).collect();
        head + &instead + &tail
    })
}

pub(super) fn reads_without_panic(path: &str, bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let mut tree = sound();
    tree.insert(path, bytes).expect("a good path");
    if let Err(findings) = read(&tree) {
        prop_assert!(!findings.is_empty(), "refused without a word");
        prop_assert!(findings.iter().all(|f| f.line != Some(0)));
    }
    Ok(())
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
    fn any_paths_are_read_without_panic(
        bytes in vec(any::<u8>(), 0..300), text in soup(), spoiled in spoiled(PATHS),
    ) {
        for bytes in [bytes, text.into_bytes(), spoiled.into_bytes()] {
            let (paths, findings) = read_paths(&bytes, &[("E1".to_owned(), sound())]);
            prop_assert!(!paths.is_empty() || !findings.is_empty(), "dropped without a word");
            prop_assert!(findings.iter().all(|f| f.line != Some(0)));
            for path in paths {
                let _ = path.minutes(|_| u32::MAX);
            }
        }
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
}
