//! Backups that are refused: damaged, interrupted, another's, or into a place that is not empty.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use maitrise::instance::InstanceKind;

use super::refused_data::mark;
use super::{Machine, PATIENCE};
use crate::support::{Engine, Server};

/// A machine whose small database has been backed up and lost.
async fn lost(kind: InstanceKind) -> (Machine, PathBuf) {
    let machine = Machine::with_database();
    machine.make_keys().await;
    mark(&machine, kind).await;
    let backup = machine.backup("small").await;
    machine.lose_database();
    (machine, backup)
}

fn dump(backup: &Path) -> PathBuf {
    backup.join(match Engine::of_this_run() {
        Engine::Sqlite => "database.sqlite3",
        Engine::Postgres => "database.pgdump",
    })
}

fn edit(path: &Path, change: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(path).expect("a text");
    let changed = change(text.clone());
    assert_ne!(text, changed, "the test changes something");
    fs::write(path, changed).expect("written");
}

async fn refused(machine: &Machine, backup: &Path, words: &[&str]) {
    machine.refused_saying(&["restore", &backup.display().to_string()], words).await;
}

#[tokio::test]
async fn a_backup_that_is_damaged_is_refused_and_the_place_stays_empty() {
    let (machine, backup) = lost(InstanceKind::Development).await;
    let manifest = backup.join("manifest.toml");
    let whole = fs::read(dump(&backup)).expect("a dump");
    let said = fs::read_to_string(&manifest).expect("a manifest");

    fs::write(dump(&backup), &whole[..whole.len() - 1]).expect("cut short");
    refused(&machine, &backup, &["bytes instead of", "damaged"]).await;
    let mut altered = whole.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    fs::write(dump(&backup), &altered).expect("altered");
    refused(&machine, &backup, &["not as it was written", "damaged"]).await;
    fs::write(dump(&backup), &whole).expect("mended");

    edit(&backup.join("keys.toml"), |text| text.replace("[[key]]", "[[clé]]"));
    refused(&machine, &backup, &["keys.toml", "damaged"]).await;
    edit(&backup.join("keys.toml"), |text| text.replace("[[clé]]", "[[key]]"));

    edit(&manifest, |text| text.replace("format = 2", "format = 3"));
    refused(&machine, &backup, &["format 3", "the one that made it"]).await;
    fs::write(&manifest, said.replace("\"m0001_instance\"", "\"m9999_future\"")).expect("written");
    refused(&machine, &backup, &["newer version", "m9999_future"]).await;
    let (ours, other) = match Engine::of_this_run() {
        Engine::Sqlite => ("\"sqlite\"", "\"postgres\""),
        Engine::Postgres => ("\"postgres\"", "\"sqlite\""),
    };
    fs::write(&manifest, said.replace(ours, other)).expect("written");
    refused(&machine, &backup, &["the engine that made it"]).await;
    fs::remove_file(&manifest).expect("removed");
    refused(&machine, &backup, &["no backup", "interrupted"]).await;
    fs::write(&manifest, &said).expect("mended");

    assert!(!machine.data().join("maitrise.sqlite3").exists(), "nothing was begun");
    machine.ok(&["restore", &backup.display().to_string()]).await;
}

#[tokio::test]
async fn a_restore_that_does_not_end_is_never_taken_for_a_database() {
    let (machine, backup) = lost(InstanceKind::Development).await;
    // A dump that is not what its manifest counted is found out after it was read in.
    let manifest = backup.join("manifest.toml");
    edit(&manifest, |text| text.replace("\ninstance = 1", "\ninstance = 2"));
    refused(&machine, &backup, &["instance has 1 rows instead of 2"]).await;
    if Engine::of_this_run() == Engine::Postgres {
        for command in ["serve", "migrate"] {
            machine.refused_saying(&[command], &["did not end", "empty it"]).await;
        }
        refused(&machine, &backup, &["tables already", "an empty one"]).await;
        machine.lose_database();
    } else {
        let left = fs::read_dir(machine.data()).expect("a folder").flatten();
        let left: Vec<_> = left.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        assert!(!left.iter().any(|name| name.contains("sqlite3")), "{left:?}");
    }
    edit(&manifest, |text| text.replace("\ninstance = 2", "\ninstance = 1"));
    machine.ok(&["restore", &backup.display().to_string()]).await;
    machine.ok(&["migrate"]).await;
}

