//! The story: a requirement is written, previewed, enabled; somebody owes it, reads why, is exempted,
//! owes it again, completes it; a year later it is to be renewed.

use chrono::Duration;
use maitrise::accounts::model::Role;
use maitrise::reminders;
use serde_json::{Value, json};

use super::{enable, enabled, entered, owed, required};
use crate::deeds::learn;
use crate::newcomers::Newcomer;
use crate::world::World;

async fn elected(world: &World, word: &str) -> Newcomer {
    let elu = world.admit(word).await;
    world.elect(&elu, "insee:35021").await;
    elu
}

async fn national(world: &World) -> String {
    world.known("national@demonstration.example").await.token
}

fn explain(owed: &Value) -> String {
    format!("/api/v1/obligations/{}/explain", owed["id"].as_str().expect("an id"))
}

#[tokio::test]
async fn what_is_enabled_is_owed_explained_and_satisfied_by_learning() {
    let world = World::new().await;
    let (elu, national) = (elected(&world, "elue-a").await, national(&world).await);
    let version = required(json!({
        "audience": { "any_of": [{ "kind": "elu", "within": ["dep:35"] }] }, "reference": "ria-4",
    }));
    let body = json!({ "code": "ia", "version": version });
    let written = world.api.post("/api/v1/requirements").bearer(&national).json(&body).await;
    assert_eq!(written.expect(201).json()["state"], "written");
    entered(&world).await;
    assert!(owed(&world, &elu.token).await.is_empty(), "nothing before it is enabled");
    enable(&world, &national, "ia").await;
    entered(&world).await;
    entered(&world).await;
    let mine = owed(&world, &elu.token).await;
    assert_eq!(mine.len(), 1, "once, however often people are walked over");
    assert_eq!((&mine[0]["module_code"], &mine[0]["status"]), (&json!("E1"), &json!("open")));
    let told = world.api.get(&explain(&mine[0])).bearer(&elu.token).await.expect(200).json();
    let sentence = told["sentence"].as_str().expect("a sentence");
    for said in [
        "Vous devez achever le module E1",
        "parce que l’exigence « Comprendre l’IA » vous concerne comme élu·e",
        "Règlement (UE) 2024/1689, art. 4",
        "le délai de 12 mois court depuis le",
    ] {
        assert!(sentence.contains(said), "{said}: {sentence}");
    }
    assert_eq!(told["legal_basis"]["in_force_from"], "2025-02-02");
    assert_eq!((&told["due_because"], &told["cycle"]), (&json!("publication"), &json!(1)));
    let english = world.api.get(&explain(&mine[0])).bearer(&elu.token);
    let english = english.header("Accept-Language", "en").await.expect(200).json();
    let sentence = english["sentence"].as_str().expect("a sentence");
    assert!(sentence.starts_with("You must complete the module E1"), "{sentence}");
    learn(&world, &elu.token, "E1").await;
    assert_eq!(owed(&world, &elu.token).await[0]["status"], "satisfied");
    let told = world.api.get(&explain(&mine[0])).bearer(&elu.token).await.expect(200).json();
    assert!(told["satisfied_by"].is_string() && told["satisfied_at"].is_string(), "{told}");
}

