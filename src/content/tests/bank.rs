//! Reading banks and scenarios, and what they must be together.

use proptest::prelude::*;

use super::super::{Module, Tree, Unit, read};
use super::properties::{reads_without_panic, spoiled};
use super::{QUIZ, put, said, sound};

const FIRST: &str = "quiz/01-quiz.toml";
const SECOND: &str = "quiz/02-suite.toml";

/// A question table under that key, with that id and grade.
fn table(key: &str, id: &str, grade: &str) -> String {
    let question = &QUIZ["title = \"Quiz\"\n\n".len()..];
    let named =
        question.replace("E1-Q1", id).replace("grade = \"V\"", &format!("grade = \"{grade}\""));
    // Or the right choice would be the longest of each, which is told too.
    let even = named.replace("\"Personne\"", "\"Personne d’autre\"");
    even.replace("[[question", &format!("[[{key}"))
}

/// A quiz file of questions graded so, named after the file.
fn file(head: &str, prefix: &str, grades: &str) -> String {
    let tables = (1..).zip(grades.chars());
    let tables: String = tables
        .map(|(n, grade)| table("question", &format!("{prefix}{n}"), &grade.to_string()))
        .collect();
    format!("title = \"Quiz\"\n{head}\n{tables}")
}

/// A scenario table of that many questions.
fn scenario(id: &str, questions: usize) -> String {
    let tables: String =
        (1..=questions).map(|n| table("scenario.question", &format!("{id}-{n}"), "V")).collect();
    format!("[[scenario]]\nid = \"{id}\"\nsituation = \"Un matin, au guichet.\"\n{tables}")
}

fn with(files: &[(&str, &str)]) -> Tree {
    let mut tree = sound();
    // The duration is another test's business.
    let manifest = super::MANIFEST.replace("duration_minutes = 11", "duration_minutes = 30");
    let manifest = manifest.replace("activity_minutes = 10", "activity_minutes = 25");
    put(&mut tree, "module.toml", &manifest);
    for (path, text) in files {
        put(&mut tree, path, text);
    }
    tree
}

#[track_caller]
fn module(files: &[(&str, &str)]) -> Module {
    read(&with(files)).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn shape(module: &Module) -> Vec<(usize, usize)> {
    module.quiz.banks.iter().map(|bank| (bank.draw, bank.units.len())).collect()
}

#[test]
fn files_are_one_bank_until_one_of_them_says_how_many_to_draw() {
    let (first, second) = (file("", "A", "VV"), file("", "B", "VVV"));
    let whole = module(&[(FIRST, &first), (SECOND, &second)]);
    assert_eq!((shape(&whole), whole.quiz.asked()), (vec![(5, 5)], 5));
    let drawn = file("draw = 2", "B", "VVV");
    let cut = module(&[(FIRST, &first), (SECOND, &drawn)]);
    assert_eq!((shape(&cut), cut.quiz.asked()), (vec![(2, 2), (2, 3)], 4));
}

#[test]
fn what_is_drawn_is_between_one_and_all() {
    for (draw, words) in
        [("0", "vaut 0"), ("4", "de 1 à 3"), ("\"2\"", "un nombre entier est attendu")]
    {
        let said = said(&with(&[(FIRST, &file(&format!("draw = {draw}"), "A", "VVV"))]));
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(
            said.starts_with(&format!("{FIRST}:2: « draw »")) && said.contains(words),
            "{said}"
        );
    }
    let typed = said(&with(&[(FIRST, &file("drew = 2", "A", "VVV"))]));
    assert!(typed.contains("vouliez-vous écrire « draw »"), "{typed}");
}

#[test]
fn a_scenario_is_one_unit_where_it_is_written() {
    let text = file("draw = 3", "A", "V") + &scenario("S", 3) + &table("question", "A2", "V");
    let module = module(&[(FIRST, &text)]);
    assert_eq!((shape(&module), module.quiz.asked()), (vec![(3, 3)], 5));
    let scenarios: Vec<Option<&str>> =
        module.quiz.units().map(|unit| unit.scenario().map(|s| s.id.as_str())).collect();
    assert_eq!(scenarios, [None, Some("S"), None]);
    let ids: Vec<&str> = module.quiz.questions().map(|q| q.id.as_str()).collect();
    assert_eq!(ids, ["A1", "S-1", "S-2", "S-3", "A2"]);
    assert!(
        matches!(&module.quiz.banks[0].units[1], Unit::Scenario(s) if s.situation.contains("guichet"))
    );
}

#[test]
fn a_scenario_chains_two_to_six_questions() {
    for (questions, words) in
        [(1, "le scénario a 1 question(s)"), (7, "le scénario a 7 question(s)")]
    {
        let said =
            said(&with(&[(FIRST, &format!("title = \"Quiz\"\n{}", scenario("S", questions)))]));
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.starts_with(&format!("{FIRST}:2: {words}")), "{said}");
    }
    assert_eq!(said(&with(&[(FIRST, &format!("title = \"Quiz\"\n{}", scenario("S", 6)))])), "");
}

