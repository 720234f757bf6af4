//! Files begun for a module that is being written.

use chrono::NaiveDate;

use super::super::{BLANK, Begun, ModuleCode, begun, errors, inspect, starter, starter_of};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
}

#[test]
fn whatever_is_begun_has_no_fault_but_its_blanks() {
    let code = ModuleCode::parse("T1").expect("a code");
    let mut tree = starter(&code, today()).expect("a starter");
    for (kind, title) in [
        (Begun::Lesson, "L’élue, « 2e » partie"),
        (Begun::Bank, "Suite \"citée\""),
        (Begun::Figure, "Avant & <après>"),
        (Begun::Glossary, "Déployeur"),
    ] {
        let (path, text) = begun(kind, (&code, &tree), title, today());
        tree.insert(&path, text.into_bytes()).expect("a place of its own");
    }
    let paths: Vec<&str> = tree.files().map(|(path, _)| path).collect();
    for path in [
        "lessons/03-l-elue-2e-partie.md",
        "quiz/02-suite-citee.toml",
        "figures/avant-apres.svg",
        "glossary.toml",
    ] {
        assert!(paths.contains(&path), "{paths:?}");
    }
    let bank = tree.get("quiz/02-suite-citee.toml").expect("there").to_vec();
    assert!(String::from_utf8(bank).expect("text").contains("\"T1-Q4\""));
    let inspection = inspect(&tree, today());
    let others: Vec<_> = errors(&inspection.findings)
        .filter(|f| !f.what.contains("compléter") && !f.what.contains(BLANK))
        .filter(|f| !f.what.contains("n’est citée") && !f.what.contains("n’est montrée"))
        .map(ToString::to_string)
        .collect();
    assert!(others.iter().all(|said| !said.contains("TOML")), "{others:#?}");
}

#[test]
fn a_module_begins_with_its_own_title_and_provider() {
    let code = ModuleCode::parse("T1").expect("a code");
    let tree = starter_of(&code, "cdg:CDG-35", "L’IA \"au guichet\"", today()).expect("a starter");
    let manifest = String::from_utf8(tree.get("module.toml").expect("there").to_vec());
    let manifest: toml::Table = manifest.expect("text").parse().expect("TOML");
    assert_eq!(manifest["title"].as_str(), Some("L’IA \"au guichet\""));
    assert_eq!(manifest["provider"].as_str(), Some("cdg:CDG-35"));
    assert_eq!(manifest["code"].as_str(), Some("T1"));
    assert_eq!(tree.files().count(), 4);
}