#[tokio::test]
async fn an_employer_exempts_and_lifts_and_reads_why_and_a_stranger_learns_nothing() {
    let world = World::new().await;
    let (elu, national) = (elected(&world, "elue-b").await, national(&world).await);
    let here = world.organisation("insee:35021").await;
    let there = world.organisation("insee:33522").await;
    let employer = world.admit_as("employeuse", Role::EmployerManager, here).await;
    let stranger = world.admit_as("ailleurs", Role::EmployerManager, there).await;
    enabled(&world, &national, "tous", &required(json!({ "module": "A2" }))).await;
    entered(&world).await;
    let mine = owed(&world, &elu.token).await.remove(0);
    let told = world.api.get(&explain(&mine)).bearer(&employer.token).await.expect(200).json();
    let sentence = told["sentence"].as_str().expect("a sentence");
    assert!(sentence.starts_with("La personne doit achever le module A2"), "{sentence}");
    world.api.get(&explain(&mine)).bearer(&stranger.token).await.expect(404);
    let path = format!("/api/v1/obligations/{}", mine["id"].as_str().expect("an id"));
    let until = (world.app.clock.now() + Duration::days(20)).date_naive();
    let wish = json!({
        "reason": "equivalence", "until": until, "document_digest": "ab".repeat(32),
    });
    let exempt = |who: &Newcomer, wish: &Value| {
        world.api.post(&format!("{path}/exempt")).bearer(&who.token).json(wish)
    };
    exempt(&stranger, &wish).await.expect(404);
    for _ in 0..2 {
        assert_eq!(exempt(&employer, &wish).await.expect(200).json()["status"], "exempted");
    }
    let told = world.api.get(&explain(&mine)).bearer(&elu.token).await.expect(200).json();
    assert_eq!(told["events"].as_array().map(Vec::len), Some(1), "asked twice, told once: {told}");
    assert_eq!(told["events"][0]["document_digest"], json!("ab".repeat(32)));
    let sentence = told["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("Dispense accordée le") && sentence.contains("équivalente"));
    assert_eq!(owed(&world, &elu.token).await[0]["status"], "exempted");
    let lift = || world.api.post(&format!("{path}/lift")).bearer(&employer.token);
    assert_eq!(lift().await.expect(200).json()["status"], "open");
    assert_eq!(lift().await.expect(200).json()["status"], "open", "nothing left to lift");
    exempt(&employer, &wish).await.expect(200);
    world.app.clock.advance(Duration::days(22));
    let elu = world.known("elue-b@essai.example").await;
    assert_eq!(owed(&world, &elu.token).await[0]["status"], "open", "its day has passed");
    let auditor = world.known("auditeur@demonstration.example").await.token;
    let journal = world.api.get("/api/v1/journal?limit=200").bearer(&auditor).await.expect(200);
    for action in
        ["requirement.create", "requirement.enable", "obligation.exempt", "obligation.lift"]
    {
        assert!(journal.body.contains(action), "{action}: {}", journal.body);
    }
}

#[tokio::test]
async fn what_is_to_be_renewed_is_owed_again_before_it_expires_and_learnt_again() {
    let world = World::new().await;
    let (elu, national) = (elected(&world, "elue-c").await, national(&world).await);
    let version = required(json!({
        "audience": { "any_of": [{ "kind": "elu", "within": ["insee:35021"] }] },
        "renewal": { "months": 24, "window_days": 90 },
    }));
    enabled(&world, &national, "renouveler", &version).await;
    learn(&world, &elu.token, "E1").await;
    entered(&world).await;
    let mine = owed(&world, &elu.token).await;
    assert_eq!((mine.len(), &mine[0]["status"]), (1, &json!("satisfied")), "at once");
    world.app.clock.advance(Duration::days(600));
    entered(&world).await;
    let elu = world.known("elue-c@essai.example").await;
    assert_eq!(owed(&world, &elu.token).await.len(), 1, "not yet");
    let again = world.api.post("/api/v1/modules/E1/enrolments").bearer(&elu.token);
    again.json(&json!({})).await.expect(200);
    world.app.clock.advance(Duration::days(60));
    entered(&world).await;
    let elu = world.known("elue-c@essai.example").await;
    let mine = owed(&world, &elu.token).await;
    assert_eq!((mine.len(), &mine[1]["status"]), (2, &json!("open")), "the window is open");
    let told = world.api.get(&explain(&mine[1])).bearer(&elu.token).await.expect(200).json();
    assert_eq!((&told["due_because"], &told["cycle"]), (&json!("renewal"), &json!(2)));
    let sentence = told["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("est à renouveler au bout de 24 mois"), "{sentence}");
    learn(&world, &elu.token, "E1").await;
    assert_eq!(owed(&world, &elu.token).await[1]["status"], "satisfied", "learnt again");
    let again = world.api.post("/api/v1/modules/E1/enrolments").bearer(&elu.token);
    again.json(&json!({})).await.expect(200);
}

#[tokio::test]
async fn reminders_speak_of_what_is_owed_and_not_of_what_is_satisfied_or_exempted() {
    let world = World::new().await;
    let national = national(&world).await;
    let mut elus = Vec::new();
    for word in ["rappel-a", "rappel-b", "rappel-c"] {
        elus.push(elected(&world, word).await);
    }
    let due = (world.app.clock.now() + Duration::days(7)).date_naive();
    let version = required(json!({
        "audience": { "any_of": [{ "kind": "elu", "within": ["insee:35021"] }] },
        "due": { "on": due },
    }));
    learn(&world, &elus[0].token, "E1").await;
    enabled(&world, &national, "bientot", &version).await;
    entered(&world).await;
    let here = world.organisation("insee:35021").await;
    let employer = world.admit_as("employeur-r", Role::EmployerManager, here).await;
    let second = owed(&world, &elus[1].token).await.remove(0);
    let path = format!("/api/v1/obligations/{}/exempt", second["id"].as_str().expect("an id"));
    let wish = json!({ "reason": "absence", "document_digest": "0".repeat(64) });
    world.api.post(&path).bearer(&employer.token).json(&wish).await.expect(200);
    reminders::plan(&world.app.db, world.app.clock.now() + Duration::hours(20)).await.expect("ok");
    use sea_orm::EntityTrait as _;
    let ledger = reminders::model::reminder::Entity::find().all(world.app.db.read()).await;
    let ledger = ledger.expect("the ledger");
    let reminded = |who: &Newcomer| ledger.iter().filter(|r| r.person_id == who.person_id).count();
    assert_eq!((reminded(&elus[0]), reminded(&elus[1])), (0, 0), "satisfied, exempted");
    assert_eq!(reminded(&elus[2]), 1);
}

#[tokio::test]
async fn a_path_is_owed_until_each_of_its_steps_is_completed_in_any_order() {
    let world = World::new().await;
    let (elu, national) = (elected(&world, "elue-d").await, national(&world).await);
    learn(&world, &elu.token, "A4").await;
    let path = json!({ "module": null, "path": "PREMIERE-HEURE", "force": "recommended" });
    enabled(&world, &national, "parcours", &required(path)).await;
    entered(&world).await;
    let mine = owed(&world, &elu.token).await;
    assert_eq!((mine.len(), &mine[0]["path_code"]), (1, &json!("PREMIERE-HEURE")));
    assert!(mine[0].get("module_code").is_none(), "{}", mine[0]);
    let told = world.api.get(&explain(&mine[0])).bearer(&elu.token).await.expect(200).json();
    let sentence = told["sentence"].as_str().expect("a sentence");
    let advised = "Il vous est recommandé d’achever le parcours PREMIERE-HEURE";
    assert!(sentence.starts_with(advised), "{sentence}");
    for (code, status) in [("E1", "open"), ("A2", "satisfied")] {
        learn(&world, &elu.token, code).await;
        assert_eq!(owed(&world, &elu.token).await[0]["status"], status, "after {code}");
    }
}
