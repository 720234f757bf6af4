//! Reading and linting quizzes.

use super::super::{Kind, read};
use super::{QUIZ, one_finding, put, said, sound};

#[track_caller]
fn one(from: &str, to: &str, line: u32, words: &str) {
    one_finding("quiz/01-quiz.toml", from, to, line, words);
}

#[test]
fn a_sound_quiz_gives_its_questions() {
    let questions = read(&sound()).expect("a sound module").questions;
    assert_eq!(questions.len(), 1);
    assert_eq!(questions[0].kind, Kind::Single);
    let correct: Vec<bool> = questions[0].choices.iter().map(|c| c.correct).collect();
    assert_eq!(correct, [true, false]);
}

#[test]
fn the_number_of_correct_choices_depends_on_the_kind() {
    one("    correct = true\n", "", 3, "0 choix sont marqués justes");
    one("\"Personne\"", "\"Personne\"\n    correct = true", 3, "2 choix sont marqués justes");
    let multiple = QUIZ.replace("single", "multiple");
    let mut tree = sound();
    put(&mut tree, "quiz/01-quiz.toml", &multiple.replace("    correct = true\n", ""));
    assert!(said(&tree).contains(":3: aucun choix n’est marqué juste"), "{}", said(&tree));
    let both = multiple.replace("\"Personne\"", "\"Personne\"\n    correct = true");
    put(&mut tree, "quiz/01-quiz.toml", &both);
    assert_eq!(said(&tree), "");
}

#[test]
fn a_true_or_false_has_two_choices() {
    let third = "\"Personne\"\n    [[question.choice]]\n    id = \"c\"\n    text = \"Parfois\"";
    let text = QUIZ.replace("single", "true_false").replace("\"Personne\"", third);
    let mut tree = sound();
    put(&mut tree, "quiz/01-quiz.toml", &text);
    assert!(said(&tree).contains(":3: un vrai ou faux a 3 choix"), "{}", said(&tree));
}

#[test]
fn two_choices_that_read_the_same_are_refused() {
    one("\"Personne\"", "\" les  DEPLOYEURS\"", 15, "dit la même chose");
    one("id = \"b\"", "id = \"a\"", 15, "le choix « a » est écrit deux fois");
    one("id = \"b\"", "id = \"B\"", 16, "une lettre minuscule");
    one("id = \"b\"", "id = \"é\"", 16, "une lettre minuscule");
}

#[test]
fn a_question_has_two_to_eight_choices() {
    let second = "    [[question.choice]]\n    id = \"b\"\n    text = \"Personne\"\n";
    one(second, "", 3, "la question a 1 choix");
    let many: String = ('b'..='i')
        .map(|c| format!("    [[question.choice]]\n    id = \"{c}\"\n    text = \"{c}\"\n"))
        .collect();
    one(second, &many, 3, "la question a 9 choix");
}

#[test]
fn a_question_says_why_and_on_what_ground() {
    one(
        "explanation = \"L’article 4 vise tous les déployeurs.\"\n",
        "",
        3,
        "« explanation » manque",
    );
    one("reference = \"RIA, art. 4\"\n", "", 3, "« reference » manque");
    one("grade = \"V\"", "grade = \"?\"", 9, "n’a pas été vérifiée");
    one("grade = \"V\"", "grade = \"X\"", 9, "V, S, M");
}

#[test]
fn unknown_keys_are_refused_at_every_level() {
    one("title = \"Quiz\"", "title = \"Quiz\"\nquestions = 1", 2, "« question »");
    one("kind = \"single\"", "kind = \"single\"\nsource = []", 6, "« sources »");
    one("correct = true", "corect = true\n    correct = true", 14, "« correct »");
}

#[test]
fn a_question_id_is_unique_in_the_whole_module() {
    let mut tree = sound();
    put(&mut tree, "quiz/02-autre.toml", QUIZ);
    let said = said(&tree);
    assert!(said.contains("quiz/02-autre.toml:4: « id » « E1-Q1 » est déjà pris"), "{said}");
}

#[test]
fn a_quiz_without_question_is_refused() {
    let mut tree = sound();
    put(&mut tree, "quiz/02-autre.toml", "title = \"Vide\"\n");
    assert!(said(&tree).contains("quiz/02-autre.toml: le quiz n’a aucune question"));
}
