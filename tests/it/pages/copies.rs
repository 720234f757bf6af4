//! A catalogue larger than the one that is shipped: copies of a module under other codes.

use maitrise::app::App;
use maitrise::catalogue::import;
use maitrise::catalogue::model::ChangeKind;
use maitrise::content::Tree;

use crate::world::World;

/// Publishes so many copies of module E1, all alike but for their codes.
pub async fn publish_copies(world: &World, count: usize) {
    let app = &world.app;
    let modules = import::embedded().expect("the modules in the binary");
    let (_, e1) = modules.into_iter().find(|(code, _)| code == "E1").expect("module E1");
    let copies = (0..count).map(|nth| {
        let (code, mut copy) = (format!("COPIE-{nth:03}"), Tree::new());
        for (path, bytes) in e1.iter() {
            let text = String::from_utf8(bytes.to_vec()).expect("a text");
            let text = text.replace("code = \"E1\"", &format!("code = \"{code}\""));
            copy.insert(path, text.into_bytes()).expect("a path");
        }
        (code, copy)
    });
    let now = app.clock.now();
    let checked = import::check(copies.collect(), now.date_naive()).expect("sound copies");
    let tx = app.db.begin_write().await.expect("a transaction");
    let report = import::import(&tx, &checked, ChangeKind::Editorial, now).await.expect("imported");
    assert!(report.published.len() == count, "{report:?}");
    tx.commit().await.expect("committed");
    app.shelf.refresh_if_moved(app.db.read()).await.expect("seen");
}

/// Publishes module A3 under another code, with every question of its bank asked in each attempt: one
/// to put in order, one with several answers, three on one situation.
pub async fn publish_whole(app: &App, code: &str) {
    publish_variant(app, code, "", "").await;
}

/// The same with `more` at the head of its manifest and at the foot of each lesson: told again with
/// another foot, it is the next version, which changes the law.
pub async fn publish_variant(app: &App, code: &str, more: &str, foot: &str) {
    let modules = import::embedded().expect("the modules in the binary");
    let (_, a3) = modules.into_iter().find(|(known, _)| known == "A3").expect("module A3");
    let mut copy = Tree::new();
    for (path, bytes) in a3.iter() {
        let bytes = match path.ends_with(".toml") {
            true => {
                let text = String::from_utf8(bytes.to_vec()).expect("a text");
                let text = text.replace("code = \"A3\"", &format!("code = \"{code}\"\n{more}"));
                let text = text.replace("duration_minutes = 39", "duration_minutes = 46");
                text.replace("draw = 6\n", "").into_bytes()
            }
            false if path.starts_with("lessons/") => [bytes, foot.as_bytes()].concat(),
            false => bytes.to_vec(),
        };
        copy.insert(path, bytes).expect("a path");
    }
    let now = app.clock.now();
    let folders = vec![(code.to_owned(), copy)];
    let checked = import::check(folders, now.date_naive()).expect("a sound copy");
    let tx = app.db.begin_write().await.expect("a transaction");
    let report = import::import(&tx, &checked, ChangeKind::Legal, now).await.expect("imported");
    assert!(report.published.len() == 1, "{report:?}");
    tx.commit().await.expect("committed");
    app.shelf.refresh_if_moved(app.db.read()).await.expect("seen");
}
