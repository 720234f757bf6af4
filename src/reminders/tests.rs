//! The planner and the ledger against a real database.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, Set};
use uuid::Uuid;

use super::model::{ReminderOutcome, reminder};
use super::{Planned, counts, list_rules, locked, plan, seed, set_enabled, still_due};
use crate::db::Db;
use crate::error;
use crate::mail::model::{MailState, Template, mail_message};
use crate::obligations::model::obligation;
use crate::obligations::tests::{happened, module, morning, owed, person};
use crate::people::model::contact_address;
use crate::records::model::FactKind;
use crate::testing::database;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// The rules, and `n` people who owe a module by a date.
async fn owing(
    db: &Db,
    n: usize,
    due_on: &str,
    opened_at: DateTime<Utc>,
) -> Vec<obligation::Model> {
    let tx = db.begin_write().await.expect("a transaction");
    seed(&tx, opened_at).await.expect("the rules");
    let what = module(&tx, "E1").await;
    let mut all = Vec::new();
    for i in 0..n {
        let who = person(&tx, &format!("Nom {i}")).await;
        all.push(owed(&tx, who, what, day(due_on), opened_at).await);
    }
    tx.commit().await.expect("committed");
    all
}

async fn planned(db: &Db, now: DateTime<Utc>) -> Planned {
    plan(db, now).await.expect("a planning")
}

async fn queue(db: &Db) -> Vec<mail_message::Model> {
    mail_message::Entity::find().all(db.read()).await.expect("the queue")
}

#[tokio::test]
async fn the_demonstration_due_in_seven_days_is_reminded_at_once_and_once() {
    let (_dir, db) = database().await;
    let now = morning();
    let owed = owing(&db, 1, "2026-11-29", now).await;
    assert_eq!(planned(&db, now).await, Planned { queued: 1, missed: 0, no_address: 0 });
    for hours in 0..30 {
        assert_eq!(planned(&db, now + Duration::hours(hours)).await, Planned::default());
    }
    let queue = queue(&db).await;
    assert_eq!(queue.len(), 1);
    assert_eq!(queue[0].template, Template::Reminder);
    assert_eq!(queue[0].subject_id, Some(owed[0].id));
    assert_eq!(queue[0].context["due_on"], "2026-11-29");
    assert_eq!(queue[0].context["module_title"], "L'IA, « sources » & périmètre");
    assert_eq!(queue[0].expires_at, now + Duration::days(3));
    let ledger = reminder::Entity::find().all(db.read()).await.expect("the ledger");
    assert_eq!(ledger[0].message_id, Some(queue[0].id));
    assert_eq!((ledger.len(), ledger[0].due_at), (1, now));
}

#[tokio::test]
async fn each_rule_speaks_in_its_turn_until_the_module_is_completed() {
    let (_dir, db) = database().await;
    let all = owing(&db, 2, "2026-11-29", morning() - Duration::days(30)).await;
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
    assert_eq!(planned(&db, at("2026-11-22T06:59:59Z")).await, Planned::default());
    assert_eq!(planned(&db, at("2026-11-22T07:00:00Z")).await.queued, 2);
    let tx = db.begin_write().await.expect("a transaction");
    happened(&tx, &all[0], FactKind::Completed, at("2026-11-25T10:00:00Z")).await;
    tx.commit().await.expect("committed");
    assert_eq!(planned(&db, at("2026-11-28T07:00:00Z")).await.queued, 1);
    assert_eq!(planned(&db, at("2026-11-30T07:00:00Z")).await.queued, 1);
    assert_eq!(planned(&db, at("2026-12-30T07:00:00Z")).await, Planned::default());
    let overdue: Vec<_> = queue(&db).await.iter().map(|m| m.context["overdue"].clone()).collect();
    assert_eq!(overdue.iter().filter(|o| **o == true).count(), 1);
    assert_eq!(overdue.len(), 4);
}

#[tokio::test]
async fn what_an_outage_swallowed_is_recorded_as_missed_and_not_sent_late() {
    let (_dir, db) = database().await;
    owing(&db, 1, "2026-11-29", morning() - Duration::days(30)).await;
    // Away from the 20th to the 30th at noon: the last rule alone still makes sense.
    let back = "2026-11-30T11:00:00Z".parse().expect("an instant");
    assert_eq!(planned(&db, back).await, Planned { queued: 1, missed: 2, no_address: 0 });
    assert_eq!(queue(&db).await.len(), 1);
    assert_eq!(planned(&db, back).await, Planned::default());
}

