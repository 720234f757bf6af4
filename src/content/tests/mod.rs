//! A small sound module, and ways to break it one thing at a time.

mod answer;
mod bank;
mod begun;
mod calendar;
mod catalogue;
mod copies;
mod diff;
mod draw;
mod figure;
mod folder;
mod grade;
mod hostile;
mod inspect;
mod lesson;
mod lesson_links;
mod lesson_page;
mod manifest;
mod marking;
mod media;
mod media_rules;
mod mended;
mod module;
mod paths;
mod properties;
mod provider_sheets;
mod quiz;
mod quiz_rules;
mod readme;
mod reference;
mod render;
mod render_properties;
mod safety;
mod starter;
mod tree;

use super::{
    Bank, Choice, Credit, Grade, Item, Kind, Question, Quiz, Scenario, Task, Tree, Unit, read,
};

const MANIFEST: &str = r#"code = "E1"
title = "L’IA à la mairie"
summary = "Pour commencer."
provider = "local:maitrise"
audiences = ["elu", "agent"]
level = "awareness"
language = "fr"
status = "complete"
duration_minutes = 11
activity_minutes = 10
objectives = ["Savoir dire ce qu’est un système d’IA."]
recommendations = [1, 8]
themes = ["ia"]
licence = "etalab-2.0"
accessibility = "Texte seul."
contact = "formation@maitrise.example"
verified_on = 2026-11-22
review_by = 2027-02-22
legal_review = "none"

[[prerequisite]]
module = "C1"
kind = "advised"

[[reference]]
id = "ria-4"
text = "Règlement (UE) 2024/1689, art. 4"
url = "https://eur-lex.europa.eu/eli/reg/2024/1689/oj"
grade = "V"
verified_on = 2026-11-22
"#;

const LESSON: &str = "+++
title = \"Trois histoires\"
+++

## Une définition

Un **système d’IA** déduit, voir [la définition](#une-définition) et [la suite](02-suite.md).

| Terme | Sens |
|---|---|
| IA | système |

Une note[^1].

[^1]: Dite en bas.
";

const SECOND_LESSON: &str = "+++
title = \"Suite\"
+++
## Suite

Voir [le texte](https://eur-lex.europa.eu/) ou <mailto:formation@maitrise.example>.
";

const QUIZ: &str = r#"title = "Quiz"

[[question]]
id = "E1-Q1"
kind = "single"
text = "Qui doit maîtriser l’IA ?"
explanation = "L’article 4 vise tous les déployeurs."
reference = "RIA, art. 4"
grade = "V"
verified_on = 2026-11-22
    [[question.choice]]
    id = "a"
    text = "Les déployeurs"
    correct = true
    [[question.choice]]
    id = "b"
    text = "Personne"
"#;

/// A module without findings.
fn sound() -> Tree {
    let mut tree = Tree::new();
    for (path, text) in [
        ("module.toml", MANIFEST),
        ("lessons/01-histoires.md", LESSON),
        ("lessons/02-suite.md", SECOND_LESSON),
        ("quiz/01-quiz.toml", QUIZ),
    ] {
        put(&mut tree, path, text);
    }
    tree
}

fn put(tree: &mut Tree, path: &str, text: &str) {
    tree.insert(path, text.as_bytes().to_vec()).expect("a good path");
}

/// The sound module with `from` replaced by `to` in one file.
fn broken(path: &str, from: &str, to: &str) -> Tree {
    let mut tree = sound();
    let bytes = tree.get(path).expect("a file of the sound module").to_vec();
    let text = String::from_utf8(bytes).expect("text");
    assert!(text.contains(from), "« {from} » is not in {path}");
    put(&mut tree, path, &text.replacen(from, to, 1));
    tree
}

/// Everything said of a tree, one finding a line.
fn said(tree: &Tree) -> String {
    match read(tree) {
        Ok(_) => String::new(),
        Err(findings) => {
            let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
            lines.join("\n")
        }
    }
}

/// Asserts that breaking the file gives exactly one finding, at that line, with these words.
#[track_caller]
fn one_finding(path: &str, from: &str, to: &str, line: u32, words: &str) {
    let said = said(&broken(path, from, to));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with(&format!("{path}:{line}: ")), "{said}");
    assert!(said.contains(words), "{said}");
}

/// A question whose choices are a, b, c …, of which `correct` are right; for an ordering, that many
/// items, written in the right order. All or nothing.
fn question(id: &str, kind: Kind, choices: u8, correct: &str) -> Question {
    let ids = (0..choices).map(|letter| char::from(b'a' + letter).to_string());
    let text = |id: &str| format!("choix {id}");
    let (credit, every) = (Credit::Exact, ids.clone());
    let choices =
        ids.map(|id| Choice { text: text(&id), correct: correct.contains(&id), id }).collect();
    let task = match kind {
        Kind::Single => Task::Single { choices },
        Kind::TrueFalse => Task::TrueFalse { choices },
        Kind::Multiple => Task::Multiple { choices, credit },
        Kind::Ordering => {
            Task::Ordering { items: every.map(|id| Item { text: text(&id), id }).collect(), credit }
        }
    };
    Question {
        id: id.to_owned(),
        text: "?".to_owned(),
        task,
        explanation: "!".to_owned(),
        reference: "RIA".to_owned(),
        grade: Grade::V,
        verified_on: chrono::NaiveDate::default(),
        sources: Vec::new(),
        cites: Vec::new(),
    }
}

/// The same question with partial credit, when its kind knows it.
fn partial(mut question: Question) -> Question {
    if let Task::Multiple { credit, .. } | Task::Ordering { credit, .. } = &mut question.task {
        *credit = Credit::Partial;
    }
    question
}

/// The same question graded `M`.
fn from_memory(mut question: Question) -> Question {
    question.grade = Grade::M;
    question
}

/// A bank of questions that stand alone, of which `count` are drawn (all when `None` or too many).
fn bank(questions: &[Question], count: Option<usize>) -> Bank {
    let units: Vec<Unit> = questions.iter().map(|q| Unit::Question(Box::new(q.clone()))).collect();
    let draw = count.unwrap_or(units.len()).min(units.len());
    Bank { draw, units, ..Bank::default() }
}

/// A quiz of one such bank.
fn quiz(questions: &[Question], count: Option<usize>) -> Quiz {
    Quiz { banks: vec![bank(questions, count)] }
}

/// A scenario of these questions.
fn scenario(id: &str, questions: &[Question]) -> Unit {
    let situation = "Un matin, au guichet.".to_owned();
    Unit::Scenario(Scenario { id: id.to_owned(), situation, questions: questions.to_vec() })
}
