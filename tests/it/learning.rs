//! Learning over HTTP: enrolling once whoever asks how often, quizzes, completion in any order.

use chrono::Duration;
use serde_json::{Value, json};

use crate::deeds::{answer, answers, published};
use crate::world::World;

/// An enrolment of the élue in E1: her token and the enrolment's path.
async fn enrolled(world: &World) -> (String, String) {
    let token = world.token("elue").await;
    let path = "/api/v1/modules/E1/enrolments";
    let answer = world.api.post(path).bearer(&token).json(&json!({})).await.expect(201);
    (token, answer.location())
}

async fn read_everything(world: &World, token: &str, enrolment: &str) -> Value {
    let shown = world.api.get(enrolment).bearer(token).await.expect(200).json();
    let mut last = Value::Null;
    for lesson in shown["lessons"].as_array().expect("lessons") {
        let slug = lesson["slug"].as_str().expect("a slug");
        let done = format!("{enrolment}/lessons/{slug}/done");
        last = world.api.post(&done).bearer(token).await.expect(200).json();
    }
    last
}

/// Starts an attempt and hands it in; `right` says whether with the right answers.
async fn attempt(world: &World, token: &str, enrolment: &str, right: bool) -> Value {
    let started = world.api.post(&format!("{enrolment}/attempts")).bearer(token).await.expect(201);
    let answers = answers(&*published(world, "E1").await, &started.json(), right);
    let submit = format!("{}/submit", started.location());
    world
        .api
        .post(&submit)
        .bearer(token)
        .json(&json!({ "answers": answers }))
        .await
        .expect(200)
        .json()
}

#[tokio::test]
async fn ten_enrolments_at_the_same_instant_are_one() {
    let world = World::new().await;
    let token = world.token("elue").await;
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (api, token) = (world.api.clone(), token.clone());
        asked.spawn(async move {
            api.post("/api/v1/modules/E1/enrolments").bearer(&token).json(&json!({})).await
        });
    }
    let answers = asked.join_all().await;
    let created = answers.iter().filter(|a| a.status == 201).count();
    assert_eq!(created, 1, "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
    assert!(answers.iter().all(|a| a.location() == answers[0].location()));
}

