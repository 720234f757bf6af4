//! What a refusal must leave alone: every row of every table.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::world::World;

/// Rows of a table beyond which they are counted and not read: the reference data.
const MANY: i64 = 5_000;

/// The rows of every table: how many, and what they hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Tally(BTreeMap<String, (i64, Option<String>)>);

impl Tally {
    /// Reads them.
    pub async fn of(world: &World) -> Self {
        let tables = match world.app.db.backend() {
            DbBackend::Postgres => {
                "SELECT table_name AS t FROM information_schema.tables \
                 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
            }
            _ => "SELECT name AS t FROM sqlite_master WHERE type = 'table'",
        };
        let mut rows = BTreeMap::new();
        for table in texts(world, tables).await {
            let count = format!("SELECT CAST(COUNT(*) AS TEXT) AS t FROM {table}");
            let count = texts(world, &count).await[0].parse().expect("a number");
            let content = match count <= MANY {
                true => Some(content(world, &table).await),
                false => None,
            };
            rows.insert(table, (count, content));
        }
        assert!(rows.len() > 20, "{:?}", rows.keys());
        Self(rows)
    }

    /// The tables that differ, and how many rows each has now and had before.
    pub fn differences(&self, before: &Self) -> Vec<String> {
        let changed = self.0.iter().filter(|(table, rows)| before.0.get(*table) != Some(rows));
        let before = |table| before.0.get(table).map_or(0, |(count, _)| *count);
        changed.map(|(table, (now, _))| format!("{table} ({} → {now})", before(table))).collect()
    }

    /// Whether a text stands in some row as it is.
    pub fn holds(&self, text: &str) -> bool {
        self.0.values().filter_map(|(_, content)| content.as_ref()).any(|all| all.contains(text))
    }
}

/// The first column of a statement's rows, named `t`.
async fn texts(world: &World, statement: &str) -> Vec<String> {
    let db = &world.app.db;
    let rows = db.read().query_all_raw(Statement::from_string(db.backend(), statement)).await;
    let text = |row: sea_orm::QueryResult| row.try_get::<Option<String>>("", "t").expect("a text");
    rows.expect(statement).into_iter().map(|row| text(row).unwrap_or_default()).collect()
}

/// Every cell of a table, as one text.
async fn content(world: &World, table: &str) -> String {
    let rows = match world.app.db.backend() {
        DbBackend::Postgres => {
            format!("SELECT string_agg(r::text, E'\\n' ORDER BY r::text) AS t FROM {table} r")
        }
        _ => {
            let columns = format!("SELECT name AS t FROM pragma_table_info('{table}')");
            let cells = texts(world, &columns).await.into_iter();
            let cells = cells.map(|column| format!("quote(\"{column}\")")).collect::<Vec<_>>();
            format!("SELECT group_concat({}, char(10)) AS t FROM {table}", cells.join("||','||"))
        }
    };
    texts(world, &rows).await.concat()
}

impl World {
    /// Checks that nothing has changed since, and that the server still answers.
    pub async fn is_as_before(&self, before: &Tally) {
        let changed = Tally::of(self).await.differences(before);
        assert!(changed.is_empty(), "what is refused changes nothing: {changed:?}");
        self.api.get("/readyz").await.expect(200);
        self.api.get("/api/v1/modules/E1").await.expect(200);
    }
}
