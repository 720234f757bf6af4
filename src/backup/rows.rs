//! What a database holds, told by itself: tables and their rows, migrations, what it is for.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use sea_orm::{ActiveEnum as _, ConnectionTrait, DbBackend, Statement};

use super::Manifest;
use super::media::{self, Media};
use crate::db::{self, MIGRATIONS};
use crate::instance::InstanceKind;

/// What a database says of itself, all of the same instant when `conn` is a snapshot.
#[derive(Debug)]
pub(super) struct Told {
    /// What it is for.
    pub kind: InstanceKind,
    /// Its migrations, oldest first.
    pub migrations: Vec<String>,
    /// Rows of each table.
    pub rows: BTreeMap<String, i64>,
    /// The media that it names.
    pub media: Media,
}

/// Asks a database what it holds.
///
/// # Errors
/// When it cannot be read, or was never said what it is for.
pub(super) async fn told(conn: &impl ConnectionTrait) -> anyhow::Result<Told> {
    let kind = kind(conn).await?;
    let mut rows = BTreeMap::new();
    for table in db::tables(conn).await? {
        let count = count(conn, &table).await?;
        rows.insert(table, count);
    }
    // A backup is made before an upgrade too, of a schema that knew no media.
    let media = if rows.contains_key("media") { media::named(conn).await? } else { Media::new() };
    Ok(Told { kind, migrations: db::applied(conn).await?, rows, media })
}

/// That a database holds the tables and rows that a manifest counted; the list of migrations is
/// written apart.
///
/// # Errors
/// Naming the first table that differs.
pub(super) async fn expect(conn: &impl ConnectionTrait, manifest: &Manifest) -> anyhow::Result<()> {
    for (table, counted) in manifest.rows.iter().filter(|(table, _)| *table != MIGRATIONS) {
        let found = count(conn, table).await.with_context(|| format!("the table {table}"))?;
        ensure!(found == *counted, "{table} has {found} rows instead of {counted}");
    }
    Ok(())
}

/// What the database is for, asked in words that every released schema understands: a backup is made
/// before an upgrade too.
async fn kind(conn: &impl ConnectionTrait) -> anyhow::Result<InstanceKind> {
    let asked = Statement::from_string(conn.get_database_backend(), "SELECT kind FROM instance");
    let row = conn.query_one_raw(asked).await?;
    let row = row.context("this database was never begun: `maitrise serve` begins it")?;
    let word: String = row.try_get("", "kind")?;
    Ok(InstanceKind::try_from_value(&word)?)
}

async fn count(conn: &impl ConnectionTrait, table: &str) -> anyhow::Result<i64> {
    let backend: DbBackend = conn.get_database_backend();
    let sql = format!("SELECT count(*) AS n FROM \"{}\"", table.replace('"', "\"\""));
    let row = conn.query_one_raw(Statement::from_string(backend, sql)).await?;
    Ok(row.context("no count")?.try_get("", "n")?)
}
