//! SQLite: `VACUUM INTO`, a snapshot that neither waits for writers nor stops them, and that leaves
//! behind the free pages in which erased rows may linger.

use std::path::Path;

use anyhow::{Context as _, bail};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement,
};

use super::rows::{self, Told};
use super::{files, progress};
use crate::config;
use crate::db::Db;

/// Copies the database into a private file; answers what the copy holds and the engine's version.
///
/// # Errors
/// When the database cannot be read or the copy not written.
pub(super) async fn dump(db: &Db, to: &Path) -> anyhow::Result<(Told, String)> {
    // Made beforehand, for its owner only: SQLite takes an empty file as it is.
    drop(files::private_file(to)?);
    let name = to.to_str().context("the name of the backup is not UTF-8")?;
    let copy = Statement::from_sql_and_values(
        DbBackend::Sqlite,
        "VACUUM INTO ?",
        [name.to_owned().into()],
    );
    progress::growing("copying", to, db.read().execute_raw(copy))
        .await
        .context("the database cannot be copied")?;
    files::sync(to)?;
    let copy = open(to).await?;
    whole(&copy).await?;
    let told = rows::told(&copy).await?;
    let version = text(&copy, "SELECT sqlite_version()").await?;
    copy.close().await?;
    Ok((told, version))
}

/// A copy that nobody writes.
async fn open(path: &Path) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(config::sqlite_url(path));
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|o| o.read_only(true).immutable(true));
    Ok(Database::connect(options).await?)
}

/// That every page of a file can be read, and every row that is named is there.
///
/// # Errors
/// The first thing that SQLite finds wrong.
pub(super) async fn whole(conn: &impl sea_orm::ConnectionTrait) -> anyhow::Result<()> {
    let verdict = text(conn, "PRAGMA integrity_check(1)").await?;
    if verdict != "ok" {
        bail!("the database file is damaged: {verdict}");
    }
    let orphans = Statement::from_string(DbBackend::Sqlite, "PRAGMA foreign_key_check");
    if let Some(row) = conn.query_one_raw(orphans).await? {
        let table: String = row.try_get("", "table")?;
        bail!("the database file is damaged: a row of {table} names one that is not there");
    }
    Ok(())
}

async fn text(conn: &impl sea_orm::ConnectionTrait, sql: &str) -> anyhow::Result<String> {
    let row = conn.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
    Ok(row.context("no answer")?.try_get_by_index(0)?)
}
