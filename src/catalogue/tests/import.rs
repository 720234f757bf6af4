//! Importing from files.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};

use super::kit::{self, code};
use crate::accounts::Scope;
use crate::accounts::model::Role;
use crate::catalogue::model::{ChangeKind, blob, module, module_version};
use crate::catalogue::shown::{Shown, shown};
use crate::catalogue::sources::{Source, keep_media};
use crate::catalogue::{adopt, find, import, revision, store};
use crate::content::{Media, Severity, Shared, blob_digest, check_copies};
use crate::db::Db;
use crate::error::Error;
use crate::media::MediaStore;
use crate::testing;

const CHANGE: ChangeKind = ChangeKind::Editorial;

#[tokio::test]
async fn the_embedded_modules_are_sound_and_importing_them_twice_changes_nothing() {
    let (_folder, db) = testing::database().await;
    let folders = import::embedded().expect("embedded");
    assert!(!folders.is_empty());
    let tx = db.begin_write().await.expect("tx");
    let first = kit::imported(&tx, &folders, CHANGE).await;
    assert_eq!(first.findings, Vec::new());
    assert_eq!(first.published.len(), folders.len());
    let second = kit::imported(&tx, &folders, CHANGE).await;
    assert_eq!((second.published.len(), second.unchanged.len()), (0, folders.len()));
    let moved = i64::try_from(folders.len()).expect("few");
    assert_eq!(revision::current(&tx).await.expect("revision"), moved);
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn changed_files_become_a_new_version_and_the_old_one_stays_byte_for_byte() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let (one, two) = (kit::tree("T1", "Avant."), kit::tree("T1", "Après."));
    for tree in [&one, &two] {
        let folders = [("T1".to_owned(), tree.clone())];
        let report = kit::imported(&tx, &folders, ChangeKind::Legal).await;
        assert_eq!(report.findings, Vec::new());
    }
    let module = find::by_code(&tx, &code("T1")).await.expect("module");
    let versions = find::versions(&tx, module.id, 10, None).await.expect("versions");
    let kinds: Vec<_> = versions.iter().map(|v| (v.number, v.change_kind)).collect();
    assert_eq!(kinds, [(2, ChangeKind::Legal), (1, ChangeKind::First)]);
    assert_eq!(store::load_tree(&tx, versions[1].id).await.expect("tree"), one);
    assert_eq!(store::load_tree(&tx, versions[0].id).await.expect("tree"), two);
}

#[tokio::test]
async fn a_broken_question_is_reported_with_its_line_and_nothing_is_imported() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let mut broken = kit::tree("T2", "Texte.");
    let quiz = kit::quiz().replace("correct = true", "correct = \"oui\"");
    broken.insert("quiz/01-quiz.toml", quiz.into_bytes()).expect("a path");
    let folders = [("T1".to_owned(), kit::tree("T1", "Texte.")), ("T2".to_owned(), broken)];
    let report = kit::imported(&tx, &folders, CHANGE).await;
    assert!(report.findings.iter().any(|f| f.path == "T2/quiz/01-quiz.toml" && f.line.is_some()));
    assert!(report.published.is_empty());
    assert_eq!(module::Entity::find().count(&tx).await.expect("count"), 0);
}

#[tokio::test]
async fn a_module_written_in_the_application_is_a_conflict_and_the_others_are_imported() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let provider = kit::maitrise(&tx).await;
    let trainer = kit::someone(&tx, &[Role::Trainer], Scope::Provider(provider)).await;
    kit::written(&tx, &trainer, "T1").await;
    let folders = ["T1", "T2"].map(|code| (code.to_owned(), kit::tree(code, "Texte.")));
    let report = kit::imported(&tx, &folders, CHANGE).await;
    assert_eq!(report.findings, Vec::new());
    assert_eq!(report.conflicts, [code("T1")]);
    assert_eq!(report.published, [(code("T2"), 1)]);
    assert_eq!(module_version::Entity::find().count(&tx).await.expect("count"), 1);
}

#[tokio::test]
async fn files_that_are_any_published_version_are_unchanged_adopted_or_not() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let folders =
        |text: &str| ["T1", "T2"].map(|code| (code.to_owned(), kit::tree(code, text))).to_vec();
    for text in ["Avant.", "Après."] {
        assert_eq!(kit::imported(&tx, &folders(text), CHANGE).await.published.len(), 2);
    }
    let provider = kit::maitrise(&tx).await;
    let publisher = kit::someone(&tx, &[Role::Publisher], Scope::Provider(provider)).await;
    adopt::adopt(&tx, &publisher, &code("T1"), kit::now()).await.expect("adopted");
    for text in ["Avant.", "Après."] {
        let report = kit::imported(&tx, &folders(text), CHANGE).await;
        let unchanged = vec![code("T1"), code("T2")];
        assert_eq!(report, import::Report { unchanged, ..import::Report::default() }, "{text}");
    }
    let report = kit::imported(&tx, &folders("Ailleurs."), CHANGE).await;
    assert_eq!((report.conflicts, report.published), (vec![code("T1")], vec![(code("T2"), 3)]));
}

