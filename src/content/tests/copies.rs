//! The register, the common glossary, and the copies that modules carry.

use chrono::NaiveDate;

use super::super::{Refreshed, Shared, SharedFiles, Tree, check_copies, refresh};
use super::{MANIFEST, put, sound};

const REGISTER: &str = "# Le registre.

[[reference]]
id = \"ria-4\"
text = \"Règlement (UE) 2024/1689, art. 4\"
url = \"https://eur-lex.europa.eu/eli/reg/2024/1689/oj\"
celex = \"32024R1689\"
grade = \"V\"
verified_on = 2026-11-23
check_by = 2027-06-01
";

const GLOSSARY: &str = "[[term]]
id = \"deployeur\"
term = \"Déployeur\"
definition = \"Qui utilise un système d’IA.\"
grade = \"V\"
verified_on = 2026-11-22

[[term]]
id = \"fournisseur\"
term = \"Fournisseur\"
definition = \"Qui développe un système d’IA.\"
grade = \"V\"
verified_on = 2026-11-22
";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 1).expect("a date")
}

fn files(register: &str, glossary: &str) -> SharedFiles {
    let bytes = |text: &str| (!text.is_empty()).then(|| text.as_bytes().to_vec());
    SharedFiles {
        register: bytes(register),
        glossary: bytes(glossary),
        paths: None,
        providers: None,
        synonyms: None,
    }
}

fn shared() -> Shared {
    let (shared, findings) = Shared::read(&files(REGISTER, GLOSSARY), today());
    assert_eq!(findings, Vec::new());
    shared
}

fn said(tree: &Tree) -> Vec<String> {
    let trees = [("E1".to_owned(), tree.clone())];
    check_copies(&shared(), &trees).iter().map(ToString::to_string).collect()
}

fn text(tree: &Tree, path: &str) -> String {
    String::from_utf8(tree.get(path).expect(path).to_vec()).expect("text")
}

/// The tree once refreshed, and what was said of it.
fn refreshed(tree: &Tree) -> (Tree, Vec<Refreshed>) {
    let files = refresh(tree, &shared()).expect("refreshed");
    let mut tree = tree.clone();
    for file in &files {
        put(&mut tree, file.path, &file.text);
    }
    (tree, files)
}

#[test]
fn a_copy_that_differs_is_told_key_by_key() {
    let told = said(&sound());
    assert_eq!(told.len(), 1, "{told:?}");
    let start = "E1/module.toml:25: la référence « ria-4 » diffère du registre : celex, verified_on, check_by — ";
    assert!(told[0].starts_with(start), "{told:?}");
    assert!(told[0].contains("maitrise content refresh"), "{told:?}");
}

#[test]
fn an_official_text_is_in_the_register_and_another_need_not_be() {
    let mut tree = sound();
    let other = MANIFEST.replace("\"ria-4\"", "\"presse\"");
    put(&mut tree, "module.toml", &other);
    assert!(said(&tree).is_empty());
    put(
        &mut tree,
        "module.toml",
        &other.replace("grade = \"V\"", "grade = \"V\"\ncelex = \"32024R1689\""),
    );
    let told = said(&tree);
    assert!(told[0].contains("« presse » est un texte officiel") && told.len() == 1, "{told:?}");
    let trees = [("E1".to_owned(), tree)];
    assert!(check_copies(&Shared::default(), &trees).is_empty(), "there is no register");
}

#[test]
fn a_term_that_differs_is_told_at_its_line_and_a_term_of_its_own_is_not() {
    let own = "[[term]]\nid = \"maire\"\nterm = \"Maire\"\ndefinition = \"Élu.\"\ngrade = \"S\"\nverified_on = 2026-11-22\n\n";
    let mut tree = refreshed(&sound()).0;
    put(
        &mut tree,
        "glossary.toml",
        &format!("{own}{}", GLOSSARY.replace("Qui utilise", "Qui vend")),
    );
    let told = said(&tree);
    assert_eq!(told.len(), 1, "{told:?}");
    let start =
        "E1/glossary.toml:8: le terme « deployeur » diffère du glossaire commun : definition — ";
    assert!(told[0].starts_with(start), "{told:?}");
}

