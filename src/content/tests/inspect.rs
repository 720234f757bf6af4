//! Strict, lenient, and on a given day.

use chrono::NaiveDate;

use super::super::{Severity, check, inspect, read, recall};
use super::{MANIFEST, QUIZ, broken, one_finding, put, said, sound};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// What is due on that day in the sound module with these lines more in its reference.
fn due(lines: &str, today: &str) -> Vec<String> {
    let tree = broken("module.toml", "grade = \"V\"\n", &format!("grade = \"V\"\n{lines}\n"));
    assert_eq!(said(&tree), "", "what is due is no error");
    let inspection = inspect(&tree, day(today));
    assert!(inspection.module.is_some(), "a module is whole whatever is due");
    assert!(inspection.findings.iter().all(|finding| finding.severity == Severity::Due));
    inspection.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_review_is_due_the_day_after_its_date() {
    assert!(due("", "2027-02-22").is_empty());
    let told = due("", "2027-02-23");
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("module.toml:18: la relecture du module était due le 2027-02-22"));
}

#[test]
fn a_text_is_due_once_its_dates_are_past_or_it_is_replaced() {
    for (line, before, after, words) in [
        ("check_by = 2026-12-02", "2026-12-02", "2026-12-03", "devait être relu le 2026-12-02"),
        ("in_force_to = 2026-12-02", "2026-12-02", "2026-12-03", "n’est plus en vigueur"),
    ] {
        assert!(due(line, before).is_empty(), "{line}");
        let told = due(line, after);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("module.toml:25: ") && told[0].contains(words), "{told:?}");
        assert!(told[0].contains(" — "), "{told:?}");
    }
    let replaced = due("superseded_by = \"Règlement (UE) 2026/1744\"", "2020-01-01");
    assert!(
        replaced[0].contains("texte remplacé : « ria-4 » l’est par « Règlement"),
        "{replaced:?}"
    );
}

#[test]
fn errors_and_dues_are_told_together_sorted() {
    let tree = broken("module.toml", "level = \"awareness\"", "level = \"x\"");
    let findings = check(&tree, day("2030-01-01"));
    let told: Vec<_> = findings.iter().map(|f| (f.line, f.severity)).collect();
    assert_eq!(told, [(Some(6), Severity::Error), (Some(18), Severity::Due)]);
    assert!(inspect(&tree, day("2026-12-01")).module.is_none());
}

#[test]
fn what_was_published_before_a_rule_is_still_read_with_its_values() {
    for (path, from, to) in [
        ("module.toml", "language = \"fr\"", "language = \"fr\"\nwritten_by = \"x\""),
        ("module.toml", "language = \"fr\"", "language = \"français\""),
        ("module.toml", "review_by = 2027-02-22", "review_by = 2026-11-22"),
        ("module.toml", "duration_minutes = 11", "duration_minutes = 60000"),
        ("module.toml", "themes = [\"ia\"]", "themes = [\"ia\", \"ia\"]"),
        ("module.toml", "id = \"ria-4\"", "id = \"RIA 4\""),
        ("lessons/02-suite.md", "## Suite", "# Suite"),
        ("lessons/02-suite.md", "## Suite", &format!("{} trop profond", ">".repeat(300))),
        ("lessons/02-suite.md", "title = \"Suite\"", "title = \"Suite\"\nauthor = \"x\""),
        ("quiz/01-quiz.toml", "text = \"Personne\"", "text = \"Personne\"\nnote = \"x\""),
    ] {
        let tree = broken(path, from, to);
        assert!(read(&tree).is_err(), "{to} is refused");
        let module = recall(&tree).unwrap_or_else(|found| panic!("{to}: {found:?}"));
        assert_eq!((module.lessons.len(), module.quiz.questions().count()), (2, 1), "{to}");
        assert_eq!(module.digest, tree.digest());
    }
    let long = broken("module.toml", "Pour commencer.", &"a".repeat(601));
    assert_eq!(recall(&long).expect("read").manifest.summary.len(), 601);
    let reviewed = broken("module.toml", "review_by = 2027-02-22", "review_by = 2026-11-22");
    assert_eq!(recall(&reviewed).expect("read").manifest.review_by, day("2026-11-22"));
}

#[test]
fn a_module_recalled_and_a_module_read_are_the_same() {
    assert_eq!(recall(&sound()).expect("recalled"), read(&sound()).expect("read"));
}

#[test]
fn what_cannot_be_understood_is_not_recalled() {
    for (path, from, to) in [
        ("module.toml", "level = \"awareness\"", "level = \"x\""),
        ("module.toml", "title = ", "title "),
        ("lessons/02-suite.md", "title = \"Suite\"", ""),
        // A question less would be another quiz.
        ("quiz/01-quiz.toml", "kind = \"single\"", "kind = \"x\""),
    ] {
        assert!(!recall(&broken(path, from, to)).expect_err(to).is_empty());
    }
}

#[test]
fn an_address_that_is_not_https_is_dropped_even_from_what_was_published() {
    let tree = broken("module.toml", "url = \"https:", "url = \"javascript:");
    assert_eq!(recall(&tree).expect("recalled").manifest.references[0].url, None);
}

#[test]
fn a_blank_is_an_error_wherever_it_is() {
    one_finding(
        "module.toml",
        "Pour commencer.",
        "[À COMPLÉTER : pour qui]",
        3,
        "reste à compléter : pour qui — ",
    );
    one_finding("lessons/02-suite.md", "Voir", "Fin.\n\n[À COMPLÉTER]\n\nVoir", 8, "reste à");
    one_finding("quiz/01-quiz.toml", "\"RIA, art. 4\"", "\"[À COMPLÉTER\"", 8, "à compléter");
    let mut tree = sound();
    put(
        &mut tree,
        "quiz/01-quiz.toml",
        &QUIZ.replace("Personne", "[À COMPLÉTER : a] [À COMPLÉTER : b]"),
    );
    assert_eq!(said(&tree).lines().count(), 2, "each blank is told: {}", said(&tree));
}

#[test]
fn the_activity_of_a_lesson_counts_in_the_duration() {
    let lesson = "title = \"Suite\"\nactivity_minutes = 30";
    let mut tree = broken("lessons/02-suite.md", "title = \"Suite\"", lesson);
    assert!(said(&tree).contains("11 min annoncées, 41 min calculées"), "{}", said(&tree));
    put(&mut tree, "module.toml", &MANIFEST.replace("_minutes = 11", "_minutes = 41"));
    let module = read(&tree).expect("sound");
    assert_eq!((module.lessons[1].activity_minutes, module.computed_minutes), (30, 41));
    let title = "title = \"Suite\"";
    let too_long = "title = \"Suite\"\nactivity_minutes = 601";
    assert!(said(&broken("lessons/02-suite.md", title, too_long)).contains("de 0 à 600"));
}