#[tokio::test]
async fn media_are_kept_before_the_import_and_named_by_the_version() {
    let (folder, db) = testing::database().await;
    let dir = folder.path().join("modules");
    let png = b"\x89PNG\r\n\x1a\n".as_slice();
    for (path, text) in kit::files("T1", "![Un carré](../media/carre.png)") {
        kit::write(&dir.join("T1").join(path), text.as_bytes());
    }
    let picture = dir.join("T1/media/carre.png");
    kit::write(&picture, png);
    let (folders, unreadable) = import::directory(&dir).expect("read");
    assert_eq!(unreadable, []);
    let sound = import::check(folders, kit::now().date_naive()).expect("sound");
    let (store, source) = (MediaStore::in_memory(), Source::Directory(dir));
    for _ in 0..2 {
        keep_media(&store, &source, &sound).await.expect("kept");
    }
    let tx = db.begin_write().await.expect("tx");
    let report = import::import(&tx, &sound, CHANGE, kit::now()).await.expect("an import");
    assert_eq!(report.published, [(code("T1"), 1)]);
    let module = find::by_code(&tx, &code("T1")).await.expect("module");
    let version = find::latest(&tx, module.id).await.expect("latest").expect("a version");
    let tree = store::load_tree(&tx, version.id).await.expect("the tree published");
    assert_eq!(tree.media("media/carre.png"), Some(&Media::of(png)));
    let blobs = blob::Entity::find().all(&tx).await.expect("blobs");
    assert!(blobs.iter().all(|blob| blob.bytes != png), "media are kept out of the database");
    let found = shown(&tx, &Media::of(png).digest).await.expect("public");
    assert_eq!(found, Shown::Media(Media::of(png), "carre.png".to_owned()));

    kit::write(&picture, b"\x89PNG\r\n\x1a\nanother");
    let changed = keep_media(&MediaStore::in_memory(), &source, &sound).await.expect_err("moved");
    assert!(format!("{changed:#}").contains("T1/media/carre.png"), "{changed:#}");
}

#[tokio::test]
async fn an_unknown_provider_that_is_not_local_is_a_finding() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let mut tree = kit::tree("T1", "Texte.");
    let manifest = kit::manifest("T1").replace("local:maitrise", "dep:999");
    tree.insert("module.toml", manifest.into_bytes()).expect("a path");
    let folders = [("T1".to_owned(), tree)];
    let report = kit::imported(&tx, &folders, CHANGE).await;
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
}

#[tokio::test]
async fn bytes_that_are_not_those_published_are_an_internal_error() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let tree = kit::tree("T1", "Texte.");
    let bytes = tree.get("lessons/01-essai.md").expect("a lesson");
    blob::ActiveModel {
        digest: Set(blob_digest(bytes).to_string()),
        bytes: Set(b"something else".to_vec()),
    }
    .insert(&tx)
    .await
    .expect("a forged blob");
    let folders = [("T1".to_owned(), tree.clone())];
    kit::imported(&tx, &folders, CHANGE).await;
    let module = find::by_code(&tx, &code("T1")).await.expect("module");
    let version = find::latest(&tx, module.id).await.expect("latest").expect("a version");
    let loaded = store::load_tree(&tx, version.id).await;
    assert!(matches!(loaded, Err(Error::Internal(_))));
}

async fn import_alone(db: Db) -> usize {
    let folders = ["T1", "T2"].map(|code| (code.to_owned(), kit::tree(code, "Texte.")));
    let tx = db.begin_write().await.expect("tx");
    let report = kit::imported(&tx, &folders, CHANGE).await;
    tx.commit().await.expect("commit");
    report.published.len()
}

#[tokio::test]
async fn two_processes_importing_at_once_publish_once() {
    let (_folder, db) = testing::database().await;
    let (one, two) = tokio::join!(
        tokio::spawn(import_alone(db.clone())),
        tokio::spawn(import_alone(db.clone())),
    );
    assert_eq!(one.expect("no panic") + two.expect("no panic"), 2);
    assert_eq!(module_version::Entity::find().count(db.read()).await.expect("count"), 2);
}

#[tokio::test]
async fn what_is_due_is_told_and_does_not_stop_an_import() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let folders = vec![("T1".to_owned(), kit::tree("T1", "Texte."))];
    let late = NaiveDate::from_ymd_opt(2027, 2, 23).expect("a date");
    let checked = import::check(folders, late).expect("no error");
    let [due] = checked.dues() else { panic!("one thing is due: {:?}", checked.dues()) };
    assert_eq!((due.path.as_str(), due.severity), ("T1/module.toml", Severity::Due));
    let report = import::import(&tx, &checked, CHANGE, kit::now()).await.expect("an import");
    assert_eq!(report.published.len(), 1);
}

#[test]
fn the_embedded_register_and_glossary_are_sound_and_copied_faithfully() {
    let shared = import::embedded_shared();
    assert!(shared.register.is_some() && shared.glossary.is_some());
    let (shared, findings) = Shared::read(&shared, kit::now().date_naive());
    assert_eq!(findings, Vec::new());
    let folders = import::embedded().expect("embedded");
    assert_eq!(check_copies(&shared, &folders), Vec::new());
}
