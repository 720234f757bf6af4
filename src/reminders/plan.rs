//! The planner: what is due and not done becomes ledger rows and, where it must be said, mail.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::candidates::{BATCH, ONCE, candidates};
use super::model::{Channel, ReminderOutcome, reminder, reminder_rule};
use super::rules::{Debt, Decision, Rule, decide};
use crate::clock;
use crate::db::Db;
use crate::error::Result;
use crate::mail::model::Template;
use crate::mail::{self, Message};
use crate::obligations::model::{ObligationOrigin, obligation};
use crate::obligations::rules::zone;
use crate::obligations::{self, Subject};

/// What a planning wrote in the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// Reminders queued.
    pub queued: u64,
    /// Reminders whose time had passed.
    pub missed: u64,
    /// Reminders for persons without any address.
    pub no_address: u64,
}

/// A decision ready to be written.
struct Entry {
    ledger: reminder::ActiveModel,
    id: Uuid,
    outcome: ReminderOutcome,
    message: Option<(Uuid, Message)>,
}

/// Plans everything due at `now`. Any number of planners may do so at once.
///
/// # Errors
/// When the database fails; batches already written stay, and the next planning goes on from there.
pub async fn plan(db: &Db, now: DateTime<Utc>) -> Result<Planned> {
    let enabled = reminder_rule::Entity::find()
        .filter(reminder_rule::Column::Enabled.eq(true))
        .all(db.read())
        .await?;
    let rules: Vec<Rule> =
        enabled.iter().map(|r| Rule { id: r.id, offset_days: r.offset_days }).collect();
    let mut planned = Planned::default();
    let mut after = None;
    while !rules.is_empty() {
        let pairs = candidates(db.read(), &rules, after, now).await?;
        after = pairs.last().map(|(o, rule)| (o.id, rule.id));
        let full = pairs.len() as u64 == BATCH;
        let entries = decisions(db.read(), pairs, &rules, Voice::Heard, now).await?;
        if !entries.is_empty() {
            let tx = db.begin_write().await?;
            write(&tx, entries, now, &mut planned).await?;
            tx.commit().await?;
        }
        if !full {
            break;
        }
    }
    Ok(planned)
}

/// Records as missed everything due at `now`, of the rules that are off too, and queues nothing: for
/// a database restored from a backup, which does not know what was said since. Answers how many.
///
/// # Errors
/// When the database fails.
pub async fn pass_over(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64> {
    let rules = reminder_rule::Entity::find().all(tx).await?;
    let rules: Vec<Rule> =
        rules.iter().map(|r| Rule { id: r.id, offset_days: r.offset_days }).collect();
    let mut planned = Planned::default();
    let mut after = None;
    while !rules.is_empty() {
        let pairs = candidates(tx, &rules, after, now).await?;
        let Some((owed, rule)) = pairs.last() else { break };
        after = Some((owed.id, rule.id));
        let entries = decisions(tx, pairs, &rules, Voice::Silent, now).await?;
        if !entries.is_empty() {
            write(tx, entries, now, &mut planned).await?;
        }
    }
    Ok(planned.missed)
}

/// Whether what is due is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Voice {
    /// While it makes sense.
    Heard,
    /// Never: it may have been said already.
    Silent,
}

/// What is to be written about these pairs.
async fn decisions(
    conn: &impl ConnectionTrait,
    pairs: Vec<(obligation::Model, Rule)>,
    rules: &[Rule],
    voice: Voice,
    now: DateTime<Utc>,
) -> Result<Vec<Entry>> {
    let mut ripe: Vec<Ripe> = Vec::new();
    for (owed, rule) in still_owed(conn, pairs, now).await? {
        let debt = Debt {
            due_on: owed.due_on,
            zone: zone(&owed.time_zone),
            opened_at: owed.opened_at,
            due_at: owed.due_at,
        };
        match decide(&debt, rule, rules, now) {
            Decision::NotYet => {}
            Decision::Send { due_at, expires_at } => {
                let until = (voice == Voice::Heard).then_some(expires_at);
                ripe.push((owed, rule, due_at, until))
            }
            Decision::Missed { due_at } => ripe.push((owed, rule, due_at, None)),
        }
    }
    if ripe.is_empty() {
        return Ok(Vec::new());
    }
    let people: HashSet<Uuid> = ripe.iter().map(|(owed, ..)| owed.person_id).collect();
    let reachable = mail::address::reachable(conn, people, now).await?;
    let rows: Vec<obligation::Model> = ripe.iter().map(|(owed, ..)| owed.clone()).collect();
    let subjects = obligations::subjects(conn, &rows).await?;
    let entry = |((owed, rule, due_at, expires_at), subject): (Ripe, Subject)| {
        let title = subject.name().title.as_str();
        let message = expires_at
            .filter(|_| reachable.contains(&owed.person_id))
            .map(|expires_at| (clock::new_id(), message(&owed, rule, title, now, expires_at)));
        let outcome = match (&message, expires_at) {
            (Some(_), _) => ReminderOutcome::Queued,
            (None, Some(_)) => ReminderOutcome::NoAddress,
            (None, None) => ReminderOutcome::Missed,
        };
        ledger_entry(&owed, rule, due_at, outcome, message, now)
    };
    Ok(ripe.into_iter().zip(subjects).map(entry).collect())
}

