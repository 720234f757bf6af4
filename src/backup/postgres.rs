//! PostgreSQL: `pg_dump` and `pg_restore` of the server's own version, on one exported snapshot.

use std::path::Path;

use anyhow::Context as _;
use sea_orm::{
    AccessMode, ConnectionTrait, DbBackend, IsolationLevel, Statement, TransactionTrait as _,
};

use super::rows::{self, Told};
use super::tools::Tools;
use super::{Manifest, files, progress};
use crate::db::{Db, MIGRATIONS};

/// What a dump of PostgreSQL is told with.
#[derive(Debug)]
pub(super) struct Dumped {
    /// What it holds.
    pub told: Told,
    /// The server's version.
    pub version: String,
    /// The schema that holds the tables.
    pub namespace: String,
}

/// Dumps the database into a private file; what is told of it is of the very same snapshot.
///
/// # Errors
/// When the programs lack or fail, or the database cannot be read.
pub(super) async fn dump(db: &Db, url: &str, to: &Path) -> anyhow::Result<Dumped> {
    let tools = Tools::find(major(db.read()).await?, url).await?;
    drop(files::private_file(to)?);
    let (isolation, access) = (IsolationLevel::RepeatableRead, AccessMode::ReadOnly);
    let tx = db.read().begin_with_config(Some(isolation), Some(access)).await?;
    // It waits for the dump, which may be long.
    tx.execute_unprepared("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
    let snapshot = text(&tx, "SELECT pg_export_snapshot()").await?;
    let namespace = text(&tx, "SELECT current_schema()::text").await?;
    let name = to.to_str().context("the name of the backup is not UTF-8")?;
    let args = [
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        &format!("--schema=\"{}\"", namespace.replace('"', "\"\"")),
        &format!("--snapshot={snapshot}"),
        &format!("--file={name}"),
    ];
    let dumped = progress::growing("dumping", to, tools.run("pg_dump", &args, "")).await;
    dumped.context("pg_dump")?;
    files::sync(to)?;
    let told = rows::told(&tx).await?;
    let version = text(&tx, "SHOW server_version").await?;
    tx.rollback().await?;
    Ok(Dumped { told, version, namespace })
}

/// Puts a dump into an empty database, in one transaction, but for the list of its migrations:
/// without it no command takes the database for one of ours, until what follows has been settled.
///
/// # Errors
/// When the programs lack or fail; the database is then as empty as before.
pub(super) async fn fill(
    db: &Db,
    url: &str,
    dump: &Path,
    manifest: &Manifest,
) -> anyhow::Result<()> {
    let tools = Tools::find(major(db.read()).await?, url).await?;
    let name = dump.to_str().context("the name of the backup is not UTF-8")?;
    let list = tools.run("pg_restore", &["--list", name], "").await.context("pg_restore")?;
    let withheld = format!(" TABLE DATA {} {MIGRATIONS} ", manifest.namespace);
    let wanted = |line: &&str| !line.contains(" SCHEMA - ") && !line.contains(&withheld);
    let list: String = list.lines().filter(wanted).map(|line| format!("{line}\n")).collect();
    let args = [
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        "--use-list=/dev/stdin",
        &format!("--dbname={}", tools.database()),
        name,
    ];
    let filled = tools.run("pg_restore", &args, &list);
    progress::told("restoring", String::new, filled).await.context("pg_restore")?;
    Ok(())
}

/// The schema in which tables are made.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn namespace(conn: &impl ConnectionTrait) -> anyhow::Result<String> {
    text(conn, "SELECT current_schema()::text").await
}

async fn major(conn: &impl ConnectionTrait) -> anyhow::Result<u32> {
    let number: u32 = text(conn, "SHOW server_version_num").await?.parse()?;
    Ok(number / 10_000)
}

async fn text(conn: &impl ConnectionTrait, sql: &str) -> anyhow::Result<String> {
    let row = conn.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    Ok(row.context("no answer")?.try_get_by_index(0)?)
}
