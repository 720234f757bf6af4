//! `content check`: every problem at once, for people and for programs, on the real binary.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::Machine;

const E1: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/content/modules/E1");

/// A day on which nothing is due in the project's modules.
const TODAY: [&str; 2] = ["--today", "2026-11-22"];

/// A machine with a folder of contents that holds E1, under this code.
fn contents() -> (Machine, PathBuf) {
    let machine = Machine::new();
    let own = machine.folder.path().join("ours");
    super::life::copy(E1.as_ref(), &own.join("modules/E1"));
    (machine, own)
}

/// Everything that the check prints on a folder, refused.
async fn told(machine: &Machine, own: &std::path::Path) -> String {
    let own = own.display().to_string();
    let output = machine.run(&["content", "check", &own, TODAY[0], TODAY[1]]).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stderr.starts_with("maitrise: ") && output.stderr.lines().count() == 1);
    output.stdout
}

#[tokio::test]
async fn the_modules_in_the_binary_have_nothing_to_mend_and_become_due_on_their_day() {
    let machine = Machine::new();
    let said = machine.ok(&["content", "check", TODAY[0], TODAY[1]]).await;
    assert_eq!(said, "15 modules : rien à signaler\n");
    let json = machine.ok(&["content", "check", "--format", "json", TODAY[0], TODAY[1]]).await;
    assert_eq!(serde_json::from_str::<Value>(&json).expect("JSON"), serde_json::json!([]));
    let late = machine.run(&["content", "check", "--today", "2027-01-13"]).await;
    assert_eq!(late.status.code(), Some(1), "{late:?}");
    let due = late.stdout.lines().find(|line| line.starts_with("E1/module.toml:"));
    let due = due.expect("E1 is due");
    assert!(due.contains("la relecture du module était due le 2027-01-12 — "), "{due}");
    let count = late.stdout.lines().count();
    assert_eq!(late.stderr, format!("maitrise: 0 à corriger, {count} à revoir (15 modules)\n"));
    assert!(!machine.data().exists(), "checking touches nothing");
}

#[tokio::test]
async fn findings_for_a_program_are_one_array() {
    let (machine, own) = contents();
    let manifest = fs::read_to_string(own.join("modules/E1/module.toml")).expect("a manifest");
    let broken = manifest.replacen("\nlevel = ", "\nlevl = ", 1);
    fs::write(own.join("modules/E1/module.toml"), broken).expect("a file");
    let own = own.display().to_string();
    let check = ["content", "check", &own, "--format", "json", "--today", "2027-01-13"];
    let output = machine.run(&check).await;
    assert_eq!(output.status.code(), Some(1));
    let found: Vec<Value> = serde_json::from_str(&output.stdout).expect("one array");
    let dues = found.iter().filter(|finding| finding["severity"] == "due").count();
    assert_eq!((found.len() - dues, dues > 0), (2, true), "{found:?}");
    assert_eq!(output.stderr, format!("maitrise: 2 à corriger, {dues} à revoir (1 modules)\n"));
    for finding in &found {
        let mut keys: Vec<&String> = finding.as_object().expect("an object").keys().collect();
        keys.sort();
        assert_eq!(keys, ["line", "path", "remedy", "severity", "what"]);
        assert_eq!(finding["path"], format!("{own}/modules/E1/module.toml"));
    }
    let unknown = found.iter().find(|f| f["line"] == 6).expect("the unknown key");
    assert_eq!(unknown["what"], "clé inconnue « levl »");
    assert_eq!(unknown["remedy"], "vouliez-vous écrire « level » ?");
}

#[tokio::test]
async fn bytes_that_are_not_of_the_format_are_told_with_place_and_remedy() {
    let (machine, own) = contents();
    let path = own.join("modules/E1/lessons/05-fiche-memo.md");
    let sound = fs::read_to_string(&path).expect("a lesson");
    let (first, rest) = sound.split_once('\n').expect("lines");
    let bytes = |text: String| text.into_bytes();
    let windows = bytes(sound.replace('\n', "\r\n"));
    let marked = bytes(format!("\u{feff}{sound}"));
    let latin = [first.as_bytes(), b"\n# \xe9t\xe9\n", rest.as_bytes()].concat();
    for (broken, words) in [
        (windows, ":1: fins de ligne Windows (CR LF) : U+000D — enregistrez"),
        (marked, ":1: le fichier commence par une marque d’ordre des octets (BOM) — enregistrez"),
        (latin, ":2: le fichier n’est pas en UTF-8 — enregistrez-le avec l’encodage UTF-8"),
    ] {
        fs::write(&path, broken).expect("a file");
        let said = told(&machine, &own).await;
        let place = format!("{}{words}", path.display());
        assert!(said.lines().any(|line| line.starts_with(&place)), "{place}:\n{said}");
    }
}

