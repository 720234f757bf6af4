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
    let register =
        shipped.replacen("id = \"ria-4\"\ntext = \"", "id = \"ria-4\"\ntext = \"Relu : ", 1);
    assert_ne!(register, shipped);
    fs::write(own.join("references.toml"), register).expect("a register");
    fs::copy(Path::new(CONTENT).join("glossary.toml"), own.join("glossary.toml")).expect("a copy");
    fs::remove_file(own.join("modules/E1/glossary.toml")).expect("a glossary");
    let manifest = |dir: &Path, code: &str| {
        fs::read_to_string(dir.join(format!("modules/{code}/module.toml"))).expect("a manifest")
    };
    let all = fs::read_dir(own.join("modules")).expect("modules");
    let all = all.map(|entry| entry.expect("an entry").file_name().into_string().expect("a code"));
    let cites = |code: &String| manifest(&own, code).contains("id = \"ria-4\"\n");
    let citing: Vec<String> = all.filter(cites).collect();
    assert!(citing.len() > 1, "{citing:?}");

    let at = own.display().to_string();
    let said = machine.ok(&["content", "refresh", &at]).await;
    for code in &citing {
        assert!(said.contains(&format!("{code}/module.toml : « ria-4 » : text\n")), "{said}");
        let (before, after) = (manifest(Path::new(CONTENT), code), manifest(&own, code));
        assert_eq!(after.replacen("Relu : ", "", 1), before, "{code}");
    }
    assert!(said.contains("E1/glossary.toml : « ia-generative » : ajouté"), "{said}");
    let glossary = |dir: &Path| fs::read(dir.join("modules/E1/glossary.toml")).expect("a glossary");
    assert_eq!(glossary(&own), glossary(Path::new(CONTENT)));
    let count = citing.len() + 1;
    assert!(said.ends_with(&format!("15 modules : {count} fichiers recopiés\n")), "{said}");
    let again = machine.ok(&["content", "refresh", &at]).await;
    assert_eq!(again, "15 modules : 0 fichiers recopiés\n");
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
