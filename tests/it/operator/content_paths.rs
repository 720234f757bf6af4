//! `content paths`, and what `content check` says of `paths.toml`, on the real binary.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Machine;

const CONTENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/content");

/// A day on which nothing is due in the project's modules.
const TODAY: [&str; 2] = ["--today", "2026-11-22"];

const OWN: &str = r#"[[path]]
code = "DEUX"
title = "Deux modules"
summary = "Pour commencer."
audiences = ["elu", "agent"]
outcomes = ["Poser cinq questions.", "Vérifier une réponse."]
order = "free"

[[path.module]]
module = "E1"

[[path.module]]
any_of = ["A1", "A2"]
optional = true
"#;

/// A machine with a folder of contents that holds E1, A1, A2 and these paths.
fn contents(paths: &str) -> (Machine, PathBuf) {
    let machine = Machine::new();
    let own = machine.folder.path().join("ours");
    for code in ["E1", "A1", "A2"] {
        let module = Path::new("modules").join(code);
        super::life::copy(&Path::new(CONTENT).join(&module), &own.join(&module));
    }
    fs::write(own.join("paths.toml"), paths).expect("a file");
    (machine, own)
}

/// What the manifest of a shipped module announces.
fn announced(code: &str) -> u64 {
    let path = Path::new(CONTENT).join("modules").join(code).join("module.toml");
    let manifest = fs::read_to_string(path).expect("a manifest");
    let line = manifest.lines().find_map(|line| line.strip_prefix("duration_minutes = "));
    line.expect("a duration").parse().expect("minutes")
}

#[tokio::test]
async fn the_paths_in_the_binary_are_sound_and_their_minutes_are_those_of_their_modules() {
    let machine = Machine::new();
    let json = machine.ok(&["content", "paths", "--format", "json"]).await;
    let paths: Vec<Value> = serde_json::from_str(&json).expect("one array");
    let codes: Vec<&str> = paths.iter().filter_map(|path| path["code"].as_str()).collect();
    assert_eq!(codes, ["ELUS", "CADRES", "AGENTS", "PREMIERE-HEURE"]);
    for path in &paths {
        let (mut least, mut most) = (0, 0);
        for step in path["steps"].as_array().expect("steps") {
            let modules = step["any_of"].as_array().expect("modules");
            let minutes = modules.iter().map(|one| {
                let minutes = announced(one["code"].as_str().expect("a code"));
                assert_eq!(one["minutes"], minutes);
                minutes
            });
            let minutes: Vec<u64> = minutes.collect();
            least += minutes.iter().min().expect("a module");
            most += minutes.iter().max().expect("a module");
        }
        assert_eq!(path["minutes"]["total"]["least"], least, "{path}");
        assert_eq!(path["minutes"]["total"]["most"], most, "{path}");
    }
    let text = machine.ok(&["content", "paths"]).await;
    for code in codes {
        assert!(text.lines().any(|line| line.starts_with(&format!("{code} : "))), "{text}");
    }
    let checked = machine.ok(&["content", "check", TODAY[0], TODAY[1]]).await;
    assert!(checked.ends_with(" modules : rien à signaler\n") && checked.lines().count() == 1);
    assert!(!machine.data().exists(), "listing touches nothing");
}

#[tokio::test]
async fn a_path_is_a_table_of_its_modules_with_what_is_required_and_optional() {
    let (machine, own) = contents(OWN);
    let said = machine.ok(&["content", "paths", &own.display().to_string()]).await;
    let [e1, a1, a2] = ["E1", "A1", "A2"].map(announced);
    let (low, high) = (a1.min(a2), a1.max(a2));
    let squeezed: Vec<String> =
        said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for words in [
        "DEUX : Deux modules".to_owned(),
        "pour : élus, agents ; dans l’ordre de son choix".to_owned(),
        format!("E1 {e1} min Comprendre l'IA pour décider : sortir de la magie et de la peur"),
        format!("total {}-{} min", e1 + low, e1 + high),
        format!("obligatoire {e1} min"),
        format!("facultatif {low}-{high} min"),
        "- Vérifier une réponse.".to_owned(),
    ] {
        assert!(squeezed.contains(&words), "{words}:\n{said}");
    }
    let offered = |start: &str| {
        squeezed.iter().any(|line| line.starts_with(start) && line.ends_with(" (facultatif)"))
    };
    assert!(offered(&format!("A1 {a1} min ")) && offered(&format!("ou A2 {a2} min ")), "{said}");
}