#[test]
fn the_shared_files_are_linted_like_modules() {
    let lint = |register: &str, glossary: &str, today: &str| {
        let today = today.parse().expect("a date");
        let found = Shared::read(&files(register, glossary), today).1;
        found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let twice = format!("{REGISTER}{REGISTER}");
    for (register, words) in [
        (twice.as_str(), "references.toml:13: la référence « ria-4 » est écrite deux fois — "),
        (&REGISTER.replace("celex", "cellex"), ":7: clé inconnue « cellex »"),
        (
            &REGISTER.replace("2027-06-01", "2026-11-23"),
            ":10: « check_by » (2026-11-23) n’est pas après",
        ),
        (&REGISTER.replace("art. 4", "[À COMPLÉTER : article]"), ":5: reste à compléter : article"),
        (&REGISTER.replace('\n', "\r\n"), ":1: fins de ligne Windows"),
        ("# vide\n", "le registre n’a aucun texte"),
    ] {
        let told = lint(register, GLOSSARY, "2026-12-01");
        let errors: Vec<&str> =
            told.lines().filter(|line| !line.contains(" devait être ")).collect();
        assert!(errors.len() == 1 && errors[0].contains(words), "{words}:\n{told}");
    }
    let told = lint(REGISTER, GLOSSARY, "2027-06-02");
    assert!(told.starts_with("references.toml:3: le texte « ria-4 » devait être relu"), "{told}");
    let told = lint(REGISTER, &GLOSSARY.replace("fournisseur", "deployeur"), "2026-12-01");
    assert!(
        told.starts_with("glossary.toml:8: le terme « deployeur » est écrit deux fois"),
        "{told}"
    );
    assert_eq!(lint("", "", "2026-12-01"), "", "both may be absent");
}

#[test]
fn refreshing_copies_what_the_register_holds_and_leaves_the_rest_byte_for_byte() {
    let mut tree = sound();
    let noted = MANIFEST.replace("level = ", "# Un  commentaire,   et des espaces.\nlevel   =   ");
    let noted = noted.replace("grade = \"V\"\n", "grade   = 'V' # lue\n");
    put(&mut tree, "module.toml", &format!("{noted}# Fin sans table.\n"));
    let (after, files) = refreshed(&tree);
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].changes, ["« ria-4 » : celex, verified_on, check_by"]);
    assert!(said(&after).is_empty(), "{:?}", said(&after));
    let text = text(&after, "module.toml");
    assert!(text.contains("celex = \"32024R1689\"\n") && text.contains("check_by = 2027-06-01\n"));
    let kept = text
        .replace("celex = \"32024R1689\"\n", "")
        .replace("check_by = 2027-06-01\n", "")
        .replace("verified_on = 2026-11-23", "verified_on = 2026-11-22");
    assert_eq!(kept, format!("{noted}# Fin sans table.\n"));
    assert_eq!(refreshed(&after).1, Vec::new(), "a second time changes nothing");
}

#[test]
fn a_table_may_hold_its_id_alone_before() {
    let mut tree = sound();
    let (root, _) = MANIFEST.split_once("[[reference]]").expect("there");
    put(&mut tree, "module.toml", &format!("{root}[[reference]]\nid = \"ria-4\"\n"));
    let after = refreshed(&tree).0;
    assert!(said(&after).is_empty());
    assert_eq!(super::said(&after), "");
    let own = REGISTER.split_once("[[reference]]").expect("there").1;
    assert!(text(&after, "module.toml").ends_with(own), "the keys are in the register's order");
}

#[test]
fn a_key_that_the_register_does_not_have_goes() {
    let mut tree = sound();
    put(
        &mut tree,
        "module.toml",
        &MANIFEST.replace("grade = \"V\"", "article = \"art. 5\"\ngrade = \"V\""),
    );
    let (after, files) = refreshed(&tree);
    assert!(files[0].changes[0].contains("article"), "{files:?}");
    assert!(!text(&after, "module.toml").contains("art. 5"));
}

#[test]
fn terms_that_lessons_link_are_copied_and_the_others_are_not() {
    let mut tree = sound();
    let lesson = "+++\ntitle = \"Suite\"\n+++\n\nLe [déployeur](terme:deployeur), un [mot](terme:inconnu).\n";
    put(&mut tree, "lessons/02-suite.md", lesson);
    let (after, files) = refreshed(&tree);
    assert_eq!(files[1].changes, ["« deployeur » : ajouté"]);
    let (only, _) = GLOSSARY.split_once("\n[[term]]").expect("there");
    assert_eq!(text(&after, "glossary.toml"), only);
    assert_eq!(refreshed(&after).1, Vec::new());

    put(&mut tree, "lessons/02-suite.md", &lesson.replace("inconnu", "fournisseur"));
    put(&mut tree, "glossary.toml", &only.replace("Qui utilise", "Qui loue"));
    let (after, files) = refreshed(&tree);
    assert_eq!(files[1].changes, ["« deployeur » : definition", "« fournisseur » : ajouté"]);
    assert_eq!(text(&after, "glossary.toml"), GLOSSARY);
}

#[test]
fn copies_that_are_not_written_as_tables_are_told_and_left() {
    let (root, _) = MANIFEST.split_once("[[prerequisite]]").expect("there");
    for (path, text, words) in [
        ("module.toml", format!("reference = [{{ id = \"ria-4\" }}]\n{root}"), "« reference »"),
        ("glossary.toml", "term = \"RAG\"\n".to_owned(), "« term »"),
    ] {
        let mut tree = sound();
        put(&mut tree, path, &text);
        let findings = refresh(&tree, &shared()).expect_err(path);
        assert!(findings.len() == 1 && findings[0].path == path, "{findings:?}");
        assert!(
            findings[0].what.starts_with(&format!("{words} n’est pas une suite")),
            "{findings:?}"
        );
    }
}

#[test]
fn a_file_that_cannot_be_kept_as_it_is_is_not_edited() {
    for broken in ["code = ", "code = \"E1\"\r\n"] {
        let mut tree = sound();
        put(&mut tree, "module.toml", broken);
        let findings = refresh(&tree, &shared()).expect_err(broken);
        assert_eq!(findings[0].path, "module.toml");
    }
}