#[tokio::test]
async fn what_is_wrong_in_one_folder_does_not_hide_what_is_wrong_in_another() {
    let (machine, own) = contents();
    for code in ["A", "B"] {
        super::life::copy(E1.as_ref(), &own.join("modules").join(code));
    }
    fs::write(own.join("modules/A/lessons/05-FICHE-memo.md"), "x").expect("a file");
    let path = own.join("modules/B/module.toml");
    let manifest = fs::read_to_string(&path).expect("a manifest");
    let asked = "[[prerequisite]]\nmodule = \"C1\"\nkind = \"required\"\n";
    let reversed = manifest.replacen("review_by = 2027-01-12", "review_by = 2026-01-12", 1);
    fs::write(&path, format!("{reversed}\n{asked}")).expect("a file");
    let said = told(&machine, &own).await;
    let modules = own.join("modules").display().to_string();
    for words in [
        "/A: dossier illisible : lessons/05-fiche-memo.md : « lessons/05-fiche-memo.md » et « lessons/05-FICHE-memo.md » ne diffèrent que par la casse",
        "/B/module.toml:1: le dossier s’appelle « B » et le code est « E1 » — donnez au dossier",
        "/E1/module.toml:1: le code « E1 » est déjà celui de B/module.toml — donnez à chaque module",
        ": le prérequis obligatoire « C1 » n’existe pas — corrigez le code",
        ": « review_by » (2026-01-12) n’est pas après « verified_on » (2026-11-22) — donnez",
    ] {
        assert!(said.contains(words), "{words}:\n{said}");
    }
    assert!(said.lines().all(|line| line.starts_with(&modules)), "{said}");
}

#[tokio::test]
async fn modules_that_require_each_other_are_told_as_a_circle() {
    let (machine, own) = contents();
    for (code, other) in [("A1", "B1"), ("B1", "A1")] {
        let folder = own.join("modules").join(code);
        super::life::copy(E1.as_ref(), &folder);
        let manifest = fs::read_to_string(folder.join("module.toml")).expect("a manifest");
        let asked = format!("\n[[prerequisite]]\nmodule = \"{other}\"\nkind = \"required\"\n");
        let text = manifest.replacen("\"E1\"", &format!("\"{code}\""), 1) + &asked;
        fs::write(folder.join("module.toml"), text).expect("a file");
    }
    let said = told(&machine, &own).await;
    let place = own.join("modules/A1/module.toml").display().to_string();
    let words = ":1: prérequis obligatoires en boucle : A1 → B1 → A1 — retirez l’un d’eux";
    assert!(said.starts_with(&format!("{place}{words}")) && said.lines().count() == 1, "{said}");
}

#[tokio::test]
async fn the_register_is_checked_and_copies_are_compared_with_it() {
    let (machine, own) = contents();
    let register = include_str!("../../../content/references.toml");
    let moved =
        register.replacen("32016R0679\"\n", "32016R0679\"\nin_force_from = 2018-05-25\n", 1);
    let twice = format!(
        "{moved}\n[[reference]]{}",
        register.rsplit("[[reference]]").next().unwrap_or_default()
    );
    fs::write(own.join("references.toml"), twice).expect("a file");
    let said = told(&machine, &own).await;
    let (module, shared) = (own.join("modules/E1/module.toml"), own.join("references.toml"));
    let differs = "la référence « rgpd » diffère du registre : in_force_from — lancez";
    let told_of = |path: PathBuf, words: &str| {
        let place = path.display().to_string();
        said.lines().any(|line| line.starts_with(&place) && line.contains(words))
    };
    assert!(told_of(module, differs), "{said}");
    assert!(told_of(shared, "est écrite deux fois — donnez"), "{said}");
    assert_eq!(said.lines().count(), 2, "{said}");
}
