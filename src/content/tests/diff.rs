//! What two versions of a module differ by, as a jurist reads it.

use super::super::{Module, alike, diff, read, told};
use super::{QUIZ, broken, put, sound};

fn module(tree: &super::Tree) -> Module {
    read(tree).expect("a sound module")
}

/// What is told of the sound module once `from` is `to` in one file.
fn after(path: &str, from: &str, to: &str) -> String {
    told(&diff(&module(&sound()), &module(&broken(path, from, to))))
}

#[test]
fn the_same_module_differs_nowhere() {
    assert_eq!(diff(&module(&sound()), &module(&sound())), []);
    assert_eq!(told(&[]), "");
}

#[test]
fn a_changed_word_is_told_with_its_lesson_and_its_neighbours() {
    let told = after("lessons/01-histoires.md", "Une note[^1].", "Une remarque[^1].");
    assert_eq!(told, "Leçon 01-histoires\n  texte\n    ~ Une [-note[^1].-]{+remarque[^1].+}\n");
}

#[test]
fn a_changed_key_is_told_as_the_right_answer_of_its_question() {
    let quiz = "quiz/01-quiz.toml";
    let mut tree = broken(quiz, "    correct = true\n", "");
    let text = String::from_utf8(tree.get(quiz).expect("there").to_vec()).expect("text");
    put(
        &mut tree,
        quiz,
        &text.replace("text = \"Personne\"", "text = \"Personne\"\n    correct = true"),
    );
    let told = told(&diff(&module(&sound()), &module(&tree)));
    assert_eq!(told, "Quiz\n  Question E1-Q1\n    bonne réponse\n      ~ [-a-]{+b+}\n");
}

#[test]
fn a_date_of_the_manifest_is_told_by_its_french_name() {
    let told = after("module.toml", "review_by = 2027-02-22", "review_by = 2027-03-01");
    assert_eq!(told, "Fiche\n  à relire avant le\n    ~ [-2027-02-22-]{+2027-03-01+}\n");
}

#[test]
fn a_lesson_added_and_one_removed_are_told_whole_where_they_stand() {
    let mut tree = sound();
    let Some(super::super::Body::Text(bytes)) = tree.remove("lessons/02-suite.md") else {
        panic!("a lesson")
    };
    let first = String::from_utf8(tree.get("lessons/01-histoires.md").expect("there").to_vec());
    put(&mut tree, "lessons/01-histoires.md", &first.expect("text").replace("02-suite", "03-fin"));
    tree.insert("lessons/03-fin.md", bytes).expect("a good path");
    let differences = diff(&module(&sound()), &module(&tree));
    let places: Vec<(String, bool, bool)> = differences
        .iter()
        .map(|d| (d.place.join(" / "), d.before.is_some(), d.after.is_some()))
        .collect();
    let place = |text: &str, before, after| (text.to_owned(), before, after);
    assert_eq!(
        places,
        [
            place("Leçon 01-histoires / texte", true, true),
            place("Leçon 02-suite / titre", true, false),
            place("Leçon 02-suite / texte", true, false),
            place("Leçon 03-fin / titre", false, true),
            place("Leçon 03-fin / texte", false, true),
        ]
    );
}

#[test]
fn comments_and_the_order_of_choices_are_told_apart_from_nothing() {
    let quiz = "quiz/01-quiz.toml";
    let said = |tree: &super::Tree| {
        let (one, other) = (module(&sound()), module(tree));
        assert_eq!(diff(&one, &other), []);
        alike(&one, &other)
    };
    assert_eq!(said(&sound()), "aucune différence");
    let note = broken(quiz, "kind =", "# Facile.\nkind   =");
    assert!(said(&note).starts_with("aucune différence de contenu (commentaires"));
    let (head, choices) = QUIZ.split_at(QUIZ.find("    [[question.choice]]").expect("choices"));
    let (_, second) = choices.rsplit_once("    [[").expect("two choices");
    let first =
        choices.strip_suffix(second).expect("the first").strip_suffix("    [[").expect("it");
    let mut turned = sound();
    put(&mut turned, quiz, &format!("{head}    [[{second}{first}"));
    assert!(said(&turned).starts_with("aucune différence de texte (l’ordre"));
}

/// A quiz file of one question, and what comes before it.
fn file(id: &str, head: &str) -> String {
    QUIZ.replace("E1-Q1", id).replace("title = \"Quiz\"\n", &format!("title = \"{id}\"\n{head}"))
}

#[test]
fn a_quiz_file_added_before_the_others_moves_none_of_their_questions() {
    let mut before = broken("module.toml", "duration_minutes = 11", "duration_minutes = 12");
    put(&mut before, "quiz/02-b.toml", &file("B", "draw = 1\n"));
    let mut after = before.clone();
    after.remove("quiz/01-quiz.toml");
    put(&mut after, "quiz/00-a.toml", &file("A", ""));
    let differences = diff(&module(&before), &module(&after));
    assert!(differences.iter().all(|one| !one.place.contains(&"Question B".to_owned())));
    let told = told(&differences);
    assert!(told.contains("Quiz 00-a\n  titre\n    + A\n  tirage\n    + 1 sur 1\n"), "{told}");
    assert!(told.contains("Quiz 01-quiz\n  titre\n    - Quiz\n"), "{told}");
    assert!(!told.contains("Quiz 02-b"), "{told}");
}

#[test]
fn a_title_and_a_move_from_one_bank_to_another_are_told() {
    let two = |one: &str, other: &str| {
        let mut tree = broken("module.toml", "duration_minutes = 11", "duration_minutes = 12");
        put(
            &mut tree,
            "quiz/01-quiz.toml",
            &file(one, "draw = 1\n").replace(&format!("title = \"{one}"), "title = \"Quiz"),
        );
        put(
            &mut tree,
            "quiz/02-b.toml",
            &file(other, "draw = 1\n").replace(&format!("title = \"{other}"), "title = \"Suite"),
        );
        module(&tree)
    };
    let moved = told(&diff(&two("A", "B"), &two("B", "A")));
    assert_eq!(
        moved,
        "Quiz 01-quiz\n  banque\n    ~ [-A-]{+B+}\n\nQuiz 02-b\n  banque\n    ~ [-B-]{+A+}\n"
    );
    let told = after("quiz/01-quiz.toml", "title = \"Quiz\"", "title = \"Questions\"");
    assert_eq!(told, "Quiz 01-quiz\n  titre\n    ~ [-Quiz-]{+Questions+}\n");
}

#[test]
fn a_text_cited_that_changes_is_told_by_its_id() {
    let told = after("module.toml", "2024/1689, art. 4", "2024/1689, art. 4, modifié");
    assert!(told.starts_with("Texte cité ria-4\n"), "{told}");
    assert!(told.contains("art. [-4-]{+4, modifié+}"), "{told}");
}

#[test]
fn texts_too_long_to_compare_are_shown_whole() {
    let long = |word: &str| format!("Une note[^1].\n\n{}", format!("{word}\n\n").repeat(2_500));
    let (one, other) = (long("un"), long("deux"));
    let before = broken("lessons/01-histoires.md", "Une note[^1].", &one);
    let after = broken("lessons/01-histoires.md", "Une note[^1].", &other);
    let lenient = |tree| super::super::recall(tree).expect("readable");
    let told = told(&diff(&lenient(&before), &lenient(&after)));
    assert!(told.contains("    - un\n") && told.contains("    + deux\n"));
}
