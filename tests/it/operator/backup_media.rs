//! Media in backups: saved with what names them, put back before it, and missed when one is missing.

use std::fs;
use std::path::PathBuf;

use maitrise::content::blob_digest;

use super::Machine;
use super::life::copy;
use crate::deeds::picture;

/// Where a digest has its file, in the store as in a backup.
fn place(folder: PathBuf, digest: &str) -> PathBuf {
    folder.join(&digest[..2]).join(&digest[2..])
}

/// A machine that has imported a module with a picture; answers the folder it came from too.
pub(super) async fn illustrated() -> (Machine, PathBuf) {
    let machine = Machine::with_database();
    machine.make_keys().await;
    let own = machine.folder.path().join("ours");
    copy(
        concat!(env!("CARGO_MANIFEST_DIR"), "/content/modules/E1").as_ref(),
        &own.join("modules/E1"),
    );
    fs::create_dir_all(own.join("modules/E1/media")).expect("a folder");
    fs::write(own.join("modules/E1/media/carre.png"), picture().1).expect("a picture");
    let lesson = own.join("modules/E1/lessons/05-fiche-memo.md");
    let shown =
        fs::read_to_string(&lesson).expect("a lesson") + "\n![Un carré](../media/carre.png)\n";
    fs::write(lesson, shown).expect("written");
    machine.ok(&["content", "import", &own.display().to_string()]).await;
    (machine, own)
}

#[tokio::test]
async fn the_media_of_an_imported_module_are_backed_up_and_restored() {
    let (machine, _own) = illustrated().await;
    let (digest, bytes) = picture();
    let kept = place(machine.data().join("media"), &digest);
    assert_eq!(fs::read(&kept).expect("kept"), bytes);
    let backup = machine.backup("illustrated").await;
    let saved = place(backup.join("media"), &digest);
    assert_eq!(fs::read(&saved).expect("saved"), bytes);
    machine.lose_database();
    fs::remove_dir_all(machine.data().join("media")).expect("lost too");

    let restore = ["restore", &backup.display().to_string()];
    fs::write(&saved, &bytes[..bytes.len() - 1]).expect("cut");
    machine.refused_saying(&restore, &[&digest[2..], "damaged"]).await;
    fs::remove_file(&saved).expect("removed");
    machine.refused_saying(&restore, &["cannot read", &digest[2..]]).await;
    assert!(!machine.data().join("maitrise.sqlite3").exists(), "nothing was begun");
    fs::write(&saved, &bytes).expect("mended");
    let manifest = backup.join("manifest.toml");
    let told = fs::read_to_string(&manifest).expect("a manifest");
    let line = format!("{digest} = {}\n", bytes.len());
    fs::write(&manifest, told.replace(&line, "")).expect("written");
    machine.refused_saying(&restore, &["names the medium", &digest]).await;
    if machine.lost_again() {
        machine.lose_database();
    }
    fs::write(&manifest, told).expect("mended");
    machine.ok(&restore).await;
    assert_eq!(fs::read(&kept).expect("back"), bytes);
}

#[tokio::test]
async fn a_medium_that_is_damaged_or_gone_is_named_and_no_backup_is_made() {
    let (machine, _own) = illustrated().await;
    let (digest, bytes) = picture();
    let kept = place(machine.data().join("media"), &digest);
    fs::create_dir_all(machine.backups()).expect("a folder");
    let to = machine.backups().join("refused");
    let backup = ["backup", &to.display().to_string()];
    fs::write(&kept, [&bytes[1..], b"x"].concat()).expect("altered");
    machine.refused_saying(&backup, &[&digest, "damaged"]).await;
    fs::remove_file(&kept).expect("gone");
    machine.refused_saying(&backup, &[&digest]).await;
    assert!(!to.exists());
}

#[tokio::test]
async fn files_of_an_adopted_module_are_a_conflict_only_when_they_differ() {
    let (machine, own) = illustrated().await;
    let folder = own.display().to_string();
    machine.told("UPDATE module SET origin = 'api'").await;
    let same = machine.ok(&["content", "import", &folder]).await;
    assert!(same.contains("0 publiés, 1 inchangés"), "{same}");

    let new = own.join("modules/A1");
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/content/modules/A1").as_ref(), &new);
    let other = [b"\x89PNG\r\n\x1a\n".as_slice(), b"another"].concat();
    fs::write(own.join("modules/E1/media/carre.png"), &other).expect("written");
    let said = machine.run(&["content", "import", &folder]).await;
    assert_eq!(said.status.code(), Some(1), "{said:?}");
    assert!(said.stdout.contains("E1 : conflit"), "{said:?}");
    assert!(said.stdout.contains("A1 : version 1 publiée"), "{said:?}");
    let told = machine.asked("SELECT CAST(count(*) AS TEXT) FROM module_version").await;
    assert_eq!(told, "2", "E1 as it was, and A1");
    let named = machine.asked("SELECT digest FROM media").await;
    assert_ne!(named, blob_digest(&other).to_string(), "nothing names what was left alone");
}
