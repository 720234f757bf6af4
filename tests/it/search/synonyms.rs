//! Synonyms of a folder: imported, checked, searched with by every process, kept by an upgrade.

use maitrise::catalogue::{Shelf, synonyms};

use super::{codes, search};
use crate::world::World;

const OWN: &str = "[[group]]\nwords = [\"hypertrucage\", \"zorglub\"]\n";

#[tokio::test]
async fn imported_synonyms_are_in_force_everywhere_at_once() {
    let world = World::new().await;
    assert_eq!(codes(&search(&world, &[("q", "zorglub")]).await), [""; 0]);
    let now = world.app.clock.now();
    let tx = world.app.db.begin_write().await.expect("a transaction");
    assert!(synonyms::keep(&tx, OWN, now).await.expect("kept"));
    assert!(!synonyms::keep(&tx, OWN, now).await.expect("kept"), "the same again change nothing");
    tx.commit().await.expect("a commit");
    world.app.shelf.refresh_if_moved(world.app.db.read()).await.expect("looked");
    let here = codes(&search(&world, &[("q", "zorglub")]).await);
    assert!(here.contains(&"E3".to_owned()), "{here:?}");
    // Another process, which never knew others.
    let shelf = Shelf::default();
    let catalogue = shelf.current(world.app.db.read()).await.expect("a catalogue");
    let filter =
        maitrise::catalogue::search::Filter { q: Some("zorglub".to_owned()), ..Default::default() };
    let found = maitrise::catalogue::search::search(&catalogue, &filter).expect("found");
    let there: Vec<String> = found.hits.iter().map(|hit| hit.edition.code().to_string()).collect();
    assert_eq!(there, here);
}
