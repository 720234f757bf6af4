//! The two engines behind one door: pools, how to read, how to begin a write, how to migrate.
//!
//! SQLite has one writer and many read-only readers, so that a misplaced write fails in a test
//! instead of locking in production. PostgreSQL has one pool. Nothing else in the program knows
//! which engine it runs on, but for the few statements that SQL itself words differently.

pub mod checkpoints;
mod pools;

use chrono::{DateTime, Utc};
use migrations::Migrator;
use migrations::sea_orm_migration::MigratorTrait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
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
    /// Giving a code to a module or to a path ("thecodes" in ASCII).
    Codes = 0x7468_6563_6f64_6573,
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

/// The table that lists the migrations applied.
pub const MIGRATIONS: &str = "seaql_migrations";

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
        let (reader, writer) = pools::open(settings).await?;
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

    /// Begins to read what is being filled meanwhile, for long work in batches. PostgreSQL plans each
    /// statement for what the tables hold then: a plan kept from when one was empty reads it whole, again
    /// and again, until statistics are made anew.
    ///
    /// # Errors
    /// When no connection is free in time, or the database cannot be reached.
    pub async fn begin_look(&self) -> Result<DatabaseTransaction, DbErr> {
        let look = self.reader.begin().await?;
        if self.backend() == DbBackend::Postgres {
            look.execute_unprepared("SET LOCAL plan_cache_mode = force_custom_plan").await?;
        }
        Ok(look)
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
            // One transaction for all: whoever waits for the lock, or for a large table, is not hurried.
            let guard = self.writer.begin().await?;
            let unhurried = "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; \
                             SET LOCAL idle_in_transaction_session_timeout = 0";
            guard.execute_unprepared(unhurried).await?;
            lock(&guard, Lock::Migration).await?;
            Migrator::up(&guard, None).await?;
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
        applied(&self.reader).await
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

/// Brings the schema up to date within a transaction, which the caller commits.
///
/// # Errors
/// When a migration fails.
pub async fn migrate_within(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    Migrator::up(tx, None).await
}

/// Writes the list of migrations of a database that has their tables; what is listed stays.
///
/// # Errors
/// When the database fails.
pub async fn list_migrations(
    tx: &DatabaseTransaction,
    names: &[String],
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    for name in names {
        let sql = format!(
            "INSERT INTO {MIGRATIONS} (version, applied_at) VALUES ($1, $2) ON CONFLICT DO NOTHING"
        );
        let values = [name.as_str().into(), at.timestamp().into()];
        let row = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
        tx.execute_raw(row).await?;
    }
    Ok(())
}

/// The tables of a database, those of the engine left out, in the order of their names.
///
/// # Errors
/// When the database cannot be read.
pub async fn tables(conn: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let backend = conn.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.tables \
             WHERE table_schema = current_schema() ORDER BY 1"
        }
        _ => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
             ORDER BY 1"
        }
    };
    let rows = conn.query_all_raw(Statement::from_string(backend, sql)).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}

/// The migrations that a database lists, oldest first; none for an empty one.
///
/// # Errors
/// When the database cannot be read.
pub async fn applied(conn: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    if !tables(conn).await?.iter().any(|table| table == MIGRATIONS) {
        return Ok(Vec::new());
    }
    let names = format!("SELECT version FROM {MIGRATIONS} ORDER BY version");
    let names = Statement::from_string(conn.get_database_backend(), names);
    let rows = conn.query_all_raw(names).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}

/// Every migration of this program, oldest first.
pub fn known_migrations() -> Vec<String> {
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
