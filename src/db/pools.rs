//! How each engine is connected to, and what ends there by itself.
//!
//! A pool outlives whatever happens to its database: a connection found broken is replaced when it
//! is next asked for, so that a server never has to be restarted because its database was.

use std::time::Duration;

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};

use crate::config::DatabaseSettings;

/// The longest that a writer waits for a lock that another holds, on either engine.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// How long a connection may wait unused before it is asked whether it still works.
const IDLE: Duration = Duration::from_secs(1);

/// Pages (of 4 KiB) of SQLite's log after which the writer itself folds it, if nobody did: 64 MiB.
const LONGEST_LOG: &str = "16384";

/// What PostgreSQL ends of its own accord, in seconds. A statement lasts no longer than the longest
/// request by far: nobody waits for it any more. A transaction in which nothing is said belongs to a
/// process that is frozen or cut off: its locks must not outlive it.
const LONGEST_STATEMENT: u64 = 60;
const LONGEST_SILENCE: u64 = 60;

/// The reader and the writer of the database named by the settings: one pool twice on PostgreSQL.
pub(super) async fn open(
    settings: &DatabaseSettings,
) -> Result<(DatabaseConnection, DatabaseConnection), DbErr> {
    if !settings.url.starts_with("sqlite:") {
        let pool = Database::connect(postgres(settings)).await?;
        return Ok((pool.clone(), pool));
    }
    // The writer comes first: it creates the file and sets the journal mode that readers need.
    let writer = Database::connect(sqlite_writer(settings)).await?;
    let reader = Database::connect(sqlite_readers(settings)).await?;
    Ok((reader, writer))
}

fn options(settings: &DatabaseSettings, connections: u32) -> ConnectOptions {
    let timeout = Duration::from_secs(settings.acquire_timeout_seconds);
    let mut options = ConnectOptions::new(&settings.url);
    options
        .max_connections(connections)
        .acquire_timeout(timeout)
        .connect_timeout(timeout)
        // A connection that was cut while it was idle is replaced before anyone is given it; asking
        // one that has just been used would cost every statement a round trip more.
        .test_before_acquire_if_idle_for(IDLE)
        .sqlx_logging(false);
    options
}

fn postgres(settings: &DatabaseSettings) -> ConnectOptions {
    let mut options = options(settings, settings.max_connections);
    options.map_sqlx_postgres_opts(|o| {
        o.options([
            ("lock_timeout", format!("{}s", LOCK_WAIT.as_secs())),
            ("statement_timeout", format!("{LONGEST_STATEMENT}s")),
            ("idle_in_transaction_session_timeout", format!("{LONGEST_SILENCE}s")),
        ])
    });
    options
}

fn sqlite_writer(settings: &DatabaseSettings) -> ConnectOptions {
    let mut options = options(settings, 1);
    options.map_sqlx_sqlite_opts(|o| {
        o.create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(LOCK_WAIT)
            .foreign_keys(true)
            .pragma("wal_autocheckpoint", LONGEST_LOG)
    });
    // A disk that is full makes SQLite roll back by itself, of which the driver hears nothing: it
    // would go on counting a transaction that is over, begin the next ones inside it, and tell their
    // callers of commits that are none. Such a connection is closed.
    options.map_sqlx_sqlite_pool_opts(|pool| {
        pool.after_release(|connection, _| {
            Box::pin(async move {
                if connection.is_in_transaction() {
                    // What was ordered of it is done once it answers: a rollback, mostly.
                    connection.ping().await?;
                }
                Ok(!connection.is_in_transaction())
            })
        })
    });
    options
}

/// The connection that folds SQLite's log; none on PostgreSQL.
pub(super) fn checkpointer(settings: &DatabaseSettings) -> Option<ConnectOptions> {
    let mut options = options(settings, 1);
    options.connect_lazy(true).map_sqlx_sqlite_opts(|o| o.busy_timeout(LOCK_WAIT));
    settings.url.starts_with("sqlite:").then_some(options)
}

fn sqlite_readers(settings: &DatabaseSettings) -> ConnectOptions {
    let mut options = options(settings, settings.max_connections);
    options.map_sqlx_sqlite_opts(|o| o.read_only(true).busy_timeout(LOCK_WAIT));
    options
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

    use crate::db::Db;
    use crate::testing;

    async fn write(db: &Db, sql: &str) {
        let tx = db.begin_write().await.expect("a transaction");
        tx.execute_unprepared(sql).await.expect(sql);
        tx.commit().await.expect("a commit");
    }

    /// What is asked, as another connection than the writer's sees it on SQLite.
    async fn ask(db: &Db, sql: &str) -> String {
        let asked = Statement::from_string(db.backend(), sql.to_owned());
        let row = db.read().query_one_raw(asked).await.expect(sql).expect("a row");
        row.try_get_by_index(0).expect("a text")
    }

    #[tokio::test]
    async fn a_transaction_that_the_engine_ended_by_itself_hides_no_later_commit() {
        let (_folder, db) = testing::database().await;
        write(&db, "CREATE TABLE told (word TEXT)").await;
        // As SQLite does for want of room: the driver does not hear of it.
        let ended = db.begin_write().await.expect("a transaction");
        ended.execute_unprepared("ROLLBACK").await.expect("no transaction any more");
        drop(ended);
        let refused = db.begin_write().await.expect("a transaction");
        refused.execute_unprepared("INSERT INTO told VALUES ('refusé')").await.expect("a row");
        refused.rollback().await.expect("rolled back");
        write(&db, "INSERT INTO told VALUES ('reçu')").await;
        assert_eq!(ask(&db, "SELECT word FROM told").await, "reçu");
    }

    #[tokio::test]
    async fn nobody_waits_for_a_lock_for_ever() {
        let (_folder, db) = testing::database().await;
        if db.backend() == DbBackend::Sqlite {
            let asked = Statement::from_string(DbBackend::Sqlite, "PRAGMA busy_timeout");
            let row = db.read().query_one_raw(asked).await.expect("asked").expect("a row");
            assert_eq!(row.try_get_by_index::<i32>(0).expect("milliseconds"), 10_000);
            return;
        }
        for (setting, value) in [
            ("lock_timeout", "10s"),
            ("statement_timeout", "1min"),
            ("idle_in_transaction_session_timeout", "1min"),
        ] {
            assert_eq!(ask(&db, &format!("SHOW {setting}")).await, value, "{setting}");
        }
    }
}