#[test]
fn a_scenario_has_a_situation_and_an_id_of_its_own() {
    let quiz = |text: &str| said(&with(&[(FIRST, &format!("title = \"Quiz\"\n{text}"))]));
    let text = scenario("S", 2);
    let silent = quiz(&text.replace("situation = \"Un matin, au guichet.\"\n", ""));
    assert!(silent.contains(":2: la clé « situation » manque"), "{silent}");
    let typed = quiz(&text.replace("situation =", "situtation ="));
    assert!(typed.contains("vouliez-vous écrire « situation »"), "{typed}");
    let taken = quiz(&text.replace("\"S-2\"", "\"S\""));
    assert!(taken.contains("« S » est déjà pris"), "{taken}");
    let long = quiz(&text.replace("Un matin", &"long ".repeat(500)));
    assert!(long.contains("raccourcissez à 2000 caractères"), "{long}");
}

#[test]
fn memory_is_at_most_half_of_what_is_drawn() {
    let quiz = |head: &str, grades: &str| said(&with(&[(FIRST, &file(head, "A", grades))]));
    for (head, grades) in [("", "VM"), ("", "SMVMV"), ("draw = 2", "VVVM"), ("draw = 4", "MVMV")] {
        assert_eq!(quiz(head, grades), "", "{head} {grades}");
    }
    for (head, grades, allowed) in
        [("", "M", 0), ("", "MMV", 1), ("draw = 1", "VVVM", 0), ("draw = 3", "MVMVVV", 1)]
    {
        let said = quiz(head, grades);
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains(&format!("au plus la moitié, soit {allowed}")), "{said}");
    }
    // Told where the first one too many stands, of all the files of a bank.
    let both = [(FIRST, file("", "A", "M")), (SECOND, file("", "B", "M"))];
    let said = said(&with(&both.each_ref().map(|(path, text)| (*path, text.as_str()))));
    assert!(said.starts_with(&format!("{SECOND}:3: 2 question(s)")), "{said}");
}

#[test]
fn the_duration_counts_what_an_attempt_asks() {
    let asked =
        |head: &str, more: &str| module(&[(FIRST, &(file(head, "A", "VVV") + more))]).quiz.asked();
    assert_eq!(asked("", ""), 3);
    assert_eq!(asked("draw = 2", ""), 2);
    // Two units of four, six questions in all: 3. One of four: 1.5, rounded up.
    assert_eq!(asked("draw = 2", &scenario("S", 3)), 3);
    assert_eq!(asked("draw = 1", &scenario("S", 3)), 2);
    let longer = module(&[(FIRST, &file("", "A", "VVVVV"))]).computed_minutes;
    let shorter = module(&[(FIRST, &file("draw = 2", "A", "VVVVV"))]).computed_minutes;
    assert_eq!(longer - shorter, 3);
}

/// A bank with one of everything.
const WHOLE: &str = r#"title = "Quiz"
draw = 1

[[scenario]]
id = "S"
situation = "Un matin, au guichet."
[[scenario.question]]
id = "S-1"
kind = "ordering"
credit = "partial"
text = "Dans quel ordre ?"
explanation = "Le besoin d’abord."
reference = "Fictive"
grade = "V"
verified_on = 2026-11-22
cites = ["ria-4"]
choice = [{ id = "a", text = "Un" }, { id = "b", text = "Deux" }, { id = "c", text = "Trois" }]
[[scenario.question]]
id = "S-2"
kind = "true_false"
text = "Vrai ?"
explanation = "Oui."
reference = "Fictive"
grade = "S"
verified_on = 2026-11-22
sources = ["Lue."]
choice = [{ id = "a", text = "Vrai", correct = true }, { id = "b", text = "Faux" }]

[[question]]
id = "Q"
kind = "multiple"
credit = "exact"
text = "Lesquels ?"
explanation = "Les deux."
reference = "Fictive"
grade = "V"
verified_on = 2026-11-22
[[question.choice]]
id = "a"
text = "Un"
correct = true
[[question.choice]]
id = "b"
text = "Deux"
"#;

#[test]
fn a_bank_with_one_of_everything_is_sound() {
    assert_eq!(said(&with(&[(FIRST, WHOLE)])), "");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_spoiled_bank_is_read_without_panic(text in spoiled(WHOLE)) {
        reads_without_panic(FIRST, text.into_bytes())?;
    }
}
