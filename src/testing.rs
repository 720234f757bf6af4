//! What tests of several rooms share.

use tempfile::TempDir;

use crate::config;
use crate::db::Db;

/// A fresh, migrated SQLite database in a folder of its own, which lives as long as the guard.
pub(crate) async fn database() -> (TempDir, Db) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let settings = config::load(None, Some(dir.path())).expect("the default settings");
    let db = Db::connect(&settings.database).await.expect("a database");
    db.migrate().await.expect("an up-to-date schema");
    (dir, db)
}
