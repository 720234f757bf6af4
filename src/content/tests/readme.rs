//! The worked example of `content/README.md` is a module, and a sound one.

use super::super::{Finding, Tree, check};

const README: &str = include_str!("../../../content/README.md");

/// The files of the example: a path alone on its line, then a fenced block.
fn example() -> Tree {
    let mut tree = Tree::new();
    for part in README.split("\n`modules/X1/").skip(1) {
        let (path, rest) = part.split_once("`\n\n```").expect("a fenced block after the path");
        let (_, rest) = rest.split_once('\n').expect("the language of the block");
        let (text, _) = rest.split_once("\n```\n").expect("the end of the block");
        tree.insert(path, format!("{text}\n").into_bytes()).expect("a path");
    }
    tree
}

#[test]
fn the_worked_example_has_every_kind_of_text_and_nothing_to_mend() {
    let tree = example();
    let paths: Vec<&str> = tree.iter().map(|(path, _)| path).collect();
    assert_eq!(
        paths,
        [
            "figures/lettre.svg",
            "glossary.toml",
            "lessons/01-le-tableur.md",
            "module.toml",
            "quiz/01-quiz.toml"
        ]
    );
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let findings: Vec<String> = check(&tree, today).iter().map(Finding::to_string).collect();
    assert_eq!(findings, Vec::<String>::new());
}