/// Something due: of what, by which rule, when, and until when it makes sense to say it.
type Ripe = (obligation::Model, Rule, DateTime<Utc>, Option<DateTime<Utc>>);

/// Leaves out what is not owed: the statement that found the candidates knows enrolments and changes of
/// the law, not what satisfies a requirement, nor who is exempted.
async fn still_owed(
    conn: &impl ConnectionTrait,
    pairs: Vec<(obligation::Model, Rule)>,
    now: DateTime<Utc>,
) -> Result<Vec<(obligation::Model, Rule)>> {
    let rows: Vec<obligation::Model> = pairs.iter().map(|(owed, _)| owed.clone()).collect();
    let statuses = obligations::statuses(conn, &rows, now).await?;
    let owed = |(pair, status): (_, obligations::Status)| status.is_owed().then_some(pair);
    Ok(pairs.into_iter().zip(statuses).filter_map(owed).collect())
}

fn message(
    owed: &obligation::Model,
    rule: Rule,
    module_title: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Message {
    Message {
        template: Template::Reminder,
        person_id: owed.person_id,
        subject_id: Some(owed.id),
        context: json!({
            "module_title": module_title,
            "due_on": owed.due_on.to_string(),
            "overdue": rule.offset_days > 0,
            "legal_change": owed.origin == ObligationOrigin::LegalChange,
        }),
        not_before: now,
        expires_at,
    }
}

fn ledger_entry(
    owed: &obligation::Model,
    rule: Rule,
    due_at: DateTime<Utc>,
    outcome: ReminderOutcome,
    message: Option<(Uuid, Message)>,
    now: DateTime<Utc>,
) -> Entry {
    let id = clock::new_id();
    let ledger = reminder::ActiveModel {
        id: Set(id),
        obligation_id: Set(owed.id),
        rule_id: Set(rule.id),
        occurrence: Set(ONCE),
        channel: Set(Channel::Mail),
        person_id: Set(owed.person_id),
        due_at: Set(due_at),
        planned_at: Set(now),
        outcome: Set(outcome),
        message_id: Set(message.as_ref().map(|(id, _)| *id)),
    };
    Entry { ledger, id, outcome, message }
}

/// Writes the ledger, then queues the messages of the rows that are ours: another planner may have
/// written some of them meanwhile, and then its message is the one that counts.
async fn write(
    tx: &DatabaseTransaction,
    entries: Vec<Entry>,
    now: DateTime<Utc>,
    planned: &mut Planned,
) -> Result<()> {
    use reminder::Column::{Channel, Id, ObligationId, Occurrence, RuleId};
    let mut key = OnConflict::columns([ObligationId, RuleId, Occurrence, Channel]);
    reminder::Entity::insert_many(entries.iter().map(|entry| entry.ledger.clone()))
        .on_conflict(key.do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let ours: Vec<Uuid> = reminder::Entity::find()
        .select_only()
        .column(Id)
        .filter(Id.is_in(entries.iter().map(|entry| entry.id)))
        .into_tuple()
        .all(tx)
        .await?;
    let ours: HashSet<Uuid> = ours.into_iter().collect();
    let mut messages = Vec::new();
    for entry in entries.into_iter().filter(|entry| ours.contains(&entry.id)) {
        match entry.outcome {
            ReminderOutcome::Queued => planned.queued += 1,
            ReminderOutcome::Missed => planned.missed += 1,
            ReminderOutcome::NoAddress => planned.no_address += 1,
        }
        messages.extend(entry.message);
    }
    mail::enqueue_many(tx, messages, now).await
}
