//! Which obligations and rules the planner has to consider, found in one statement.

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::{
    Alias, Asterisk, Condition, Expr, ExprTrait as _, Order, Query, SelectStatement,
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, FromQueryResult as _};
use uuid::Uuid;

use super::model::{Channel, reminder, reminder_rule};
use super::rules::Rule;
use crate::error::Result;
use crate::obligations;
use crate::obligations::model::obligation;
use crate::records;
use crate::records::model::{FactKind, fact};

/// Pairs (obligation, rule) considered at a time.
pub(super) const BATCH: u64 = 200;

/// Reminders have one occurrence so far; the ledger's key leaves room for repeating ones.
pub(super) const ONCE: i32 = 1;

/// How far back a planner that was away looks for what it missed.
const MEMORY: Duration = Duration::days(31);

/// Obligations still owed and the rules that may be due for them and are not in the ledger. Wider by
/// a few hours than what is due, because SQL does not reckon in the obligation's zone; [`super::rules::decide`] does.
pub(super) async fn candidates(
    conn: &impl ConnectionTrait,
    rules: &[Rule],
    after: Option<(Uuid, Uuid)>,
    now: DateTime<Utc>,
) -> Result<Vec<(obligation::Model, Rule)>> {
    let id = || Expr::col((obligation::Entity, obligation::Column::Id));
    let rule_id = || Expr::col((reminder_rule::Entity, reminder_rule::Column::Id));
    let mut ripe = Condition::any();
    for rule in rules {
        ripe = ripe.add(may_be_due(*rule, now).add(rule_id().eq(rule.id)));
    }
    let beyond = after.map(|(o, r)| {
        Condition::any().add(id().gt(o)).add(Condition::all().add(id().eq(o)).add(rule_id().gt(r)))
    });
    let query = Query::select()
        .column((obligation::Entity, Asterisk))
        .expr_as(rule_id(), Alias::new("rule_id"))
        .from(obligation::Entity)
        .inner_join(reminder_rule::Entity, ripe)
        .and_where(Expr::exists(in_ledger()).not())
        .and_where(Expr::exists(over()).not())
        .and_where(Expr::exists(obligations::is_renewed()).not())
        .and_where(Expr::exists(obligations::is_moot()).not())
        .cond_where(Condition::all().add_option(beyond))
        .order_by((obligation::Entity, obligation::Column::Id), Order::Asc)
        .order_by((reminder_rule::Entity, reminder_rule::Column::Id), Order::Asc)
        .limit(BATCH)
        .to_owned();
    let mut pairs = Vec::new();
    for row in conn.query_all(&query).await? {
        let rule_id: Uuid = row.try_get("", "rule_id")?;
        let owed = obligation::Model::from_query_result(&row, "")?;
        if let Some(rule) = rules.iter().find(|rule| rule.id == rule_id) {
            pairs.push((owed, *rule));
        }
    }
    Ok(pairs)
}

/// The obligations for which a rule may be due, by their deadline: a rule speaks at 08:00 of its day,
/// 16 hours before that day's end (two hours of slack for changes of clock), or as soon as the
/// obligation is opened on that day.
fn may_be_due(rule: Rule, now: DateTime<Utc>) -> Condition {
    use obligation::Column::{DueAt, OpenedAt};
    let shifted = now - Duration::days(i64::from(rule.offset_days));
    let fresh = Condition::all()
        .add(DueAt.lte(shifted + Duration::hours(26)))
        .add(OpenedAt.gte(now - Duration::hours(10)));
    Condition::all()
        .add(DueAt.gte(shifted - MEMORY))
        .add(Condition::any().add(DueAt.lte(shifted + Duration::hours(18))).add(fresh))
}

/// A ledger row for the pair at hand.
fn in_ledger() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(reminder::Entity)
        .and_where(
            Expr::col((reminder::Entity, reminder::Column::ObligationId))
                .equals((obligation::Entity, obligation::Column::Id)),
        )
        .and_where(
            Expr::col((reminder::Entity, reminder::Column::RuleId))
                .equals((reminder_rule::Entity, reminder_rule::Column::Id)),
        )
        .and_where(reminder::Column::Occurrence.eq(ONCE))
        .and_where(reminder::Column::Channel.eq(Channel::Mail))
        .to_owned()
}

/// A completion or withdrawal, not superseded, of the enrolment at hand.
fn over() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(fact::Entity)
        .and_where(
            Expr::col((fact::Entity, fact::Column::EnrolmentId))
                .equals((obligation::Entity, obligation::Column::EnrolmentId)),
        )
        .and_where(fact::Column::Kind.is_in([
            FactKind::Completed,
            FactKind::Recognised,
            FactKind::Withdrawn,
        ]))
        .and_where(records::read::standing(None))
        .to_owned()
}
