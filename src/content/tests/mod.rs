//! A small sound module, and ways to break it one thing at a time.

mod catalogue;
mod folder;
mod grade;
mod hostile;
mod lesson;
mod manifest;
mod media;
mod module;
mod properties;
mod quiz;
mod render;
mod tree;

use super::{Choice, Grade, Kind, Question, Tree, read};

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

/// A question whose choices are a, b, c …, of which `correct` are right.
fn question(id: &str, kind: Kind, choices: u8, correct: &str) -> Question {
    let choice = |letter: u8| {
        let id = char::from(b'a' + letter).to_string();
        Choice { text: format!("choix {id}"), correct: correct.contains(&id), id }
    };
    Question {
        id: id.to_owned(),
        kind,
        text: "?".to_owned(),
        explanation: "!".to_owned(),
        reference: "RIA".to_owned(),
        grade: Grade::V,
        verified_on: chrono::NaiveDate::default(),
        sources: Vec::new(),
        choices: (0..choices).map(choice).collect(),
    }
}
