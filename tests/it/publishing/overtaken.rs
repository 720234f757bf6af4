//! A change of the law and those who complete the old version after it, or at that very instant.

use std::time::Duration;

use chrono::Months;
use maitrise::accounts::Principal;
use maitrise::accounts::model::account;
use maitrise::catalogue::find;
use maitrise::content::ModuleCode;
use maitrise::obligations::{Completion, open_if_overtaken};
use maitrise::publication::preview::Change;
use maitrise::publication::publish::{self, Request};
use maitrise::records::model::FactKind;
use maitrise::records::{NewFact, append};
use sea_orm::{DatabaseTransaction, EntityTrait as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::legal::{enrol, owed};
use super::{HOUSE, Press};
use crate::deeds::{finish, learn, prepare};
use crate::newcomers::Newcomer;

/// A version that the law asks for, reviewed and to be published.
async fn amended(press: &Press) -> Value {
    press.rewrite("DROIT", "Le droit a changé : la transparence est obligatoire.").await;
    let digest = press.submit("DROIT").await;
    press.review(&press.reviewer, "DROIT", &digest, "both").await.expect(200);
    press.request("DROIT", "legal").await
}

/// Somebody under way on the version published now: where their enrolment is.
async fn under_way(press: &Press, word: &str) -> (Newcomer, String) {
    let learner = press.learner(word).await;
    let begun = press.post(&learner, "/api/v1/modules/DROIT/enrolments", &json!({})).await;
    (learner, begun.expect(201).location())
}

/// What somebody owes is the second version, and nothing else.
async fn owes_the_second(press: &Press, learner: &Newcomer) {
    let owed = owed(press, learner).await;
    let seen: Vec<_> =
        owed.iter().map(|one| (&one["origin"], &one["from_version"], &one["status"])).collect();
    assert_eq!(seen, [(&json!("legal_change"), &json!(2), &json!("open"))]);
}

#[tokio::test]
async fn whoever_completes_an_old_version_after_the_law_changed_owes_the_new_one_and_may_begin_it()
{
    let press = Press::new().await;
    press.published("DROIT").await;
    let (learner, enrolment) = under_way(&press, "en-cours").await;
    let request = amended(&press).await;
    press.publish("DROIT", &request).await.expect(201);
    assert!(owed(&press, &learner).await.is_empty(), "nobody under way is moved");
    assert_eq!(enrol(&press, &learner, 200).await["version"], 1);
    finish(&press.world, &learner.token, &enrolment, "DROIT").await;
    owes_the_second(&press, &learner).await;
    let today = press.world.app.clock.now().with_timezone(&chrono_tz::Europe::Paris).date_naive();
    let due_on = today.checked_add_months(Months::new(6)).expect("a date");
    assert_eq!(owed(&press, &learner).await[0]["due_on"], json!(due_on));
    learn(&press.world, &learner.token, "DROIT").await;
    let satisfied = owed(&press, &learner).await;
    assert_eq!((satisfied.len(), &satisfied[0]["status"]), (1, &json!("satisfied")));
    assert_eq!(enrol(&press, &learner, 200).await["version"], 2, "once is enough");
}

#[tokio::test]
async fn a_version_that_changes_no_law_asks_nothing_of_those_who_complete_the_one_before() {
    let press = Press::new().await;
    press.published("DROIT").await;
    let (learner, enrolment) = under_way(&press, "en-cours").await;
    press.rewrite("DROIT", "Mieux dit.").await;
    press.accepted("DROIT").await;
    let request = press.request("DROIT", "substantive").await;
    press.publish("DROIT", &request).await.expect(201);
    finish(&press.world, &learner.token, &enrolment, "DROIT").await;
    assert!(owed(&press, &learner).await.is_empty());
}

/// Several hand in their last answers while the new version is published: whoever comes first, each
/// owes it, once.
#[tokio::test]
async fn those_who_complete_at_the_instant_of_publishing_all_owe_the_new_version() {
    let press = Press::new().await;
    press.published("DROIT").await;
    let mut learners = Vec::new();
    let mut handed = tokio::task::JoinSet::new();
    let mut calls = Vec::new();
    for nth in 0..6 {
        let (learner, enrolment) = under_way(&press, &format!("course-{nth}")).await;
        let (submit, answers) = prepare(&press.world, &learner.token, &enrolment, "DROIT").await;
        calls.push(press.post(&learner, &submit, &answers));
        learners.push(learner);
    }
    let mut request = amended(&press).await;
    for (nth, call) in calls.into_iter().enumerate() {
        handed.spawn(async move {
            tokio::time::sleep(Duration::from_millis(10 * nth as u64)).await;
            call.await.expect(200)
        });
    }
    // As they leave, fewer are under way than the preview told: the publisher looks again.
    while press.publish("DROIT", &request).await.status == 409 {
        request = press.request("DROIT", "legal").await;
    }
    assert_eq!(press.versions("DROIT").await, 2);
    handed.join_all().await;
    for learner in &learners {
        owes_the_second(&press, learner).await;
    }
}

async fn publisher(press: &Press) -> Principal {
    let (db, now) = (press.world.app.db.read(), press.world.app.clock.now());
    let known = account::Entity::find_by_id(press.publisher.account_id).one(db).await;
    let generation = known.expect("accounts").expect("an account").generation;
    let who = Principal::load(db, press.publisher.account_id, generation, now).await;
    who.expect("a publisher")
}

/// On two connections: the completion waits for a publication that has not committed, and sees it.
#[tokio::test]
async fn a_completion_waits_for_the_publication_that_is_under_way() {
    let press = Press::new().await;
    press.published("DROIT").await;
    let (learner, enrolment) = under_way(&press, "apres").await;
    let (submit, answers) = prepare(&press.world, &learner.token, &enrolment, "DROIT").await;
    let request = amended(&press).await;
    let (code, who) = (ModuleCode::parse("DROIT").expect("a code"), publisher(&press).await);
    let change = Change::declared(maitrise::catalogue::model::ChangeKind::Legal, None);
    let quoted = Request {
        change: change.expect("a change"),
        digest: request["digest"].as_str().expect("a digest").to_owned(),
        note: None,
    };
    let tx = press.world.app.db.begin_write().await.expect("a transaction");
    let now = press.world.app.clock.now();
    publish::publish(&tx, &who, &code, quoted, HOUSE, now).await.expect("published");
    let call = press.post(&learner, &submit, &answers);
    let handed = tokio::spawn(async move { call.await });
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(!handed.is_finished(), "it waits");
    tx.commit().await.expect("a commit");
    handed.await.expect("no panic").expect(200);
    owes_the_second(&press, &learner).await;
}

/// Completes the first version, without committing.
async fn completes(press: &Press, tx: &DatabaseTransaction, learner: &Newcomer, enrolment: Uuid) {
    let now = press.world.app.clock.now();
    let code = ModuleCode::parse("DROIT").expect("a code");
    let module = find::by_code(tx, &code).await.expect("a module");
    let version = find::latest(tx, module.id).await.expect("versions").expect("a version");
    let fact = NewFact {
        kind: FactKind::Completed,
        person_id: learner.person_id,
        enrolment_id: Some(enrolment),
        module_id: Some(module.id),
        version_id: Some(version.id),
        organisation_id: None,
        occurred_at: now,
        recorded_by: None,
        natural_key: format!("completed:{enrolment}"),
        supersedes_id: None,
        payload: json!({}),
    };
    append(tx, fact, now).await.expect("a fact");
    let completion = Completion {
        person_id: learner.person_id,
        module_id: module.id,
        number: version.number,
        zone: chrono_tz::Europe::Paris,
    };
    assert!(!open_if_overtaken(tx, completion, now).await.expect("asked"), "nothing yet");
}

/// On two connections: the publication waits for a completion that has not committed, and sees it.
#[tokio::test]
async fn a_publication_waits_for_the_completion_that_is_under_way() {
    let press = Press::new().await;
    press.published("DROIT").await;
    let (learner, enrolment) = under_way(&press, "avant").await;
    let enrolment = enrolment.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    let request = amended(&press).await;
    let tx = press.world.app.db.begin_write().await.expect("a transaction");
    completes(&press, &tx, &learner, enrolment).await;
    let call = press.publish("DROIT", &request);
    let published = tokio::spawn(async move { call.await });
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(!published.is_finished(), "it waits");
    tx.commit().await.expect("a commit");
    published.await.expect("no panic").expect(201);
    owes_the_second(&press, &learner).await;
}
