//! What the ledger may say of many people at once.

use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait as _};

use super::model::{ReminderOutcome, reminder, reminder_rule};
use crate::error::Result;

/// How many reminders of one rule had one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The rule's code.
    pub rule: String,
    /// What planning decided.
    pub outcome: ReminderOutcome,
    /// Ledger rows; `None` when they stand for fewer persons than secrecy allows to be told.
    pub reminders: Option<i64>,
}

/// The whole ledger by rule and outcome, in that order; a line about fewer than `min_persons` persons
/// keeps its figure to itself.
///
/// # Errors
/// When the database fails.
pub async fn counts(conn: &impl ConnectionTrait, min_persons: i64) -> Result<Vec<Line>> {
    let rule = (reminder_rule::Entity, reminder_rule::Column::Code);
    let outcome = (reminder::Entity, reminder::Column::Outcome);
    let persons = Expr::col((reminder::Entity, reminder::Column::PersonId)).count_distinct();
    let query = Query::select()
        .expr_as(Expr::col(rule), Alias::new("rule"))
        .expr_as(Expr::col(outcome), Alias::new("outcome"))
        .expr_as(Expr::col((reminder::Entity, reminder::Column::Id)).count(), Alias::new("rows"))
        .expr_as(persons, Alias::new("persons"))
        .from(reminder::Entity)
        .inner_join(
            reminder_rule::Entity,
            Expr::col((reminder_rule::Entity, reminder_rule::Column::Id))
                .equals((reminder::Entity, reminder::Column::RuleId)),
        )
        .group_by_columns([rule])
        .group_by_columns([outcome])
        .to_owned();
    let rows = conn.query_all(&query).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let (count, persons): (i64, i64) = (row.try_get("", "rows")?, row.try_get("", "persons")?);
        lines.push(Line {
            rule: row.try_get("", "rule")?,
            outcome: row.try_get("", "outcome")?,
            reminders: (persons >= min_persons).then_some(count),
        });
    }
    lines.sort_by(|a, b| (&a.rule, a.outcome).cmp(&(&b.rule, b.outcome)));
    Ok(lines)
}
