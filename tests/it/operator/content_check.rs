//! `content check`: every problem at once, for people and for programs, on the real binary.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

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
    for (path, bytes) in [
        ("lessons/05-FICHE-memo.md", vec![b'x']),
        ("lessons/.DS_Store", vec![b'x']),
        ("lessons/06-longue.md", vec![b'a'; (1 << 20) + 1]),
    ] {
        fs::write(own.join("modules/A").join(path), bytes).expect("a file");
    }
    let manifest = own.join("modules/A/module.toml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(&manifest, text.replacen("\"E1\"", "\"A\"", 1) + "\nlevl = 1\n").expect("a file");
    symlink("/etc/passwd", own.join("modules/A/passwd")).expect("a link");
    symlink(own.join("modules/E1"), own.join("modules/C")).expect("a link");
    let path = own.join("modules/B/module.toml");
    let manifest = fs::read_to_string(&path).expect("a manifest");
    let asked = "[[prerequisite]]\nmodule = \"C1\"\nkind = \"required\"\n";
    let reversed = manifest.replacen("review_by = 2027-01-12", "review_by = 2026-01-12", 1);
    fs::write(&path, format!("{reversed}\n{asked}")).expect("a file");
    let said = told(&machine, &own).await;
    let modules = own.join("modules").display().to_string();
    for words in [
        "/A/lessons/05-fiche-memo.md: « lessons/05-fiche-memo.md » et « lessons/05-FICHE-memo.md » ne diffèrent que par la casse",
        "/A/lessons/.DS_Store: fichier ou dossier caché : un module n’en contient pas — retirez-le",
        "/A/lessons/06-longue.md: fichier de plus de 1 Mio — coupez-le en plusieurs",
        "/A/passwd: lien symbolique — mettez à sa place",
        ": clé inconnue « levl »",
        "/C: lien symbolique — mettez à sa place",
        "/B/module.toml:1: le dossier s’appelle « B » et le code est « E1 » — donnez au dossier",
        "/E1/module.toml:1: le code « E1 » est déjà celui de B/module.toml — donnez à chaque module",
        ": le prérequis obligatoire « C1 » n’existe pas — corrigez le code",
        ": « review_by » (2026-01-12) n’est pas après « verified_on » (2026-11-22) — donnez",
    ] {
        assert!(said.contains(words), "{words}:\n{said}");
    }
    assert!(said.lines().all(|line| line.starts_with(&modules)), "{said}");
    let own = own.display().to_string();
    let refresh = machine.run(&["content", "refresh", &own]).await;
    assert_eq!(refresh.status.code(), Some(1), "{refresh:?}");
    for words in ["/A/passwd: lien symbolique", "/C: lien symbolique", "/06-longue.md: fichier"] {
        assert!(refresh.stdout.contains(words), "{words}:\n{refresh:?}");
    }
}

#[tokio::test]
async fn an_import_refuses_what_cannot_be_read_and_tells_it_all() {
    let machine = Machine::with_database();
    let own = machine.folder.path().join("ours");
    super::life::copy(E1.as_ref(), &own.join("modules/E1"));
    fs::write(own.join("modules/E1/.DS_Store"), "x").expect("a file");
    symlink("/etc/passwd", own.join("modules/E1/passwd")).expect("a link");
    let output = machine.run(&["content", "import", &own.display().to_string()]).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(output.stderr, "maitrise: 2 à corriger\n");
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{output:?}");
    assert!(lines[0].contains("/E1/.DS_Store: ") && lines[1].contains("/E1/passwd: "), "{lines:?}");
}

#[tokio::test]
async fn the_folder_of_one_module_is_told_what_to_give_instead() {
    let (machine, own) = contents();
    let whole = own.canonicalize().expect("a folder").display().to_string();
    for inside in ["modules/E1", "modules"] {
        let given = own.join(inside).display().to_string();
        for command in ["check", "refresh", "paths"] {
            let words = format!("{given}: give the folder that holds modules/ instead: {whole}");
            machine.refused_saying(&["content", command, &given], &[&words]).await;
        }
    }
    let alone = machine.folder.path().join("E1");
    super::life::copy(E1.as_ref(), &alone);
    let check = ["content", "check", &alone.display().to_string()];
    machine
        .refused_saying(&check, &["folder of one module: put it in a folder named modules"])
        .await;
}

#[tokio::test]
async fn a_reader_that_has_had_enough_is_no_panic() {
    let (_machine, own) = contents();
    fs::write(own.join("modules/E1/notes.txt"), "x").expect("a file");
    let own = own.display().to_string();
    for (args, code) in [
        (&["content", "check", &own, "--format", "json"][..], 1),
        (&["content", "check", &own], 1),
        (&["content", "check", TODAY[0], TODAY[1]], 0),
        (&["content", "paths"], 0),
        (&["content", "diff", E1, &format!("{E1}/../A1")], 0),
    ] {
        // The end that reads is closed before anything is written.
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_maitrise"));
        let command = command.args(args).stdout(writer).env("RUST_BACKTRACE", "0");
        let output = command.output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.lines().count() == usize::from(code != 0), "{args:?}: {said}");
        assert!(!said.contains("panicked") && !said.contains("pipe"), "{args:?}: {said}");
    }
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

#[tokio::test]
async fn a_disk_that_is_full_is_told() {
    let full = fs::File::options().write(true).open("/dev/full").expect("a full disk");
    let mut command = Command::new(env!("CARGO_BIN_EXE_maitrise"));
    let output = command.args(["content", "paths"]).stdout(full).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.starts_with("maitrise: No space left"), "{said}");
}
