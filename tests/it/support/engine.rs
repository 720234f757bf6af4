//! Which of the two engines this run of the suite is about.
//!
//! The suite is run once per engine (`tests/run`) rather than twice in one process: a test then
//! reads the same on both, and a failure names its engine by the section it is printed in.

/// The variable that chooses the engine of a run.
const VARIABLE: &str = "MAITRISE_TEST_ENGINE";

/// A database engine that the program supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The default: one file, no server.
    Sqlite,
    /// A temporary server, see [`Cluster`](super::Cluster).
    Postgres,
}

impl Engine {
    /// The engine named by `MAITRISE_TEST_ENGINE`; SQLite when it is unset.
    ///
    /// Panics on any other value: a misspelt engine must not pass as the default one.
    pub fn of_this_run() -> Self {
        match std::env::var(VARIABLE) {
            Ok(name) => Self::named(&name),
            Err(std::env::VarError::NotPresent) => Self::Sqlite,
            Err(error) => panic!("{VARIABLE} cannot be read: {error}"),
        }
    }

    /// The engine of that name, `sqlite` or `postgres`; panics on any other.
    pub fn named(name: &str) -> Self {
        match name {
            "sqlite" => Self::Sqlite,
            "postgres" => Self::Postgres,
            other => panic!("{VARIABLE} is {other:?}; it may be `sqlite` or `postgres`"),
        }
    }
}
