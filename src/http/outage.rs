//! Whether a failure of the database is the engine's, and will pass, or the statement's.
//!
//! The first is 503 with `Retry-After`, the second a fault of ours (500). What is not known to pass
//! is taken for a fault: a client that asks again for ever helps nobody.

use std::borrow::Cow;

use sea_orm::sqlx::Error as Sqlx;
use sea_orm::{DbErr, RuntimeErr};

/// Whether the same request may succeed in a moment: the database could not be reached, was lost on
/// the way, restarts, has no room, or did not give a lock in time.
pub fn is_passing(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        _ => driver(error).is_some_and(passes),
    }
}

/// Whether a text was given that PostgreSQL cannot hold (SQLSTATE 22021 and 22P05): NUL is the only
/// character that is valid in our strings and not in its own.
pub fn is_unstorable(error: &DbErr) -> bool {
    matches!(driver(error).and_then(code).as_deref(), Some("22021" | "22P05"))
}

fn driver(error: &DbErr) -> Option<&Sqlx> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)) => Some(e),
        _ => None,
    }
}

fn code(error: &Sqlx) -> Option<Cow<'_, str>> {
    error.as_database_error().and_then(|e| e.code())
}

fn passes(error: &Sqlx) -> bool {
    match error {
        // Lost on the way; `Protocol`: in the middle of a message. The last two: SQLite's thread
        // ended, or its transaction never began.
        Sqlx::Io(_) | Sqlx::Tls(_) | Sqlx::Protocol(_) => true,
        Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::WorkerCrashed | Sqlx::BeginFailed => true,
        Sqlx::Database(e) => e.code().is_some_and(|code| code_passes(&code)),
        _ => false,
    }
}

/// PostgreSQL says five letters or digits, SQLite a number of at most four.
fn code_passes(code: &str) -> bool {
    match code.parse() {
        Ok(number) if code.len() < 5 => sqlite_passes(number),
        _ => postgres_passes(code),
    }
}

/// Classes 08 (connection), 40 (rolled back: deadlock, serialisation), 53 (no disk, memory or
/// connection left), 57 (cancelled, shutting down, starting), 58 (the system under it); then a
/// session that has become read-only (25006: a standby), one that was silent for too long (25P03),
/// and a lock that did not come (55P03).
fn postgres_passes(code: &str) -> bool {
    const CLASSES: [&str; 5] = ["08", "40", "53", "57", "58"];
    CLASSES.iter().any(|class| code.starts_with(class))
        || matches!(code, "25006" | "25P03" | "55P03")
}

/// Primary result codes: BUSY 5, LOCKED 6, NOMEM 7, READONLY 8, INTERRUPT 9, IOERR 10, FULL 13,
/// CANTOPEN 14, PROTOCOL 15 (the locks of the log). The extended code holds its own in its low byte.
fn sqlite_passes(extended: i32) -> bool {
    matches!(extended & 0xff, 5..=10 | 13..=15)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(error: Sqlx) -> DbErr {
        DbErr::Query(RuntimeErr::SqlxError(error.into()))
    }

    #[test]
    fn what_the_engine_lacks_for_a_moment_passes_and_what_a_statement_did_does_not() {
        for code in [
            "08006", "40001", "40P01", "53100", "53300", "57014", "57P01", "57P03", "58030",
            "25006", "25P03", "55P03",
        ] {
            assert!(code_passes(code), "PostgreSQL {code}");
        }
        // A syntax error, a missing table, a trigger's refusal, a NOT NULL, a corrupted page.
        for code in ["42601", "42P01", "P0001", "23502", "XX001", "22P02", "25P02"] {
            assert!(!code_passes(code), "PostgreSQL {code}");
        }
    }

    #[test]
    fn the_extended_codes_of_sqlite_pass_as_their_primary_ones_do() {
        // BUSY_SNAPSHOT, LOCKED_SHAREDCACHE, READONLY_DBMOVED, IOERR_WRITE, IOERR_FSYNC, FULL,
        // CANTOPEN_FULLPATH, PROTOCOL.
        for code in ["5", "517", "262", "1032", "778", "1034", "13", "782", "15"] {
            assert!(code_passes(code), "SQLite {code}");
        }
        // ERROR, CORRUPT, CONSTRAINT_TRIGGER, CONSTRAINT_NOTNULL, MISMATCH, MISUSE, NOTADB.
        for code in ["1", "11", "1811", "1299", "20", "21", "26", ""] {
            assert!(!code_passes(code), "SQLite {code}");
        }
    }

    #[test]
    fn a_connection_lost_on_the_way_passes_and_an_answer_that_cannot_be_read_does_not() {
        let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        assert!(is_passing(&query(Sqlx::Io(cut()))));
        assert!(is_passing(&DbErr::Exec(RuntimeErr::SqlxError(Sqlx::Io(cut()).into()))));
        assert!(is_passing(&DbErr::Conn(RuntimeErr::Internal("no such socket".to_owned()))));
        assert!(is_passing(&query(Sqlx::PoolTimedOut)));
        assert!(is_passing(&query(Sqlx::WorkerCrashed)));
        assert!(!is_passing(&query(Sqlx::RowNotFound)));
        assert!(!is_passing(&query(Sqlx::ColumnNotFound("name".to_owned()))));
        assert!(!is_passing(&DbErr::RecordNotFound("person".to_owned())));
        assert!(!is_unstorable(&query(Sqlx::PoolTimedOut)));
    }
}