#[tokio::test]
async fn nothing_is_overwritten_by_a_backup_or_by_a_restore() {
    let machine = Machine::with_database();
    fs::create_dir_all(machine.backups()).expect("a folder");
    let place = machine.backups().join("first").display().to_string();
    if Engine::of_this_run() == Engine::Sqlite {
        machine.refused_saying(&["backup", &place], &["no database there", "--data-dir"]).await;
    } else {
        machine.refused_saying(&["backup", &place], &["nothing to back up"]).await;
    }
    machine.make_keys().await;
    mark(&machine, InstanceKind::Development).await;
    let backup = machine.backup("first").await;
    let before = fs::read(backup.join("manifest.toml")).expect("a manifest");
    machine.refused_saying(&["backup", &place], &["there already", "nothing is overwritten"]).await;
    assert_eq!(fs::read(backup.join("manifest.toml")).expect("a manifest"), before);
    let nowhere = machine.folder.path().join("nowhere/backup").display().to_string();
    machine.refused_saying(&["backup", &nowhere], &["cannot make a folder", "nowhere"]).await;
    let words = match Engine::of_this_run() {
        Engine::Sqlite => ["there already", "empty place"],
        Engine::Postgres => ["tables already", "an empty one"],
    };
    refused(&machine, &backup, &words).await;
    let left: Vec<_> = fs::read_dir(machine.backups()).expect("a folder").flatten().collect();
    assert_eq!(left.len(), 1, "nothing half-made is left: {left:?}");
}

#[tokio::test]
async fn an_interrupted_backup_is_never_mistaken_for_one() {
    let machine = Machine::peopled().await;
    fs::create_dir_all(machine.backups()).expect("a folder");
    let place = machine.backups().join("night");
    let half = || {
        let mut entries = fs::read_dir(machine.backups()).expect("a folder").flatten();
        entries.find(|e| e.file_name().to_string_lossy().ends_with(".partial")).map(|e| e.path())
    };
    let backup = Server::start(&machine.settings(&["backup", &place.display().to_string()]));
    let began = std::time::Instant::now();
    while half().is_none() {
        assert!(began.elapsed() < PATIENCE, "{}", backup.output());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(backup.kill9().await.code().is_none(), "it was killed before it ended");
    assert!(!place.exists(), "nothing has its name");
    let half = half().expect("what it had begun");
    machine.refused_saying(&["restore", &half.display().to_string()], &["interrupted"]).await;
    machine.backup("night").await;
}

#[tokio::test]
async fn a_demonstration_stays_one_and_a_developers_database_never_becomes_production() {
    let (machine, backup) = lost(InstanceKind::Demo).await;
    machine.ok(&["restore", &backup.display().to_string()]).await;
    machine.refused_saying(&["serve"], &["demonstration, for ever"]).await;

    let (mut other, backup) = lost(InstanceKind::Development).await;
    other.fit_for_production();
    refused(&other, &backup, &["development mode", "never becomes production"]).await;

    // Production is restored as production, and what it still lacks is said after.
    let (mut third, backup) = lost(InstanceKind::Production).await;
    third.fit_for_production();
    third.ok(&["restore", &backup.display().to_string()]).await;
    third.lose_database();
    third.set("HTTP__PUBLIC_URL", "http://formation.example");
    let failing = third.run(&["restore", &backup.display().to_string()]).await;
    assert_eq!(failing.status.code(), Some(1), "{failing:?}");
    assert!(failing.stderr.contains("it was restored, and cannot be served yet"), "{failing:?}");
    machine.lose_database();
}