#[tokio::test]
async fn more_obligations_than_one_batch_are_all_reminded_once_by_two_planners_at_once() {
    let (_dir, db) = database().await;
    owing(&db, 230, "2026-11-29", morning()).await;
    let plans = (0..4).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { planned(&db, morning()).await.queued })
    });
    let mut total = 0;
    for plan in plans.collect::<Vec<_>>() {
        total += plan.await.expect("no panic");
    }
    assert_eq!(total, 230);
    assert_eq!(queue(&db).await.len(), 230);
    let ledger = reminder::Entity::find().all(db.read()).await.expect("the ledger");
    assert_eq!(ledger.len(), 230);
    let sent: std::collections::HashSet<Uuid> =
        queue(&db).await.iter().filter_map(|m| m.subject_id).collect();
    assert_eq!(sent.len(), 230);
}

#[tokio::test]
async fn a_person_without_an_address_is_recorded_as_such() {
    let (_dir, db) = database().await;
    let now = morning();
    owing(&db, 1, "2026-11-29", now).await;
    let tx = db.begin_write().await.expect("a transaction");
    let address = contact_address::Entity::find().one(&tx).await.expect("read").expect("one");
    let mut ended = address.into_active_model();
    ended.valid_to = Set(Some(now));
    ended.update(&tx).await.expect("ended");
    tx.commit().await.expect("committed");
    assert_eq!(planned(&db, now).await, Planned { queued: 0, missed: 0, no_address: 1 });
    assert_eq!(planned(&db, now).await, Planned::default());
}

#[tokio::test]
async fn a_queued_reminder_is_due_no_more_once_satisfied_or_its_rule_is_off() {
    let (_dir, db) = database().await;
    let now = morning();
    let all = owing(&db, 2, "2026-11-29", now).await;
    planned(&db, now).await;
    let queue = queue(&db).await;
    for message in &queue {
        assert!(still_due(db.read(), message, now).await.expect("asked"));
    }
    let tx = db.begin_write().await.expect("a transaction");
    happened(&tx, &all[0], FactKind::Withdrawn, now).await;
    tx.commit().await.expect("committed");
    for message in &queue {
        let due = still_due(db.read(), message, now).await.expect("asked");
        assert_eq!(due, message.subject_id == Some(all[1].id));
        assert_eq!(message.state, MailState::Queued);
    }
    let tx = db.begin_write().await.expect("a transaction");
    let rule = list_rules(&tx).await.expect("rules").remove(0);
    set_enabled(&tx, rule, false, now).await.expect("off");
    tx.commit().await.expect("committed");
    for message in &queue {
        assert!(!still_due(db.read(), message, now).await.expect("asked"));
    }
}

#[tokio::test]
async fn a_rule_that_is_edited_moves_on_by_one_revision_and_seeding_leaves_it() {
    let (_dir, db) = database().await;
    let tx = db.begin_write().await.expect("a transaction");
    seed(&tx, morning()).await.expect("rules");
    let rule = list_rules(&tx).await.expect("rules").remove(0);
    let off = set_enabled(&tx, rule, false, morning()).await.expect("off");
    assert_eq!((off.enabled, off.revision), (false, 2));
    assert_eq!(locked(&tx, off.id).await.expect("the rule"), off);
    let absent = error::found(locked(&tx, Uuid::nil()).await).expect("an answer");
    assert_eq!(absent, None);
    seed(&tx, morning()).await.expect("harmless twice");
    let rules = list_rules(&tx).await.expect("rules");
    assert_eq!(rules.iter().map(|r| r.offset_days).collect::<Vec<_>>(), [-7, -1, 1]);
    assert!(!rules[0].enabled, "seeding again leaves what was decided");
}

#[tokio::test]
async fn the_ledger_tells_no_figure_about_fewer_persons_than_secrecy_allows() {
    let (_dir, db) = database().await;
    owing(&db, 4, "2026-11-29", morning()).await;
    planned(&db, morning()).await;
    let lines = counts(db.read(), 5).await.expect("counts");
    assert_eq!((lines.len(), lines[0].reminders), (1, None));
    let lines = counts(db.read(), 4).await.expect("counts");
    assert_eq!(lines[0].rule, "due-in-7-days");
    assert_eq!((lines[0].outcome, lines[0].reminders), (ReminderOutcome::Queued, Some(4)));
}
