//! The two engines behind one door: pools, how to read, how to begin a write, how to migrate.
//!
//! SQLite has one writer and many read-only readers, so that a misplaced write fails in a test
//! instead of locking in production. PostgreSQL has one pool. Nothing else in the program knows
//! which engine it runs on, but for the few statements that SQL itself words differently.

use std::time::Duration;

use migrations::Migrator;
use migrations::sea_orm_migration::MigratorTrait;
use sea_orm::sqlx::sqlite::SqliteSynchronous;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::config::DatabaseSettings;

/// Values that one statement may bind: under SQLite's 32,766 and PostgreSQL's 65,535, with room for a
/// few more.
pub const MOST_BOUND: usize = 30_000;

/// What only one process does at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Lock {
    /// Bringing the schema up to date ("maitrise" in ASCII).
    Migration = 0x6d61_6974_7269_7365,
    /// Loading the reference data ("territor" in ASCII).
    Import = 0x7465_7272_6974_6f72,
}

/// Waits for a lock, held until the transaction ends. SQLite has one writer, which is lock enough.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &DatabaseTransaction, what: Lock) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let taken = format!("SELECT pg_advisory_xact_lock({})", what as i64);
        tx.execute_raw(Statement::from_string(DbBackend::Postgres, taken)).await?;
    }
    Ok(())
}

/// The database of one process.
#[derive(Clone, Debug)]
pub struct Db {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
}

impl Db {
    /// Connects to the database named by the settings, creating an SQLite file that does not exist.
    ///
    /// # Errors
    /// When the address cannot be understood or nothing answers there.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Db, DbErr> {
        let url = settings.url.as_str();
        let timeout = Duration::from_secs(settings.acquire_timeout_seconds);
        let options = |connections: u32| {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(connections)
                .acquire_timeout(timeout)
                .connect_timeout(timeout)
                .sqlx_logging(false);
            options
        };
        if !url.starts_with("sqlite:") {
            let pool = Database::connect(options(settings.max_connections)).await?;
            return Ok(Db { reader: pool.clone(), writer: pool });
        }
        // The writer comes first: it creates the file and sets the journal mode that readers need.
        let mut writing = options(1);
        writing.map_sqlx_sqlite_opts(|o| {
            o.create_if_missing(true)
                .journal_mode(sea_orm::sqlx::sqlite::SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(10))
                .foreign_keys(true)
        });
        let writer = Database::connect(writing).await?;
        let mut reading = options(settings.max_connections);
        reading.map_sqlx_sqlite_opts(|o| o.read_only(true).busy_timeout(Duration::from_secs(10)));
        let reader = Database::connect(reading).await?;
        Ok(Db { reader, writer })
    }

    /// No database at all: for describing the program, which asks it nothing.
    pub fn disconnected() -> Db {
        Db { reader: DatabaseConnection::default(), writer: DatabaseConnection::default() }
    }

    /// A connection that only reads, each statement on its own snapshot.
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Begins a transaction that may write; the caller commits. On SQLite it holds the write lock
    /// from the start, so that read-then-write can never fail half-way for want of it.
    ///
    /// # Errors
    /// When no connection is free in time, or the database cannot be reached.
    pub async fn begin_write(&self) -> Result<DatabaseTransaction, DbErr> {
        self.writer
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..Default::default()
            })
            .await
    }

    /// Which engine this is.
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// Brings the schema up to date. Several processes may ask at once: on PostgreSQL they queue
    /// behind an advisory lock held for the whole migration.
    ///
    /// # Errors
    /// When the database comes from a newer version, or a migration fails (it is then rolled back).
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        let newer = self.unknown_migrations().await?;
        if let Some(name) = newer.into_iter().next() {
            return Err(MigrateError::Newer(name));
        }
        if self.backend() == DbBackend::Postgres {
            let guard = self.writer.begin().await?;
            lock(&guard, Lock::Migration).await?;
            Migrator::up(&self.writer, None).await?;
            guard.commit().await?;
        } else {
            Migrator::up(&self.writer, None).await?;
        }
        Ok(())
    }

    /// Migrations that this program has and the database has not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, DbErr> {
        let applied = self.applied_migrations().await?;
        Ok(known_migrations().into_iter().filter(|name| !applied.contains(name)).collect())
    }

    /// Migrations that the database has and this program does not know: it is from a newer version.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unknown_migrations(&self) -> Result<Vec<String>, DbErr> {
        let known = known_migrations();
        let applied = self.applied_migrations().await?;
        Ok(applied.into_iter().filter(|name| !known.contains(name)).collect())
    }

    /// Migrations that the database has, oldest first; none for an empty one. Asked of a reader: a
    /// probe does not queue behind whoever writes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applied_migrations(&self) -> Result<Vec<String>, DbErr> {
        let exists = match self.backend() {
            DbBackend::Postgres => {
                "SELECT 1 FROM information_schema.tables WHERE table_name = 'seaql_migrations' \
                 AND table_schema = current_schema()"
            }
            _ => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
        };
        let exists = Statement::from_string(self.backend(), exists);
        if self.reader.query_one_raw(exists).await?.is_none() {
            return Ok(Vec::new());
        }
        let names = Statement::from_string(
            self.backend(),
            "SELECT version FROM seaql_migrations ORDER BY version",
        );
        let rows = self.reader.query_all_raw(names).await?;
        rows.iter().map(|row| row.try_get("", "version")).collect()
    }

    /// Closes every connection: readers first, then the writer, so that SQLite folds its `-wal` file
    /// back into the database.
    ///
    /// # Errors
    /// When the engine reports a failure on closing.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close().await?;
        self.writer.close().await
    }

    /// Connections of the read and write pools that are in use and open: `(in use, open)`.
    pub fn pool_use(&self) -> (u32, u32) {
        let sizes = match self.backend() {
            DbBackend::Postgres => {
                let pool = self.writer.get_postgres_connection_pool();
                vec![(pool.size(), pool.num_idle())]
            }
            _ => [&self.reader, &self.writer]
                .map(|c| c.get_sqlite_connection_pool())
                .map(|pool| (pool.size(), pool.num_idle()))
                .to_vec(),
        };
        sizes.into_iter().fold((0, 0), |(used, open), (size, idle)| {
            let idle = u32::try_from(idle).unwrap_or(size);
            (used + size.saturating_sub(idle), open + size)
        })
    }
}

fn known_migrations() -> Vec<String> {
    Migrator::migrations().iter().map(|m| m.name().to_owned()).collect()
}

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database holds a migration that this program does not know.
    #[error(
        "the database comes from a newer version of maitrise (it has migration {0}): \
         run that version, or restore a backup made before the upgrade"
    )]
    Newer(String),
    /// The engine refused.
    #[error(transparent)]
    Database(#[from] DbErr),
}
