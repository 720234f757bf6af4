//! What is kept in memory.

use std::sync::Arc;

use super::kit::{self, code};
use crate::catalogue::model::ChangeKind;
use crate::catalogue::{Shelf, find, shelf, version};
use crate::content;
use crate::db::Db;
use crate::error::Reason;
use crate::testing;

async fn publish(db: &Db, text: &str) {
    let tx = db.begin_write().await.expect("tx");
    let folders = [("T1".to_owned(), kit::tree("T1", text))];
    kit::imported(&tx, &folders, ChangeKind::Editorial).await;
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn a_publication_is_seen_when_the_revision_moves_and_old_editions_are_kept() {
    let (_folder, db) = testing::database().await;
    let shelf = Shelf::default();
    let empty = shelf.current(db.read()).await.expect("empty");
    assert_eq!(empty.editions().count(), 0);
    publish(&db, "Avant.").await;
    let first = shelf.refresh_if_moved(db.read()).await.expect("first");
    let edition = first.get(&code("T1")).expect("published").clone();
    assert_eq!(edition.provider.name, "maitrise");
    let page = shelf.page(&edition, "01-essai").await.expect("rendered");
    assert!(page.is_some_and(|html| html.contains("Avant.")));
    assert_eq!(shelf.page(&edition, "99-absent").await.expect("looked for"), None);
    let same = shelf.refresh_if_moved(db.read()).await.expect("same");
    assert!(Arc::ptr_eq(&first, &same), "nothing moved, nothing is read again");
    publish(&db, "Après.").await;
    let second = shelf.refresh_if_moved(db.read()).await.expect("second");
    assert_eq!(second.get(&code("T1")).expect("published").version.number, 2);
    let kept = shelf.edition(db.read(), edition.version.id).await.expect("the pinned version");
    assert!(Arc::ptr_eq(&kept, &edition), "an edition is read once");
    let unknown = shelf.edition(db.read(), crate::clock::new_id()).await;
    assert_eq!(kit::reason(unknown), Some(Reason::NotFound));
}

#[tokio::test]
async fn another_process_sees_a_publication_within_a_second() {
    let (_folder, db) = testing::database().await;
    let shelf = Shelf::default();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let watch = shelf::watch(shelf.clone(), db.clone(), async { stopped.await.unwrap_or(()) });
    let watch = tokio::spawn(watch);
    shelf.current(db.read()).await.expect("empty");
    publish(&db, "Texte.").await;
    let seen = async {
        while find::current_by_code(&shelf, db.read(), &code("T1")).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(3), seen).await.expect("seen in time");
    stop.send(()).expect("it still watches");
    watch.await.expect("it stops when asked");
}

#[tokio::test]
async fn the_catalogue_goes_on_from_memory_while_the_database_is_away() {
    let (_folder, db) = testing::database().await;
    publish(&db, "Texte.").await;
    let shelf = Shelf::default();
    let known = shelf.current(db.read()).await.expect("published");
    db.clone().close().await.expect("closed");
    // Longer than a snapshot is believed without asking.
    tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
    let told = shelf.current(db.read()).await.expect("told from memory");
    assert!(Arc::ptr_eq(&known, &told));
    assert!(shelf.refresh_if_moved(db.read()).await.is_err(), "the database is away");
    let unknown = Shelf::default().current(db.read()).await;
    assert!(unknown.is_err(), "nothing is known, nothing is invented");
}

#[tokio::test]
async fn a_version_published_before_a_rule_is_served_for_ever() {
    let (_folder, db) = testing::database().await;
    let mut tree = kit::tree("T1", "Texte.");
    // What no rule of today lets in: an unknown key, a summary too long, a review before its time.
    let long = kit::manifest("T1")
        .replace("Un essai.", &"a".repeat(700))
        .replace("review_by = 2027-02-22", "review_by = 2026-11-22\nkey_of_yesterday = 1");
    tree.insert("module.toml", long.into_bytes()).expect("a path");
    assert!(content::read(&tree).is_err());
    let tx = db.begin_write().await.expect("tx");
    let owner = kit::maitrise(&tx).await;
    let origin = crate::catalogue::model::Origin::Files;
    version::add_module(&tx, &code("T1"), owner, origin, kit::now()).await.expect("a module");
    let module = find::by_code(&tx, &code("T1")).await.expect("a module");
    let publication = version::Publication {
        change: ChangeKind::First,
        note: None,
        published_by: None,
        reviewed_by: None,
        renewal_months: None,
    };
    let recalled = content::recall(&tree).expect("recalled");
    let added = version::add(&tx, &module, &tree, &recalled, publication, kit::now()).await;
    let added = added.expect("a version");
    tx.commit().await.expect("commit");
    let shelf = Shelf::default();
    let edition = shelf.edition(db.read(), added.id).await.expect("it is still read");
    assert_eq!(edition.content.manifest.summary.len(), 700);
    let page = shelf.page(&edition, "01-essai").await.expect("rendered");
    assert!(page.is_some_and(|html| html.contains("Texte.")));
    let current = shelf.current(db.read()).await.expect("the catalogue stands");
    assert!(current.get(&code("T1")).is_some());
}
