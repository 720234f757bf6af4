//! Texts known to be slow in some parser, as large as a file may be. The limit is loose, for slow
//! machines and debug builds: quadratic time would take many minutes.

use std::time::Instant;

use super::super::read;
use super::{LESSON, MANIFEST, QUIZ, sound};

pub(super) fn within_20_seconds<T>(name: &str, work: impl FnOnce() -> T) {
    let start = Instant::now();
    work();
    let took = start.elapsed();
    assert!(took.as_secs() < 20, "{name}: {took:?}");
}

/// Cuts to the size of a file, for texts whose pieces do not fall right.
fn cut(mut text: String) -> String {
    text.truncate(1_000_000);
    text
}

pub(super) fn hostile_markdown() -> Vec<(&'static str, String)> {
    let columns = format!("{}\n{}\n", "|a".repeat(900), "|-".repeat(900));
    let stairs: String = (0..100).map(|n| format!("{}- x\n", "  ".repeat(n))).collect();
    vec![
        ("quotes", ">".repeat(1_000_000)),
        ("lists", "- ".repeat(500_000)),
        ("brackets", "[".repeat(1_000_000)),
        ("links", "[a](".repeat(250_000)),
        ("anchors", "[a](#b) ".repeat(125_000)),
        ("images", "![".repeat(500_000)),
        ("emphasis", "*a **a ".repeat(140_000)),
        ("underscores", "_a ".repeat(330_000)),
        ("ticks", (1..1400).map(|n| "`".repeat(n) + "a").collect()),
        ("html", "<a ".repeat(330_000)),
        ("tags", "<b>".repeat(330_000)),
        ("comments", "<!--".repeat(250_000)),
        ("footnotes", "[^a] ".repeat(50_000) + "\n\n[^a]: b"),
        ("tables", columns + &"|\n".repeat(400_000)),
        ("list and blanks", "- ".repeat(20) + &"\n".repeat(900_000)),
        ("stairs and blanks", stairs + &"\n".repeat(900_000)),
        ("headings", "## a\n".repeat(190_000)),
        ("references", "[a]: b\n".repeat(70_000) + &"[a]".repeat(150_000)),
        ("entities", "&amp;".repeat(190_000)),
    ]
}

#[test]
fn a_hostile_lesson_is_linted_in_reasonable_time() {
    let (front, _) = LESSON.split_once("## ").expect("a heading");
    for (name, text) in hostile_markdown() {
        let mut tree = sound();
        let text = front.to_owned() + &text;
        tree.insert("lessons/01-histoires.md", text.into_bytes()).expect("small enough");
        within_20_seconds(name, || read(&tree));
    }
}

#[test]
fn hostile_toml_is_linted_in_reasonable_time() {
    let keys = |head: &str| (0..60_000).map(|n| format!("{head}{n} = 1\n")).collect::<String>();
    let prerequisites: String = (0..20_000)
        .map(|n| format!("[[prerequisite]]\nmodule=\"A{n}\"\nkind=\"advised\"\n"))
        .collect();
    let question = QUIZ.split_once("[[question]]").expect("a question").1;
    let questions = format!("[[question]]{question}").repeat(2500);
    let choice = "[[question.choice]]\nid=\"b\"\ntext=\"b\"\n".repeat(20_000);
    let tables: String = (0..60_000).map(|n| format!("[t{n}]\n")).collect();
    for (name, text) in [
        ("keys", keys("titl") + MANIFEST),
        ("dotted", "a.".repeat(490_000) + "a = 1"),
        ("dotted lines", (0..60_000).map(|n| format!("a.b.k{n} = 1\n")).collect()),
        ("arrays", "a = ".to_owned() + &"[".repeat(900_000)),
        ("inline tables", "a = ".to_owned() + &"{a=".repeat(300_000)),
        ("themes", MANIFEST.replace("[\"ia\"]", &format!("[{}]", "\"x\",".repeat(200_000)))),
        ("prerequisites", MANIFEST.to_owned() + &prerequisites),
        ("long text", MANIFEST.replace("awareness", &"é".repeat(450_000))),
        ("tables", tables),
        ("errors", "=\n".repeat(450_000)),
        ("questions", cut(questions)),
        ("choices", QUIZ.to_owned() + &choice),
    ] {
        for path in ["module.toml", "quiz/01-quiz.toml"] {
            let mut tree = sound();
            tree.insert(path, text.clone().into_bytes()).expect("small enough");
            within_20_seconds(name, || read(&tree));
        }
    }
}
