//! `content new`, `content refresh` and what `content import` says of what is due, on the real
//! binary.

use std::fs;
use std::path::Path;

use super::Machine;

const CONTENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/content");

/// Replaces every blank under a folder by a few words; answers how many there were.
fn fill(folder: &Path) -> usize {
    let mut filled = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            filled += fill(&path);
            continue;
        }
        let mut text = fs::read_to_string(&path).expect("a text");
        while let Some(at) = text.find("[À COMPLÉTER") {
            let end = at + text[at..].find(']').expect("a blank ends") + 1;
            filled += 1;
            text.replace_range(at..end, &format!("Texte numéro {filled} de {}", path.display()));
        }
        fs::write(&path, text).expect("a file");
    }
    filled
}

#[tokio::test]
async fn a_module_is_begun_filled_and_passes() {
    let machine = Machine::new();
    let own = machine.folder.path().join("ours").display().to_string();
    let new = ["content", "new", "RGPD-1", "--dir", &own];
    let said = machine.ok(&new).await;
    let folder = Path::new(&own).join("modules/RGPD-1");
    assert!(said.starts_with(&folder.display().to_string()), "{said}");
    let check = machine.run(&["content", "check", &own]).await;
    assert_eq!(check.status.code(), Some(1));
    let blanks = check.stdout.lines().count();
    assert!(blanks > 20 && said.contains(&format!(": {blanks} passages")), "{said}\n{check:?}");
    for line in check.stdout.lines() {
        assert!(line.contains(": reste à compléter : ") && line.contains(" — écrivez"), "{line}");
    }
    assert_eq!(fill(&folder), blanks);
    assert_eq!(machine.ok(&["content", "check", &own]).await, "1 modules : rien à signaler\n");

    let before = fs::read(folder.join("module.toml")).expect("a manifest");
    machine.refused_saying(&new, &["existe déjà", "RGPD-1"]).await;
    assert_eq!(fs::read(folder.join("module.toml")).expect("a manifest"), before);
    for bad in ["rgpd", "../X", "A/B", ""] {
        let bad = ["content", "new", bad, "--dir", &own];
        machine.refused_saying(&bad, &["un code de module compte 1 à 24 caractères"]).await;
    }
    assert!(!machine.data().exists(), "beginning a module touches no data");
}

#[tokio::test]
async fn refreshing_copies_the_register_again_once_and_only_what_it_holds() {
    let machine = Machine::new();
    let own = machine.folder.path().join("ours");
    super::life::copy(&Path::new(CONTENT).join("modules"), &own.join("modules"));
    let shipped = include_str!("../../../content/references.toml");
    let article = "id = \"ria-4\"\narticle = \"art. 4\"";
    let register = shipped.replacen("id = \"ria-4\"", article, 1);
    fs::write(own.join("references.toml"), register).expect("a register");
    let lesson = own.join("modules/C2/lessons/02-mots.md");
    let text = "+++\ntitle = \"Mots\"\n+++\n\nUn [déployeur](terme:deployeur).\n";
    fs::write(&lesson, text).expect("a lesson");
    fs::copy(Path::new(CONTENT).join("glossary.toml"), own.join("glossary.toml")).expect("a copy");

    let at = own.display().to_string();
    let said = machine.ok(&["content", "refresh", &at]).await;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 4, "{said}");
    assert!(lines[0].ends_with("A1/module.toml : « ria-4 » : article"), "{said}");
    assert!(lines[1].ends_with("C2/glossary.toml : « deployeur » : ajouté"), "{said}");
    assert!(lines[2].ends_with("E1/module.toml : « ria-4 » : article"), "{said}");
    assert_eq!(lines[3], "3 modules : 3 fichiers recopiés");
    for code in ["A1", "E1"] {
        let path = format!("modules/{code}/module.toml");
        let before = fs::read_to_string(Path::new(CONTENT).join(&path)).expect("shipped");
        let after = fs::read_to_string(own.join(&path)).expect("refreshed");
        assert_eq!(after.replacen("article = \"art. 4\"\n", "", 1), before, "{code}");
    }
    let again = machine.ok(&["content", "refresh", &at]).await;
    assert_eq!(again, "3 modules : 0 fichiers recopiés\n");
}

#[tokio::test]
async fn a_refresh_that_one_file_stops_writes_nothing() {
    let machine = Machine::new();
    let own = machine.folder.path().join("ours");
    super::life::copy(&Path::new(CONTENT).join("modules"), &own.join("modules"));
    let shipped = include_str!("../../../content/references.toml");
    fs::write(own.join("references.toml"), shipped.replace("grade = \"V\"", "grade = \"S\""))
        .expect("a register");
    fs::write(own.join("modules/E1/module.toml"), "code = \n").expect("a file");
    let output = machine.run(&["content", "refresh", &own.display().to_string()]).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.contains("E1/module.toml: ce n’est pas du TOML valide"), "{output:?}");
    let before = fs::read(Path::new(CONTENT).join("modules/A1/module.toml")).expect("shipped");
    assert_eq!(fs::read(own.join("modules/A1/module.toml")).expect("there"), before);
}

#[tokio::test]
async fn importing_prints_what_is_due_and_goes_on() {
    let machine = Machine::with_database();
    let own = machine.folder.path().join("ours");
    let module = own.join("modules/E1");
    super::life::copy(&Path::new(CONTENT).join("modules/E1"), &module);
    let manifest = fs::read_to_string(module.join("module.toml")).expect("a manifest");
    let late = manifest
        .replacen("verified_on = 2026-11-22", "verified_on = 2025-11-22", 1)
        .replacen("review_by = 2027-01-12", "review_by = 2026-01-12", 1);
    fs::write(module.join("module.toml"), late).expect("a file");
    let said = machine.ok(&["content", "import", &own.display().to_string()]).await;
    assert!(said.contains("la relecture du module était due le 2026-01-12"), "{said}");
    assert!(said.contains("E1 : version 1 publiée"), "{said}");
}
