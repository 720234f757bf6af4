//! Reading and linting quizzes.

use super::super::{Credit, Kind, read};
use super::{QUIZ, broken, one_finding, put, said, sound};

#[track_caller]
fn one(from: &str, to: &str, line: u32, words: &str) {
    one_finding("quiz/01-quiz.toml", from, to, line, words);
}

#[test]
fn a_sound_quiz_gives_its_questions() {
    let quiz = read(&sound()).expect("a sound module").quiz;
    let questions: Vec<_> = quiz.questions().collect();
    assert_eq!(questions.len(), 1);
    assert_eq!(questions[0].task.kind(), Kind::Single);
    assert_eq!(questions[0].task.options(), [("a", "Les déployeurs"), ("b", "Personne")]);
    assert_eq!(questions[0].task.key(), ["a"]);
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
    one("grade = \"V\"\n", "", 3, "« grade » manque");
    one("verified_on = 2026-11-22\n", "", 3, "« verified_on » manque");
    one("grade = \"V\"", "grade = \"?\"", 9, "n’a pas été vérifiée");
    one("grade = \"V\"", "grade = \"X\"", 9, "V, S, M");
}

#[test]
fn the_answer_is_one_of_the_choices() {
    let said = said(&broken(
        "quiz/01-quiz.toml",
        "    correct = true\n",
        "    [[question.choice]]\n    id = \"c\"\n    text = \"Tous\"\n    [question.answer]\n    id = \"z\"\n",
    ));
    assert!(said.contains(":3: 0 choix sont marqués justes, un seul est attendu"), "{said}");
    assert!(said.contains("clé inconnue « answer »"), "{said}");
}

#[test]
fn a_question_names_the_references_it_rests_on() {
    let cites = |list: &str| format!("grade = \"V\"\ncites = {list}");
    let tree = broken("quiz/01-quiz.toml", "grade = \"V\"", &cites("[\"ria-4\"]"));
    let module = read(&tree).expect("sound");
    assert_eq!(module.quiz.questions().next().map(|q| q.cites.clone()), Some(vec!["ria-4".into()]));
    one("grade = \"V\"", &cites("[\"RIA 4\"]"), 10, "l’« id » d’une référence");
    one("grade = \"V\"", &cites("[\"ria-4\", \"ria-4\"]"), 10, "deux fois la même valeur");
    one("grade = \"V\"", &cites("\"ria-4\""), 10, "une liste est attendu");
}

#[test]
fn partial_credit_is_for_what_can_be_partly_right() {
    let credit = |kind: &str, credit: &str| format!("kind = \"{kind}\"\ncredit = \"{credit}\"");
    let from = "kind = \"single\"";
    one(from, &credit("single", "partial"), 6, "un choix unique est juste ou ne l’est pas");
    one(from, &credit("true_false", "partial"), 6, "un choix unique est juste ou ne l’est pas");
    one(from, &credit("multiple", "partiel"), 6, "vouliez-vous écrire « partial »");
    assert_eq!(said(&broken("quiz/01-quiz.toml", from, &credit("single", "exact"))), "");
    let tree = broken("quiz/01-quiz.toml", from, &credit("multiple", "partial"));
    let quiz = read(&tree).expect("sound").quiz;
    assert_eq!(quiz.questions().next().map(|q| q.task.credit()), Some(Credit::Partial));
}

/// The quiz of the sound module, its question made an ordering of three items.
fn ordering() -> String {
    QUIZ.replace("single", "ordering").replace("    correct = true\n", "")
        + "    [[question.choice]]\n    id = \"c\"\n    text = \"Tous\"\n"
}

#[track_caller]
fn said_of(quiz: &str) -> String {
    let mut tree = sound();
    put(&mut tree, "quiz/01-quiz.toml", quiz);
    said(&tree)
}

#[test]
fn the_items_of_an_ordering_are_written_in_the_right_order() {
    let mut tree = sound();
    put(&mut tree, "quiz/01-quiz.toml", &ordering());
    let quiz = read(&tree).expect("sound").quiz;
    let task = &quiz.questions().next().expect("a question").task;
    assert_eq!((task.kind(), task.credit()), (Kind::Ordering, Credit::Exact));
    assert_eq!(task.key(), ["a", "b", "c"]);
}

#[test]
fn an_ordering_has_no_correct_item_and_three_to_eight_of_them() {
    let marked =
        ordering().replace("text = \"Personne\"", "text = \"Personne\"\n    correct = true");
    let said = said_of(&marked);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(":17: « correct » ne s’écrit pas"), "{said}");
    let short = QUIZ.replace("single", "ordering").replace("    correct = true\n", "");
    assert!(said_of(&short).contains(":3: la question a 2 éléments à remettre en ordre"));
    let twice = ordering().replace("\"Tous\"", "\"personne\"");
    assert!(said_of(&twice).contains("le choix « c » dit la même chose qu’un autre"));
}

#[test]
fn the_nearest_kind_is_named() {
    one("\"single\"", "\"ordring\"", 5, "vouliez-vous écrire « ordering »");
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
