//! What every refusal must be, and what it must leave alone.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::support::Answer;
use crate::world::World;

/// What only somebody who reads our code, or our database, could say.
const OURS: [&str; 18] = [
    "::",
    ".rs",
    "serde",
    "sea_orm",
    "sqlx",
    "poem",
    "panick",
    "Expected input",
    "occurred while",
    "failed to parse",
    "at line",
    "SELECT ",
    "INSERT ",
    "constraint",
    "sqlite",
    "postgres",
    "RUST_",
    "<script",
];

/// Checks that an answer is a clear problem which leaks nothing; answers its code.
#[track_caller]
pub fn problem(answer: &Answer, what: &str) -> String {
    let code = answer.problem_code();
    let body = answer.json();
    assert!((400..500).contains(&answer.status), "{what}: {} {body}", answer.status);
    assert_eq!(body["status"], answer.status, "{what}: {body}");
    assert_eq!(body["type"], format!("urn:maitrise:problem:{code}"), "{what}");
    assert!(body["title"].as_str().is_some_and(|title| title.len() > 5), "{what}: {body}");
    let id = answer.header("x-request-id").expect("a request id");
    assert_eq!(body["instance"], format!("urn:uuid:{id}"), "{what}");
    let leaked = OURS.iter().find(|word| answer.body.contains(**word));
    assert_eq!(leaked, None, "{what} leaks: {body}");
    code
}

/// Checks that an answer is the problem of that status and code.
#[track_caller]
pub fn refused(answer: &Answer, status: u16, code: &str, what: &str) {
    let found = problem(answer, what);
    assert_eq!((answer.status, found.as_str()), (status, code), "{what}: {}", answer.body);
}

/// The rows of every table.
#[derive(Debug, PartialEq, Eq)]
pub struct Tally(BTreeMap<String, i64>);

impl Tally {
    /// Counts them.
    pub async fn of(world: &World) -> Self {
        let (db, backend) = (world.app.db.read(), world.app.db.backend());
        let tables = match backend {
            DbBackend::Postgres => {
                "SELECT table_name AS t FROM information_schema.tables \
                 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
            }
            _ => "SELECT name AS t FROM sqlite_master WHERE type = 'table'",
        };
        let rows = db.query_all_raw(Statement::from_string(backend, tables)).await;
        let mut counts = BTreeMap::new();
        for row in rows.expect("the tables") {
            let table: String = row.try_get("", "t").expect("a table");
            let count = format!("SELECT COUNT(*) AS n FROM {table}");
            let count = db.query_one_raw(Statement::from_string(backend, count)).await;
            let count = count.expect("a count").expect("a row").try_get("", "n");
            counts.insert(table, count.expect("a number"));
        }
        assert!(counts.len() > 20, "{counts:?}");
        Self(counts)
    }
}

impl World {
    /// Checks that nothing was added or taken away since, and that the server still answers.
    pub async fn is_as_before(&self, before: &Tally) {
        assert_eq!(Tally::of(self).await, *before, "what is refused changes nothing");
        self.api.get("/readyz").await.expect(200);
        self.api.get("/api/v1/modules/E1").await.expect(200);
    }
}
