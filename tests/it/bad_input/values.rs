//! Values that fit their shape and break a rule: dates, references, other people's things, stale tags.

use serde_json::json;

use super::answers::refused;
use super::tally::Tally;
use crate::world::World;

async fn token(world: &World, word: &str) -> String {
    world.known(&format!("{word}@demonstration.example")).await.token
}

#[tokio::test]
async fn a_due_date_that_is_past_too_far_or_no_date_is_refused() {
    let world = World::new().await;
    let (elue, before) = (token(&world, "elue").await, Tally::of(&world).await);
    let today = world.app.clock.now().with_timezone(&chrono_tz::Europe::Paris).date_naive();
    let yesterday = today.pred_opt().expect("a day before").to_string();
    for (due_on, code) in [
        (yesterday.as_str(), "invalid-values"),
        ("1900-01-01", "invalid-values"),
        ("-262143-01-01", "invalid-values"),
        ("2099-01-01", "invalid-values"),
        ("9999-12-31", "invalid-values"),
        ("2027-02-30", "invalid-body"),
        ("pas une date", "invalid-body"),
        ("2027-03-31T00:00:00Z", "invalid-body"),
        ("", "invalid-body"),
    ] {
        let enrol = world.api.post("/api/v1/modules/E1/enrolments").bearer(&elue);
        let answer = enrol.json(&json!({ "due_on": due_on })).await;
        refused(&answer, 422, code, due_on);
        assert_eq!(answer.json()["errors"][0]["pointer"], "/due_on", "{}", answer.body);
    }
    world.is_as_before(&before).await;
    let enrol = world.api.post("/api/v1/modules/E1/enrolments").bearer(&elue);
    enrol.json(&json!({ "due_on": today })).await.expect(201);
}

#[tokio::test]
async fn every_value_at_fault_is_listed_at_once() {
    let world = World::new().await;
    let (employer, before) = (token(&world, "employeur").await, Tally::of(&world).await);
    let person = json!({
        "given_name": " ", "family_name": "a\u{7}b", "email": "nobody at all", "capacity": "agent",
        "mandate": " ", "category": "Z", "since": "2099-01-01",
    });
    let invite = world.api.post("/api/v1/organisations/insee:35021/people").bearer(&employer);
    let answer = invite.json(&person).await;
    refused(&answer, 422, "invalid-values", "an invitation");
    let errors = answer.json()["errors"].as_array().expect("errors").clone();
    let pointers: Vec<_> = errors.iter().map(|e| e["pointer"].as_str().expect("one")).collect();
    for field in ["/given_name", "/family_name", "/email", "/mandate", "/category", "/since"] {
        assert!(pointers.contains(&field), "{field} is not among {pointers:?}");
    }
    world.is_as_before(&before).await;
}

#[tokio::test]
async fn an_organisation_that_does_not_exist_has_nothing() {
    let world = World::new().await;
    let (national, before) = (token(&world, "national").await, Tally::of(&world).await);
    let employer = token(&world, "employeur").await;
    let get = async |path: &str, who: &str| world.api.get(path).bearer(who).await;
    for absent in ["insee:99999", "999999999", "cdg:NULLE-PART", "local:personne", "dep:99"] {
        let path = format!("/api/v1/organisations/{absent}");
        refused(&get(&path, &national).await, 404, "not-found", absent);
        refused(&get(&format!("{path}/people"), &employer).await, 404, "not-found", absent);
    }
    for malformed in ["12345678", "siren:213500218", "insee:1", "cdg:cdg-35", "local:<b>"] {
        let answer = get(&format!("/api/v1/organisations/{malformed}"), &national).await;
        refused(&answer, 422, "invalid-parameter", malformed);
        assert!(!answer.body.contains(malformed), "{malformed} is repeated: {}", answer.body);
    }
    let trainer = token(&world, "formatrice").await;
    for provider in ["local:personne", "insee:99999", "<b>"] {
        let new = json!({ "code": "NOUVEAU", "provider": provider });
        let answer = world.api.post("/api/v1/modules").bearer(&trainer).json(&new).await;
        refused(&answer, 404, "not-found", provider);
    }
    world.is_as_before(&before).await;
}

#[tokio::test]
async fn a_module_code_that_cannot_be_one_is_refused_without_being_repeated() {
    let world = World::new().await;
    let (trainer, before) = (token(&world, "formatrice").await, Tally::of(&world).await);
    for code in
        ["", "e1", "1A", "É1", "A B", "'; DROP TABLE module; --", "<b>x</b>", &"A".repeat(25)]
    {
        let new = json!({ "code": code, "provider": "local:demonstration" });
        let answer = world.api.post("/api/v1/modules").bearer(&trainer).json(&new).await;
        refused(&answer, 422, "invalid-values", code);
        assert!(!answer.body.contains("DROP") && !answer.body.contains("<b>"), "{}", answer.body);
    }
    world.is_as_before(&before).await;
}

#[tokio::test]
async fn the_file_of_a_draft_stays_in_the_draft() {
    let world = World::new().await;
    let (trainer, before) = (token(&world, "formatrice").await, Tally::of(&world).await);
    let draft = "/api/v1/modules/PREMIERS-PAS/draft";
    let tag = world.api.get(draft).bearer(&trainer).await.expect(200).etag();
    for path in [
        "../x.md",
        "/etc/passwd",
        "a//b",
        ".",
        "",
        "lessons/..%2f..",
        "a%5Cb",
        "LESSONS/01-x.md%20",
    ] {
        let put = world.api.put(&format!("{draft}/files?path={path}")).bearer(&trainer);
        let put = put.header("If-Match", &tag).header("Content-Type", "text/plain").body("x").await;
        refused(&put, 422, "invalid-values", path);
        let get = world.api.get(&format!("{draft}/files?path={path}")).bearer(&trainer).await;
        refused(&get, 404, "not-found", path);
    }
    let put = world.api.put(&format!("{draft}/files?path=lessons/02-suite.md")).bearer(&trainer);
    let put = put.header("If-Match", &tag).header("Content-Type", "text/plain; charset=utf-8");
    refused(&put.body(b"\xff\xfe".to_vec()).await, 400, "unreadable-body", "not UTF-8");
    world.is_as_before(&before).await;
}