#[tokio::test]
async fn a_failed_quiz_completes_nothing_and_the_next_attempt_may_pass() {
    let world = World::new().await;
    let (token, enrolment) = enrolled(&world).await;
    assert_eq!(read_everything(&world, &token, &enrolment).await["state"], "in_progress");
    let failed = attempt(&world, &token, &enrolment, false).await;
    assert_eq!((failed["result"]["passed"].as_bool(), &failed["number"]), (Some(false), &json!(1)));
    assert_eq!(failed["result"]["progress"]["state"], "in_progress");
    let passed = attempt(&world, &token, &enrolment, true).await;
    assert_eq!(passed["result"]["progress"]["state"], "completed");
    let more = world.api.post(&format!("{enrolment}/attempts")).bearer(&token).await.expect(409);
    assert_eq!(more.problem_code(), "already-completed");
    let mine = world.api.get("/api/v1/me/attestations").bearer(&token).await.expect(200).json();
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_last_lesson_completes_a_module_whose_quiz_was_passed_first() {
    let world = World::new().await;
    let (token, enrolment) = enrolled(&world).await;
    let passed = attempt(&world, &token, &enrolment, true).await;
    assert_eq!(passed["result"]["progress"]["state"], "in_progress");
    assert_eq!(read_everything(&world, &token, &enrolment).await["state"], "completed");
    let obligations = world.api.get("/api/v1/me/obligations").bearer(&token).await.expect(200);
    assert_eq!(obligations.json()["items"], json!([]), "no due date, nothing owed");
}

#[tokio::test]
async fn handing_in_twice_answers_the_same_and_changes_nothing() {
    let world = World::new().await;
    let (token, enrolment) = enrolled(&world).await;
    let started = world.api.post(&format!("{enrolment}/attempts")).bearer(&token).await.expect(201);
    let again = world.api.post(&format!("{enrolment}/attempts")).bearer(&token).await.expect(200);
    assert_eq!(started.location(), again.location(), "an open attempt is gone on with");
    for body in [&started.body, &again.body] {
        assert!(!body.contains("correct") && !body.contains("explanation"), "{body}");
    }
    let path = started.location();
    let unknown = json!({ "choices": ["z"] });
    let put = |question: &str| world.api.put(&format!("{path}/answers/{question}")).bearer(&token);
    let (module, shown) = (published(&world, "E1").await, started.json());
    let question = |rank: usize| {
        let asked = &shown["questions"][rank];
        let right = json!(answer(&module, asked, true));
        (asked["id"].as_str().expect("an id").to_owned(), right)
    };
    let (one, two) = (question(0), question(1));
    let refused = put(&one.0).json(&unknown).await.expect(422);
    assert_eq!(refused.problem_code(), "unknown-answer");
    put("NOPE").json(&unknown).await.expect(422);
    put(&one.0).json(&json!({ "choices": one.1 })).await.expect(200);
    let submit = || world.api.post(&format!("{path}/submit")).bearer(&token).json(&json!({}));
    let first = submit().await.expect(200).json();
    assert_eq!(first["result"]["points"], 1.0);
    let other = json!({ "answers": { &two.0: two.1 } });
    let late = world.api.post(&format!("{path}/submit")).bearer(&token).json(&other).await;
    assert_eq!(late.expect(200).json()["result"], first["result"]);
    let kept = put(&two.0).json(&json!({ "choices": two.1 })).await.expect(409);
    assert_eq!(kept.problem_code(), "attempt-submitted");
}

#[tokio::test]
async fn whoever_withdrew_may_come_back_in_another_cycle() {
    let world = World::new().await;
    let (token, enrolment) = enrolled(&world).await;
    let reason = json!({ "reason": "mandate_ended" });
    let leave = || world.api.post(&format!("{enrolment}/withdraw")).bearer(&token).json(&reason);
    assert_eq!(leave().await.expect(200).json()["state"], "withdrawn");
    assert_eq!(leave().await.expect(200).json()["state"], "withdrawn");
    let done = format!("{enrolment}/lessons/01-trois-histoires/done");
    let closed = world.api.post(&done).bearer(&token).await.expect(409);
    assert_eq!(closed.problem_code(), "enrolment-closed");
    let (_, back) = enrolled(&world).await;
    assert_ne!(back, enrolment);
    let mine =
        world.api.get("/api/v1/me/enrolments?limit=1").bearer(&token).await.expect(200).json();
    let next = mine["next"].as_str().expect("a cursor");
    let older = format!("/api/v1/me/enrolments?limit=1&after={next}");
    let older = world.api.get(&older).bearer(&token).await.expect(200).json();
    assert_eq!(older["items"][0]["state"], "withdrawn");
}

#[tokio::test]
async fn nothing_more_is_answered_or_handed_in_once_withdrawn() {
    let world = World::new().await;
    let (token, enrolment) = enrolled(&world).await;
    let started = world.api.post(&format!("{enrolment}/attempts")).bearer(&token).await.expect(201);
    let reason = json!({ "reason": "no_time" });
    let left = world.api.post(&format!("{enrolment}/withdraw")).bearer(&token).json(&reason);
    left.await.expect(200);
    let path = started.location();
    let answer = world.api.put(&format!("{path}/answers/E1-Q1")).bearer(&token);
    let answer = answer.json(&json!({ "choices": ["a"] })).await.expect(409);
    assert_eq!(answer.problem_code(), "enrolment-closed");
    let submit = world.api.post(&format!("{path}/submit")).bearer(&token).json(&json!({}));
    assert_eq!(submit.await.expect(409).problem_code(), "enrolment-closed");
}

/// What another process with a clock ahead has committed is there, whatever the date on it.
#[tokio::test]
async fn a_clock_that_lags_behind_what_is_recorded_hides_none_of_it() {
    let world = World::new().await;
    let (token, enrolment) = enrolled(&world).await;
    world.app.clock.advance(Duration::seconds(4));
    read_everything(&world, &token, &enrolment).await;
    world.app.clock.advance(Duration::seconds(-4));
    let passed = attempt(&world, &token, &enrolment, true).await;
    assert_eq!(passed["result"]["passed"], true);
    let mine = world.api.get("/api/v1/me/attestations").bearer(&token).await.expect(200).json();
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(1), "completed and attested");

    let path = "/api/v1/modules/C2/enrolments";
    let other = world.api.post(path).bearer(&token).json(&json!({})).await.expect(201);
    world.app.clock.advance(Duration::seconds(4));
    let leave = world.api.post(&format!("{}/withdraw", other.location())).bearer(&token);
    leave.json(&json!({ "reason": "mistake" })).await.expect(200);
    world.app.clock.advance(Duration::seconds(-4));
    let attempts = format!("{}/attempts", other.location());
    let closed = world.api.post(&attempts).bearer(&token).await.expect(409);
    assert_eq!(closed.problem_code(), "enrolment-closed");
}

#[tokio::test]
async fn what_an_attestation_signs_is_verified_with_the_published_keys_alone() {
    let world = World::new().await;
    let (token, enrolment) = enrolled(&world).await;
    read_everything(&world, &token, &enrolment).await;
    attempt(&world, &token, &enrolment, true).await;
    let mine = world.api.get("/api/v1/me/attestations").bearer(&token).await.expect(200).json();
    let id = mine["items"][0]["id"].as_str().expect("an id");
    let path = format!("/api/v1/attestations/{id}/credential.jwt");
    let credential = world.api.get(&path).bearer(&token).await.expect(200);
    assert_eq!(credential.header("content-type"), Some("application/vc+jwt"));
    let keys = world.api.get("/.well-known/attestation-keys.json").await.expect(200).json();
    let jws = &credential.body;
    let kid = jsonwebtoken::decode_header(jws).expect("a header").kid.expect("a kid");
    let key = keys["keys"].as_array().expect("keys").iter().find(|k| k["kid"] == kid);
    let x = key.and_then(|k| k["x"].as_str()).expect("the key that signed");
    let decoding = jsonwebtoken::DecodingKey::from_ed_components(x).expect("an Ed25519 key");
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
    rules.required_spec_claims.clear();
    let said = jsonwebtoken::decode::<Value>(jws, &decoding, &rules).expect("a genuine JWS").claims;
    let achievement = &said["credentialSubject"]["achievement"];
    assert_eq!((&achievement["humanCode"], &achievement["version"]), (&json!("E1"), &json!("1")));
    assert!(!said.to_string().contains("Camille") && said.get("sub").is_none(), "no name: {said}");
    let access = world.api.get("/api/v1/me").bearer(jws).await.expect(401);
    assert_eq!(access.problem_code(), "unauthenticated", "an attestation opens nothing");
}
