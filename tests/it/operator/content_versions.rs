//! `content export` and `content diff`, on the real binary: what was published comes back byte for byte,
//! and what two versions differ by is said in words.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Machine;
use super::backup_media::illustrated;

/// Every file under a folder, by its path inside.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(dir) = waiting.pop() {
        for entry in fs::read_dir(dir).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let inside = path.strip_prefix(folder).expect("inside").to_owned();
                found.insert(inside, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Publishes a second version of E1, of which one word of a lesson and one date differ.
async fn amend(machine: &Machine, own: &Path) -> (String, String) {
    let lesson = own.join("modules/E1/lessons/01-trois-histoires.md");
    let text = fs::read_to_string(&lesson).expect("a lesson");
    let (first, rest) = text.split_once("## ").expect("a heading");
    let (heading, body) = rest.split_once("\n\n").expect("a paragraph");
    let word = body.split_whitespace().next().expect("a word").to_owned();
    let other = format!("Remplacé{}", word.len());
    fs::write(&lesson, format!("{first}## {heading}\n\n{}", body.replacen(&word, &other, 1)))
        .expect("written");
    let manifest = own.join("modules/E1/module.toml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    let line = text.lines().find(|line| line.starts_with("contact = ")).expect("a contact");
    fs::write(&manifest, text.replace(line, "contact = \"autre@maitrise.example\""))
        .expect("written");
    machine.ok(&["content", "import", &shown(own)]).await;
    (word, other)
}

#[tokio::test]
async fn every_published_version_is_exported_byte_for_byte_and_imports_as_nothing_new() {
    let (machine, own) = illustrated().await;
    let first = files(&own.join("modules/E1"));
    amend(&machine, &own).await;
    let second = files(&own.join("modules/E1"));
    assert_ne!(first, second);

    let out = machine.folder.path().join("out");
    let said = machine.ok(&["content", "export", &shown(&out.join("un")), "E1@1"]).await;
    assert!(said.starts_with("E1 : version 1, "), "{said}");
    assert_eq!(files(&out.join("un/modules/E1")), first);
    machine.ok(&["content", "export", &shown(&out.join("tous"))]).await;
    assert_eq!(files(&out.join("tous/modules/E1")), second);
    let said = machine.ok(&["content", "import", &shown(&out.join("tous"))]).await;
    assert!(said.contains("0 publiés, 1 inchangés"), "{said}");

    let again = ["content", "export", &shown(&out.join("un")), "E1@1"];
    machine.refused_saying(&again, &["is there already", "E1"]).await;
    assert_eq!(files(&out.join("un/modules/E1")), first, "what was there is left alone");
    for (version, why) in [("E1@9", "version 9 of module E1"), ("ZZ", "module ZZ")] {
        let to = shown(&out.join("rien"));
        machine.refused_saying(&["content", "export", &to, version], &[why]).await;
        assert!(!out.join("rien/modules").exists(), "{version}");
    }
    let mistyped = machine.run(&["content", "export", &shown(&out), "e1"]).await;
    assert_eq!(mistyped.status.code(), Some(2), "{mistyped:?}");
    assert!(mistyped.stderr.contains("write E1, or E1@2"), "{mistyped:?}");
}

#[tokio::test]
async fn an_export_whose_medium_is_gone_leaves_nothing_half_written() {
    let (machine, _own) = illustrated().await;
    fs::remove_dir_all(machine.data().join("media")).expect("lost");
    let out = machine.folder.path().join("out");
    machine.refused_saying(&["content", "export", &shown(&out)], &["media/carre.png"]).await;
    assert_eq!(files(&out).len(), 0, "{:?}", files(&out).keys());
}

#[tokio::test]
async fn versions_and_folders_are_compared_by_lesson_and_by_word() {
    let (machine, own) = illustrated().await;
    let before = machine.folder.path().join("before");
    super::life::copy(&own.join("modules/E1"), &before);
    let (word, other) = amend(&machine, &own).await;
    let (own, before) = (shown(&own.join("modules/E1")), shown(&before));

    let told = machine.ok(&["content", "diff", "E1@1", "E1"]).await;
    assert!(told.starts_with("Fiche\n  contact\n    ~ [-"), "{told}");
    let lesson = format!("\nLeçon 01-trois-histoires\n  texte\n    ~ [-{word}-]{{+{other}+}}");
    assert!(told.contains(&lesson), "{told}");
    for sides in [["E1@1", own.as_str()], [&before, "E1@2"], [&before, &own]] {
        assert_eq!(machine.ok(&["content", "diff", sides[0], sides[1]]).await, told, "{sides:?}");
    }
    assert_eq!(machine.ok(&["content", "diff", "E1@2", &own]).await, "aucune différence\n");

    let json = machine.ok(&["content", "diff", &before, &own, "--format", "json"]).await;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json[0]["place"], serde_json::json!(["Fiche", "contact"]));
    assert_eq!(json[0]["after"], "autre@maitrise.example");
    machine.refused_saying(&["content", "diff", &own, "nulle-part"], &["nulle-part", "E1@2"]).await;
}

#[tokio::test]
async fn production_publishes_no_module_that_no_jurist_has_read_nor_one_that_is_due() {
    let mut machine = Machine::with_database();
    machine.fit_for_production();
    let own = machine.folder.path().join("ours");
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/content/modules/E1");
    super::life::copy(shipped.as_ref(), &own.join("modules/E1"));
    let import = ["content", "import", &shown(&own)];
    let said = machine.ok(&import).await;
    assert!(said.contains("E1 : retenu — aucun juriste ne l’a relu"), "{said}");
    assert!(said.contains("modules : 0 publiés, 0 inchangés, 1 retenus"), "{said}");

    let manifest = own.join("modules/E1/module.toml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    let reviewed = text.replace("legal_review = \"none\"", "legal_review = \"Service juridique\"");
    fs::write(&manifest, &reviewed).expect("written");
    let said = machine.ok(&import).await;
    assert!(said.contains("E1 : version 1 publiée"), "{said}");
    assert!(said.contains("modules : 1 publiés, 0 inchangés, 0 retenus"), "{said}");

    let line =
        |key: &str| text.lines().find(|line| line.starts_with(key)).expect("a date").to_owned();
    let overdue = reviewed
        .replace(&line("verified_on"), "verified_on = 2020-01-01")
        .replace(&line("review_by"), "review_by = 2020-02-01");
    fs::write(&manifest, overdue).expect("written");
    let said = machine.ok(&import).await;
    assert!(said.contains("E1 : retenu — la relecture du module était due"), "{said}");
    assert!(said.contains("modules : 0 publiés, 0 inchangés, 1 retenus"), "{said}");
}
