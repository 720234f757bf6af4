//! What an order would do, without doing it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::plan::{Act, Order, plan};
use super::rows::Named;
use crate::error::Result;
use crate::jobs::queue::PART;

/// Rows shown that would neither enrol nor invite anybody.
const SHOWN: usize = 50;

/// What an order would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// How many rows would have each outcome.
    pub outcomes: BTreeMap<&'static str, i64>,
    /// The first rows for which nothing would be done: number, outcome, what is particular to it.
    pub idle: Vec<(i32, &'static str, Option<String>)>,
}

/// What an order would do now.
///
/// # Errors
/// When the database fails.
pub async fn preview(
    conn: &impl ConnectionTrait,
    order: &Order,
    rows: Vec<Named>,
    now: DateTime<Utc>,
) -> Result<Preview> {
    let rows: Vec<(i32, Named)> = (1..).zip(rows).collect();
    let (mut seen, mut preview) = (HashMap::new(), Preview::default());
    for some in rows.chunks(PART) {
        for row in plan(conn, order, some, &mut seen, now).await? {
            let outcome = row.act.outcome();
            *preview.outcomes.entry(outcome).or_default() += 1;
            if let Act::Nothing(outcome, detail, _) = row.act
                && preview.idle.len() < SHOWN
            {
                preview.idle.push((row.number, outcome, detail));
            }
        }
    }
    Ok(preview)
}
