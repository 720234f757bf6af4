//! What people say they are: they learn at once, are counted apart, and are told what is decided.

use chrono::Duration;
use maitrise::capacities::model::claim_decision;
use maitrise::mail::model::{Template, mail_message};
use maitrise::records::model::{FactKind, fact};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{HERE, id, mails_to, mine};
use crate::deeds::learn;
use crate::newcomers::Newcomer;
use crate::world::World;

/// Somebody who has just declared that they work for the commune, and the manager of the commune.
async fn declared() -> (World, String, Newcomer) {
    let world = World::new().await;
    let employer = world.known("employeur@demonstration.example").await.token;
    let who = world.admit("declaree").await;
    let wish = json!({
        "organisation": "insee:35021",
        "capacity": { "kind": "agent", "function": "secrétaire de mairie" },
    });
    let declare = world.api.post("/api/v1/me/capacities").bearer(&who.token).json(&wish);
    declare.await.expect(201);
    let again = world.api.post("/api/v1/me/capacities").bearer(&who.token).json(&wish);
    again.await.expect(200);
    (world, employer, who)
}

async fn claims(world: &World, employer: &str, state: &str) -> Vec<Value> {
    let path = format!("{HERE}/claims?state={state}");
    let read = world.api.get(&path).bearer(employer).await.expect(200).json();
    read["items"].as_array().expect("claims").clone()
}

async fn facts(world: &World, who: &Newcomer) -> Vec<fact::Model> {
    let all = fact::Entity::find().filter(fact::Column::PersonId.eq(who.person_id));
    all.all(world.app.db.read()).await.expect("facts")
}

async fn told(world: &World, who: &Newcomer, template: Template) -> u64 {
    mail_message::Entity::find()
        .filter(mail_message::Column::PersonId.eq(who.person_id))
        .filter(mail_message::Column::Template.eq(template))
        .count(world.app.db.read())
        .await
        .expect("a count")
}

/// Persons who enrolled in all, in the commune's perimeter, and those counted apart.
async fn counted(world: &World) -> (i64, i64) {
    let cdg = world.known("cdg35@demonstration.example").await.token;
    let path = "/api/v1/statistics/completions?perimeter=cdg:CDG-35";
    let read = world.api.get(path).bearer(&cdg).await.expect(200).json();
    let total = &read["total"];
    (total["enrolled"].as_i64().unwrap_or(-1), total["declared_persons"].as_i64().unwrap_or(-1))
}

#[tokio::test]
async fn who_is_confirmed_was_counted_apart_until_then_and_learnt_all_along() {
    let (world, employer, who) = declared().await;
    let before = counted(&world).await;
    learn(&world, &who.token, "A1").await;
    let waiting = claims(&world, &employer, "pending").await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["function"], "secrétaire de mairie");
    assert_eq!(
        (&waiting[0]["family_name"], &waiting[0]["state"]),
        (&json!("Fictif"), &json!("pending"))
    );
    world.app.clock.advance(Duration::seconds(1));
    let apart = counted(&world).await;
    assert_eq!(apart.0, before.0, "not with the confirmed: {before:?} {apart:?}");

    let path = format!("{HERE}/claims/{}/confirm", id(&waiting[0]));
    let confirm = || world.api.post(&path).bearer(&employer);
    assert_eq!(confirm().await.expect(200).json()["state"], "confirmed");
    confirm().await.expect(200);
    assert_eq!(told(&world, &who, Template::ClaimConfirmed).await, 1, "told once");
    assert!(claims(&world, &employer, "pending").await.is_empty());
    assert_eq!(claims(&world, &employer, "decided").await.len(), 1);

    let rows = mine(&world, &who.token).await;
    let held: Vec<_> = rows.iter().filter(|row| row["valid_to"].is_null()).collect();
    assert_eq!(held.len(), 1);
    assert_eq!(
        (&held[0]["standing"], &held[0]["source"]),
        (&json!("confirmed"), &json!("organisation"))
    );
    let old = rows.iter().find(|row| row["id"] == held[0]["replaces"]).expect("the declared row");
    assert_eq!((&old["standing"], &old["end_reason"]), (&json!("declared"), &json!("confirmed")));
    assert_eq!(old["claim"]["state"], "confirmed");

    let facts = facts(&world, &who).await;
    let enrolled: Vec<_> = facts.iter().filter(|f| f.kind == FactKind::Enrolled).collect();
    assert_eq!(enrolled.len(), 2, "what was told stays, and is told again");
    assert_eq!(enrolled[0].payload["standing"], "declared");
    assert_eq!(enrolled[1].payload["standing"], "confirmed");
    assert_eq!(enrolled[1].supersedes_id, Some(enrolled[0].id));
    world.app.clock.advance(Duration::seconds(1));
    let after = counted(&world).await;
    assert_eq!(after.0, before.0 + 1, "counted with the others from now on: {before:?} {after:?}");
}

