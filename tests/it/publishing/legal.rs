//! A change of the law: whoever completed the module before owes its new version.

use chrono::{Duration, Months, NaiveDate};
use maitrise::mail::model::{Template, mail_message};
use maitrise::reminders;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{Press, stopping};
use crate::deeds::learn;
use crate::newcomers::Newcomer;

pub(super) async fn owed(press: &Press, who: &Newcomer) -> Vec<Value> {
    let read = press.world.api.get("/api/v1/me/obligations").bearer(&who.token).await.expect(200);
    read.json()["items"].as_array().expect("obligations").clone()
}

pub(super) async fn enrol(press: &Press, who: &Newcomer, status: u16) -> Value {
    press.post(who, "/api/v1/modules/DROIT/enrolments", &json!({})).await.expect(status).json()
}

#[tokio::test]
async fn a_change_of_the_law_is_owed_by_those_who_completed_and_satisfied_by_the_new_version() {
    let press = Press::new().await;
    press.published("DROIT").await;
    let mut learners = Vec::new();
    for nth in 0..6 {
        learners.push(press.learner(&format!("apprenant-{nth}")).await);
    }
    let (under_way, holders) = learners.split_last().expect("learners");
    for holder in holders {
        learn(&press.world, &holder.token, "DROIT").await;
    }
    enrol(&press, under_way, 201).await;
    enrol(&press, &holders[0], 200).await;
    press.rewrite("DROIT", "Le droit a changé : la transparence est obligatoire.").await;
    let digest = press.submit("DROIT").await;
    press.review(&press.reviewer, "DROIT", &digest, "pedagogical").await.expect(200);
    let seen = press.preview("DROIT", "legal").await;
    assert_eq!(stopping(&seen), ["legal-review"]);
    let early = json!({ "change": "legal", "digest": seen["digest"] });
    let early = press.publish("DROIT", &early).await.expect(422);
    assert_eq!(early.problem_code(), "content-findings");
    assert_eq!(press.versions("DROIT").await, 1);
    press.review(&press.reviewer, "DROIT", &digest, "legal").await.expect(200);
    let seen = press.preview("DROIT", "legal").await;
    assert_eq!(seen["would_owe"], json!({ "count": 5, "suppressed": false }));
    assert_eq!(seen["in_progress"], json!({ "suppressed": true }));
    assert!(press.preview("DROIT", "editorial").await["would_owe"].is_null());
    let place = &seen["differences"]["items"][0];
    assert!(place["after"].as_str().is_some_and(|t| t.contains("transparence")), "{place}");
    let other = json!({ "change": "legal", "digest": seen["digest"], "due_in_months": 3 });
    let other = press.publish("DROIT", &other).await.expect(409);
    assert_eq!(other.problem_code(), "preview-outdated", "the months are part of what is agreed");
    let misplaced = json!({ "change": "editorial", "digest": "0", "due_in_months": 3 });
    press.publish("DROIT", &misplaced).await.expect(422);
    let request = json!({ "change": "legal", "digest": seen["digest"] });
    press.publish("DROIT", &request).await.expect(201);
    settled(&press, under_way, holders).await;
}

async fn settled(press: &Press, under_way: &Newcomer, holders: &[Newcomer]) {
    let now = press.world.app.clock.now();
    let zone = chrono_tz::Europe::Paris;
    let today = now.with_timezone(&zone).date_naive();
    let due_on = today.checked_add_months(Months::new(6)).expect("a date");
    for holder in holders {
        let owed = owed(press, holder).await;
        assert_eq!(owed.len(), 1);
        let seen = (&owed[0]["origin"], &owed[0]["from_version"], &owed[0]["status"]);
        assert_eq!(seen, (&json!("legal_change"), &json!(2), &json!("open")));
        assert_eq!(owed[0]["due_on"], json!(due_on));
    }
    assert!(owed(press, under_way).await.is_empty(), "nobody under way is moved");
    assert_eq!(enrol(press, under_way, 200).await["version"], 1);
    learn(&press.world, &holders[0].token, "DROIT").await;
    let satisfied = owed(press, &holders[0]).await;
    assert_eq!((satisfied.len(), &satisfied[0]["status"]), (1, &json!("satisfied")));
    assert_eq!(enrol(press, &holders[0], 200).await["version"], 2, "once is enough");
    let kept = press.world.api.get("/api/v1/me/attestations").bearer(&holders[0].token).await;
    assert_eq!(kept.expect(200).json()["items"].as_array().map(Vec::len), Some(2));
    reminded(press, due_on, &holders[1..], [&holders[0], under_way]).await;
    let why = json!({ "reason": "Remplacé." });
    press.post(&press.publisher, "/api/v1/modules/DROIT/retire", &why).await.expect(200);
    let closed = owed(press, &holders[1]).await;
    assert_eq!(closed[0]["status"], "closed", "nobody can enrol in it any more");
    assert_eq!(owed(press, &holders[0]).await[0]["status"], "satisfied");
}

/// A week before, each who still owes is to be reminded, and nobody else.
async fn reminded(press: &Press, due_on: NaiveDate, owing: &[Newcomer], others: [&Newcomer; 2]) {
    let db = &press.world.app.db;
    let tx = db.begin_write().await.expect("a transaction");
    reminders::seed(&tx, press.world.app.clock.now()).await.expect("rules");
    tx.commit().await.expect("a commit");
    let morning = due_on.and_hms_opt(10, 0, 0).expect("an hour").and_utc() - Duration::days(7);
    let told = async |who: &Newcomer| -> u64 {
        mail_message::Entity::find()
            .filter(mail_message::Column::Template.eq(Template::Reminder))
            .filter(mail_message::COLUMN.person_id.eq(who.person_id))
            .count(db.read())
            .await
            .expect("the queue")
    };
    reminders::plan(db, morning - Duration::days(2)).await.expect("planned");
    let mut before = Vec::new();
    for who in owing {
        before.push(told(who).await);
    }
    reminders::plan(db, morning).await.expect("planned");
    for (who, before) in owing.iter().zip(before) {
        assert_eq!(told(who).await, before + 1, "a week before, once");
    }
    for who in others {
        assert_eq!(told(who).await, 0, "they owe nothing");
    }
}

#[tokio::test]
async fn another_change_opens_nothing() {
    let press = Press::new().await;
    press.published("DROIT").await;
    let learner = press.learner("apprenante").await;
    learn(&press.world, &learner.token, "DROIT").await;
    press.rewrite("DROIT", "Mieux dit.").await;
    press.accepted("DROIT").await;
    let request = press.request("DROIT", "substantive").await;
    press.publish("DROIT", &request).await.expect(201);
    assert!(owed(&press, &learner).await.is_empty());
    assert_eq!(enrol(&press, &learner, 200).await["version"], 1, "they keep what they have");
}

#[tokio::test]
async fn whoever_reads_in_a_preview_what_changes_in_questions_is_in_the_journal() {
    let press = Press::new().await;
    let auditor = press.world.known("auditeur@demonstration.example").await.token;
    let readings = async || {
        let journal = press.world.api.get("/api/v1/journal?limit=200").bearer(&auditor).await;
        journal.expect(200).body.matches("questions.read").count()
    };
    press.published("DROIT").await;
    let before = readings().await;
    press.rewrite("DROIT", "Mieux dit.").await;
    press.accepted("DROIT").await;
    let seen = press.preview("DROIT", "substantive").await;
    assert!(!seen["differences"].is_null());
    assert_eq!(readings().await, before + 1);
    press.preview("DROIT", "substantive").await;
    assert_eq!(readings().await, before + 2, "each reading is one");
}