#[tokio::test]
async fn a_folder_without_paths_has_none_and_is_no_less_sound() {
    let (machine, own) = contents(OWN);
    fs::remove_file(own.join("paths.toml")).expect("a file");
    let own = own.display().to_string();
    assert_eq!(machine.ok(&["content", "paths", &own]).await, "aucun parcours\n");
    let json = machine.ok(&["content", "paths", &own, "--format", "json"]).await;
    assert_eq!(json, "[]\n");
    let checked = machine.ok(&["content", "check", &own, TODAY[0], TODAY[1]]).await;
    assert_eq!(checked, "3 modules : rien à signaler\n");
}

#[tokio::test]
async fn what_is_wrong_in_a_path_is_refused_by_the_check_and_by_the_list() {
    let broken = OWN
        .replace("\"E1\"", "\"E11\"")
        .replace("\"free\"", "\"fre\"")
        .replace("\"DEUX\"", "\"A1\"");
    let (machine, own) = contents(&broken);
    let file = own.join("paths.toml").display().to_string();
    let own = own.display().to_string();
    let expected = [
        ":2: le code « A1 » est déjà celui d’un module — donnez un autre code au parcours",
        ":7: « order » vaut « fre » — vouliez-vous écrire « free » ? valeurs permises : ordered, free",
        ":10: le module « E11 » n’existe pas — vouliez-vous écrire « E1 » ?",
    ];
    let expected: String = expected.iter().map(|one| format!("{file}{one}\n")).collect();
    let check = machine.run(&["content", "check", &own, TODAY[0], TODAY[1]]).await;
    assert_eq!((check.status.code(), check.stdout.as_str()), (Some(1), expected.as_str()));
    assert_eq!(check.stderr, "maitrise: 3 à corriger, 0 à revoir (3 modules)\n");
    let list = machine.run(&["content", "paths", &own]).await;
    assert_eq!((list.status.code(), list.stdout.as_str()), (Some(1), expected.as_str()));
}

#[tokio::test]
async fn importing_publishes_a_path_when_it_differs_and_nothing_when_it_cannot_be_followed() {
    let machine = Machine::with_database();
    let own = machine.folder.path().join("ours");
    for code in ["E1", "A1", "A2"] {
        let module = Path::new("modules").join(code);
        super::life::copy(&Path::new(CONTENT).join(&module), &own.join(&module));
    }
    let file = own.join("paths.toml");
    fs::write(&file, OWN.replace("\"E1\"", "\"E11\"")).expect("a file");
    let import = ["content", "import", &own.display().to_string()];
    let broken = machine.run(&import).await;
    assert_eq!(broken.status.code(), Some(1), "{broken:?}");
    assert!(broken.stdout.contains("paths.toml:10: le module « E11 »"), "{broken:?}");
    fs::write(&file, OWN).expect("a file");
    let said = machine.ok(&import).await;
    for words in ["modules : 3 publiés", "DEUX : version 1 publiée (parcours)"] {
        assert!(said.contains(words), "{said}");
    }
    assert!(said.contains("parcours : 1 publiés, 0 inchangés"), "{said}");
    assert!(machine.ok(&import).await.contains("parcours : 0 publiés, 1 inchangés"));
    fs::write(&file, OWN.replace("\"Deux modules\"", "\"Deux fois\"")).expect("a file");
    let legal = [&import[..], &["--change", "legal"]].concat();
    assert!(machine.ok(&legal).await.contains("DEUX : version 2 publiée (parcours)"));
    machine.make_keys().await;
    let (server, api) = machine.serve().await;
    let path = api.get("/api/v1/paths/DEUX").await.expect(200).json();
    let said = (path["title"].as_str(), path["change"].as_str());
    assert_eq!(said, (Some("Deux fois"), Some("legal")));
    assert_eq!(path["provider"]["ref"], "local:maitrise");
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn a_module_that_cannot_be_read_has_no_minutes_to_list() {
    let (machine, own) = contents(OWN);
    fs::write(own.join("modules/A2/module.toml"), "code = \n").expect("a file");
    let output = machine.run(&["content", "paths", &own.display().to_string()]).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let place = own.join("modules/A2/module.toml").display().to_string();
    assert!(output.stdout.starts_with(&place), "{output:?}");
}