#[tokio::test]
async fn who_is_refused_is_told_why_once_and_keeps_what_they_learnt() {
    let (world, employer, who) = declared().await;
    learn(&world, &who.token, "A1").await;
    let learnt = facts(&world, &who).await.len();
    let claim = claims(&world, &employer, "pending").await.remove(0);
    let path = format!("{HERE}/claims/{}/refuse", id(&claim));
    let refuse = |body: Value| world.api.post(&path).bearer(&employer).json(&body);
    let mute = refuse(json!({ "reason": "other" })).await.expect(422).json();
    assert_eq!(mute["errors"][0]["pointer"], "/sentence", "a reason that says nothing");
    let why = json!({ "reason": "other_organisation", "sentence": "Voyez la commune voisine." });
    let refused = refuse(why.clone()).await.expect(200).json();
    assert_eq!(
        (&refused["state"], &refused["reason"]),
        (&json!("refused"), &json!("other_organisation"))
    );
    refuse(why).await.expect(200);
    let late = world.api.post(&format!("{HERE}/claims/{}/confirm", id(&claim))).bearer(&employer);
    assert_eq!(late.await.expect(409).problem_code(), "claim-decided");

    let mails = mails_to(&world, "declaree@essai.example").await;
    assert_eq!(mails.len(), 1, "told once: {mails:?}");
    for said in ["Motif : vous relevez d'une autre organisation.", "Beaucé", "vos attestations"] {
        assert!(mails[0].contains(said), "{said}: {}", mails[0]);
    }
    assert!(!mails[0].contains("voisine"), "the employer's own words wait behind a sign-in");
    let row = mine(&world, &who.token).await.remove(0);
    assert_eq!(
        (&row["end_reason"], &row["claim"]["state"]),
        (&json!("refused"), &json!("refused"))
    );
    assert_eq!(row["claim"]["sentence"], "Voyez la commune voisine.");
    assert_eq!(facts(&world, &who).await.len(), learnt, "what was learnt stays");
    let anew = world.api.post("/api/v1/modules/E1/enrolments").bearer(&who.token);
    assert_eq!(anew.json(&json!({})).await.expect(409).problem_code(), "no-capacity");
    let decided = claim_decision::Entity::find().count(world.app.db.read()).await;
    assert_eq!(decided.expect("a count"), 1);
}

#[tokio::test]
async fn an_employer_decides_on_a_claim_before_changing_what_was_claimed() {
    let (world, employer, _) = declared().await;
    let claim = claims(&world, &employer, "pending").await.remove(0);
    let capacity = claim["capacity_id"].as_str().expect("a capacity");
    let path = format!("{HERE}/capacities/{capacity}");
    let tag = world.api.get(&path).bearer(&employer).await.expect(200).etag();
    let put = world.api.put(&path).bearer(&employer).header("If-Match", &tag);
    let wrong = json!({ "how": "correction", "capacity": { "kind": "agent" } });
    assert_eq!(put.json(&wrong).await.expect(409).problem_code(), "claim-pending");
}

#[tokio::test]
async fn of_two_decisions_at_once_one_is_taken() {
    let (world, employer, who) = declared().await;
    let claim = claims(&world, &employer, "pending").await.remove(0);
    let decide = |n: usize| {
        let verb = if n.is_multiple_of(2) { "confirm" } else { "refuse" };
        let post = world.api.post(&format!("{HERE}/claims/{}/{verb}", id(&claim)));
        let post = post.bearer(&employer);
        let body = json!({ "reason": "no_longer" });
        async move { if verb == "refuse" { post.json(&body).await } else { post.await } }
    };
    let answers = futures_util::future::join_all((0..8).map(decide)).await;
    let served = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(served, 4, "the same verdict again is the same: {answers:?}");
    assert!(answers.iter().all(|a| a.status == 200 || a.problem_code() == "claim-decided"));
    let confirmed = told(&world, &who, Template::ClaimConfirmed).await;
    let refused = told(&world, &who, Template::ClaimRefused).await;
    assert_eq!(confirmed + refused, 1);
}
