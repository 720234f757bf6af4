//! What unit tests stand on: a fresh, migrated database of the engine under test.

use tempfile::TempDir;

use crate::config::DatabaseSettings;
use crate::config::sqlite_url;
use crate::db::Db;

/// A fresh database: an SQLite file in the folder returned with it, or, when
/// `MAITRISE_TEST_ENGINE=postgres`, a new database beside the one that `MAITRISE_TEST_PG_URL` names.
#[expect(
    clippy::disallowed_methods,
    reason = "the runner says through the environment which engine"
)]
pub(crate) async fn database() -> (TempDir, Db) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let postgres = std::env::var("MAITRISE_TEST_ENGINE").is_ok_and(|engine| engine == "postgres");
    let url = if postgres {
        let admin =
            std::env::var("MAITRISE_TEST_PG_URL").expect("MAITRISE_TEST_PG_URL must be set");
        new_postgres(&admin).await
    } else {
        sqlite_url(&folder.path().join("test.sqlite3"))
    };
    let db = Db::connect(&settings(url)).await.expect("the test database");
    db.migrate().await.expect("the migrations");
    (folder, db)
}

fn settings(url: String) -> DatabaseSettings {
    DatabaseSettings {
        url,
        url_file: String::new(),
        max_connections: 4,
        acquire_timeout_seconds: 30,
    }
}

async fn new_postgres(admin: &str) -> String {
    use sea_orm::ConnectionTrait as _;
    let name = format!("test_{}", crate::clock::new_id().simple());
    let db = Db::connect(&settings(admin.to_owned())).await.expect("the PostgreSQL server");
    let create = format!("CREATE DATABASE {name}");
    db.read().execute_unprepared(&create).await.expect("a new database");
    db.close().await.expect("the connection closes");
    let (address, options) = admin.split_once('?').unwrap_or((admin, ""));
    let (server, _) = address.rsplit_once('/').expect("an address that names a database");
    format!("{server}/{name}?{options}")
}
