//! Importing from files.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};

use super::kit::{self, code};
use crate::accounts::Scope;
use crate::accounts::model::Role;
use crate::catalogue::model::{ChangeKind, blob, module, module_version};
use crate::catalogue::{find, import, revision, store};
use crate::content::{Severity, Shared, blob_digest, check_copies};
use crate::db::Db;
use crate::error::Error;
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
async fn a_module_written_in_the_application_is_never_overwritten() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let provider = kit::maitrise(&tx).await;
    let trainer = kit::someone(&tx, &[Role::Trainer], Scope::Provider(provider)).await;
    kit::written(&tx, &trainer, "T1").await;
    let folders = ["T1", "T2"].map(|code| (code.to_owned(), kit::tree(code, "Texte.")));
    let report = kit::imported(&tx, &folders, CHANGE).await;
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].path, "T1/module.toml");
    assert_eq!(module_version::Entity::find().count(&tx).await.expect("count"), 0);
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
