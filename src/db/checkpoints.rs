//! Folding SQLite's log back into the file, beside the writer.
//!
//! Left alone, SQLite does it in the commit that makes the log long: that learner, and everyone who
//! waits for the writer behind them, waits for a tenth of a second of disk. A connection of its own
//! does the bulk of it and hinders nobody; what was written meanwhile is then folded too, which keeps
//! writers out for a few milliseconds and lets the log begin anew: appending to a file that grows
//! costs each commit several times what writing over it does. The writer folds as a last resort
//! (`pools`).

use std::future::Future;
use std::time::Duration;

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, DbErr, Statement};

use super::pools;
use crate::config::DatabaseSettings;

/// Between two looks at the log.
const PAUSE: Duration = Duration::from_millis(250);

/// Pages (of 4 KiB) of a log that is worth beginning anew: 4 MiB, where SQLite would by itself.
const LONG_ENOUGH: i64 = 1_000;

/// Keeps the log short until `stop` resolves; on PostgreSQL there is nothing to do. A file that fails
/// for a while is tried again.
pub async fn keep(settings: DatabaseSettings, stop: impl Future<Output = ()>) {
    let Some(options) = pools::checkpointer(&settings) else { return stop.await };
    let Ok(connection) = Database::connect(options).await else { return stop.await };
    let keep_short = async {
        loop {
            if let Err(error) = fold(&connection).await {
                tracing::warn!(%error, "the log of the database could not be folded");
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::select! {
        () = keep_short => {}
        () = stop => {}
    }
    // Before the writer: whoever closes last folds what is left.
    let _ = connection.close().await;
}

async fn fold(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let pragma = |how: &str| {
        let text = format!("PRAGMA wal_checkpoint({how})");
        connection.query_one_raw(Statement::from_string(DbBackend::Sqlite, text))
    };
    let pages: i64 = match pragma("PASSIVE").await? {
        Some(row) => row.try_get("", "log")?,
        None => 0,
    };
    if pages > LONG_ENOUGH {
        pragma("RESTART").await?;
    }
    Ok(())
}
