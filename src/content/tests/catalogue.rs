//! Findings across modules.

use super::super::{Tree, check_catalogue};
use super::{MANIFEST, put};

/// A module of which only the manifest matters: its code and what it requires.
fn entry(folder: &str, code: &str, requires: &[&str]) -> (String, Tree) {
    let (root, _) = MANIFEST.split_once("[[prerequisite]]").expect("there");
    let mut text = root.replace("\"E1\"", &format!("\"{code}\""));
    for module in requires {
        text += &format!("[[prerequisite]]\nmodule = \"{module}\"\nkind = \"required\"\n");
    }
    let mut tree = Tree::new();
    put(&mut tree, "module.toml", &text);
    (folder.to_owned(), tree)
}

fn said(trees: &[(String, Tree)]) -> Vec<String> {
    check_catalogue(trees).iter().map(ToString::to_string).collect()
}

#[test]
fn a_catalogue_that_holds_together_has_no_finding() {
    let trees =
        [entry("A1", "A1", &[]), entry("B1", "B1", &["A1"]), entry("C1", "C1", &["A1", "B1"])];
    assert!(said(&trees).is_empty());
}

#[test]
fn a_folder_bears_the_name_of_its_code() {
    let said = said(&[entry("A2", "A1", &[])]);
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("A2/module.toml:1: le dossier s’appelle « A2 »"), "{said:?}");
}

#[test]
fn a_code_is_used_once() {
    let said = said(&[entry("A1", "A1", &[]), entry("A1", "A1", &[])]);
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("déjà celui de A1/module.toml"), "{said:?}");
}

#[test]
fn a_required_module_exists_and_an_advised_one_need_not() {
    let (_, mut tree) = entry("A1", "A1", &["Z9"]);
    let told = said(&[("A1".to_owned(), tree.clone())]);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("A1/module.toml:22: le prérequis obligatoire « Z9 »"), "{told:?}");
    let text = String::from_utf8(tree.get("module.toml").expect("there").to_vec()).expect("text");
    put(&mut tree, "module.toml", &text.replace("required", "advised"));
    assert!(said(&[("A1".to_owned(), tree)]).is_empty());
}

#[test]
fn a_circle_of_required_modules_is_told_once() {
    let told = said(&[
        entry("A1", "A1", &["B1"]),
        entry("B1", "B1", &["C1"]),
        entry("C1", "C1", &["A1"]),
        entry("D1", "D1", &["A1"]),
    ]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("A1 → B1 → C1 → A1"), "{told:?}");
}

/// The same, requiring one of several modules.
fn any_of(code: &str, modules: &[&str]) -> (String, Tree) {
    let (folder, mut tree) = entry(code, code, &[]);
    let text = String::from_utf8(tree.get("module.toml").expect("there").to_vec()).expect("text");
    let list = format!("[[prerequisite]]\nany_of = {modules:?}\nkind = \"required\"\n");
    put(&mut tree, "module.toml", &format!("{text}{list}"));
    (folder, tree)
}

#[test]
fn there_is_no_circle_where_one_alternative_leads_out() {
    let out = [any_of("A1", &["B1", "C1"]), entry("B1", "B1", &["A1"]), entry("C1", "C1", &[])];
    assert_eq!(said(&out), Vec::<String>::new());
    // Two prerequisites must both be met: one that leads out does not open the other.
    let (folder, mut tree) = any_of("A1", &["B1", "C1"]);
    let text = String::from_utf8(tree.get("module.toml").expect("there").to_vec()).expect("text");
    let more = "[[prerequisite]]\nmodule = \"B1\"\nkind = \"required\"\n";
    put(&mut tree, "module.toml", &format!("{text}{more}"));
    let told = said(&[(folder, tree), entry("B1", "B1", &["A1"]), entry("C1", "C1", &[])]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("A1 → B1 → A1"), "{told:?}");
}

#[test]
fn there_is_a_circle_where_every_alternative_leads_back() {
    let told = said(&[
        any_of("A1", &["B1", "C1"]),
        entry("B1", "B1", &["A1"]),
        entry("C1", "C1", &["B1"]),
        any_of("D1", &["A1", "E1"]),
        entry("E1", "E1", &[]),
    ]);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("A1/module.toml:1: prérequis obligatoires en boucle"), "{told:?}");
    assert!(told[0].contains("A1 → B1 → A1") && told[0].contains(" — retirez"), "{told:?}");
    assert!(told[1].contains("C1 → B1 → A1 → C1"), "{told:?}");
}

#[test]
fn every_alternative_exists() {
    let told = said(&[any_of("A1", &["B1", "B2"]), entry("B1", "B1", &[])]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("le prérequis obligatoire « B2 » n’existe pas — corrigez"),
        "{told:?}"
    );
}

#[test]
fn a_module_whose_code_cannot_be_read_is_left_to_the_other_check() {
    let mut tree = Tree::new();
    put(&mut tree, "module.toml", "code = 3");
    assert!(said(&[("A1".to_owned(), tree.clone())]).is_empty());
    let trees = [("A1".to_owned(), tree), entry("B1", "B1", &["A1"])];
    assert_eq!(said(&trees), Vec::<String>::new(), "nor is it missing to who requires it");
}
