//! Texts known to be slow in some parser, a tenth as large as a file may be. No clock is asked: each
//! must come to its end without a panic, and quadratic time would be felt by whoever runs this.

use super::super::{read, render_lesson};
use super::lesson_links::rich;
use super::{LESSON, MANIFEST, QUIZ, safety, sound};

pub(super) fn comes_to_an_end<T>(name: &str, work: impl FnOnce() -> T) -> T {
    eprintln!("{name}");
    work()
}

/// Cuts to the common size, for texts whose pieces do not fall right.
fn cut(mut text: String) -> String {
    text.truncate(100_000);
    text
}

pub(super) fn hostile_markdown() -> Vec<(&'static str, String)> {
    let columns = format!("{}\n{}\n", "|a".repeat(900), "|-".repeat(900));
    let stairs: String = (0..100).map(|n| format!("{}- x\n", "  ".repeat(n))).collect();
    vec![
        ("quotes", ">".repeat(100_000)),
        ("lists", "- ".repeat(50_000)),
        ("brackets", "[".repeat(100_000)),
        ("links", "[a](".repeat(25_000)),
        ("anchors", "[a](#b) ".repeat(12_500)),
        ("images", "![".repeat(50_000)),
        ("emphasis", "*a **a ".repeat(14_000)),
        ("underscores", "_a ".repeat(33_000)),
        ("ticks", (1..440).map(|n| "`".repeat(n) + "a").collect()),
        ("html", "<a ".repeat(33_000)),
        ("tags", "<b>".repeat(33_000)),
        ("comments", "<!--".repeat(25_000)),
        ("footnotes", "[^a] ".repeat(5_000) + "\n\n[^a]: b"),
        ("tables", columns + &"|\n".repeat(40_000)),
        ("list and blanks", "- ".repeat(20) + &"\n".repeat(90_000)),
        ("stairs and blanks", stairs + &"\n".repeat(90_000)),
        ("headings", "## a\n".repeat(19_000)),
        ("references", "[a]: b\n".repeat(7_000) + &"[a]".repeat(15_000)),
        ("entities", "&amp;".repeat(19_000)),
    ]
}

#[test]
fn a_hostile_lesson_is_linted_to_its_end() {
    let (front, _) = LESSON.split_once("## ").expect("a heading");
    for (name, text) in hostile_markdown() {
        let mut tree = sound();
        let text = front.to_owned() + &text;
        tree.insert("lessons/01-histoires.md", text.into_bytes()).expect("small enough");
        let _ = comes_to_an_end(name, || read(&tree));
    }
}

#[test]
fn a_hostile_lesson_of_a_rich_module_is_rendered_safely_to_its_end() {
    let mut module = read(&rich()).expect("a sound module");
    let more = [
        ("texts", "[a](ref:ria-4) ".repeat(6_000)),
        ("terms", "[a](terme:rag) ".repeat(6_000)),
        ("figures", "![a](../figures/chaine.svg)\n\n".repeat(3_000)),
        ("films", "![a](../media/visite.mp4)\n\n".repeat(3_000)),
        ("callouts", "> [!NOTE] a\n\n".repeat(7_000)),
        ("unknown callouts", "> [!A]\n\n".repeat(10_000)),
        ("places", "<figure id=\"m-0\"></figure>\n\n".repeat(3_000)),
    ];
    for (name, text) in hostile_markdown().into_iter().chain(more) {
        module.lessons[0].markdown = text;
        let html = comes_to_an_end(name, || render_lesson(&module, "01-histoires"));
        safety::inspect(&html.expect("a lesson")).expect("a safe page");
    }
}

#[test]
fn a_quiz_of_far_too_many_questions_is_told_once_and_linted_to_its_end() {
    let question = QUIZ.split_once("[[question]]").expect("a question").1;
    let file = |nth: usize| {
        let one = |n| format!("[[question]]{}", question.replace("E1-Q1", &format!("Q{nth}-{n}")));
        "title = \"Quiz\"\n\n".to_owned() + &(0..300).map(one).collect::<String>()
    };
    let mut tree = sound();
    for nth in 1..10 {
        tree.insert(&format!("quiz/0{nth}-quiz.toml"), file(nth).into_bytes()).expect("small");
    }
    let found = comes_to_an_end("questions", || read(&tree)).expect_err("too many");
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    let told: Vec<&String> = told.iter().filter(|line| line.starts_with("quiz")).collect();
    // The 201st of the second file; each is as long as the first.
    let line = 3 + 200 * question.lines().count();
    let excess = "plus de 500 questions dans le module — retirez des questions";
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with(&format!("quiz/02-quiz.toml:{line}: {excess}")), "{told:?}");
}

#[test]
fn hostile_toml_is_linted_to_its_end() {
    let keys = |head: &str| (0..6_000).map(|n| format!("{head}{n} = 1\n")).collect::<String>();
    let prerequisites: String = (0..2_000)
        .map(|n| format!("[[prerequisite]]\nmodule=\"A{n}\"\nkind=\"advised\"\n"))
        .collect();
    let question = QUIZ.split_once("[[question]]").expect("a question").1;
    let questions = format!("[[question]]{question}").repeat(2_500);
    let choice = "[[question.choice]]\nid=\"b\"\ntext=\"b\"\n".repeat(2_000);
    let tables: String = (0..6_000).map(|n| format!("[t{n}]\n")).collect();
    for (name, text) in [
        ("keys", keys("titl") + MANIFEST),
        ("dotted", "a.".repeat(49_000) + "a = 1"),
        ("dotted lines", (0..6_000).map(|n| format!("a.b.k{n} = 1\n")).collect()),
        ("arrays", "a = ".to_owned() + &"[".repeat(90_000)),
        ("inline tables", "a = ".to_owned() + &"{a=".repeat(30_000)),
        ("themes", MANIFEST.replace("[\"ia\"]", &format!("[{}]", "\"x\",".repeat(20_000)))),
        ("prerequisites", MANIFEST.to_owned() + &prerequisites),
        ("long text", MANIFEST.replace("awareness", &"é".repeat(45_000))),
        ("tables", tables),
        ("errors", "=\n".repeat(45_000)),
        ("questions", cut(questions)),
        ("choices", QUIZ.to_owned() + &choice),
    ] {
        for path in ["module.toml", "quiz/01-quiz.toml"] {
            let mut tree = sound();
            tree.insert(path, text.clone().into_bytes()).expect("small enough");
            let _ = comes_to_an_end(name, || read(&tree));
        }
    }
}
