//! Following a path: in its order, by any of several modules, with what was completed before.

use maitrise::records::model::FactKind;
use serde_json::{Value, json};

use super::{begin, create, elu, enrol, facts, finish, look, new_path, publisher};
use crate::deeds::learn;
use crate::world::World;

#[tokio::test]
async fn the_paths_of_the_binary_are_listed_with_the_minutes_of_their_modules_and_a_tag() {
    let world = World::new().await;
    let listed = world.api.get("/api/v1/paths").await.expect(200);
    let paths = listed.json()["items"].take();
    let paths = paths.as_array().expect("paths");
    let codes: Vec<&str> = paths.iter().filter_map(|path| path["code"].as_str()).collect();
    assert_eq!(codes, ["AGENTS", "CADRES", "ELUS", "PREMIERE-HEURE"]);
    let first = &paths[3];
    let minutes = |module: &Value| module["minutes"].as_u64().expect("minutes");
    let (mut least, mut most) = (0, 0);
    for step in first["steps"].as_array().expect("steps") {
        let modules = step["any_of"].as_array().expect("modules");
        assert!(modules.iter().all(|module| module["published"] == true), "{step}");
        least += modules.iter().map(minutes).min().expect("a module");
        most += modules.iter().map(minutes).max().expect("a module");
    }
    assert_eq!(first["total_minutes"], json!({ "min": least, "max": most }));
    assert_eq!(
        (&first["provider"]["ref"], &first["version"]),
        (&json!("local:maitrise"), &json!(1))
    );
    for path in ["/api/v1/paths", "/api/v1/paths/ELUS", "/api/v1/paths/ELUS/versions/1"] {
        let tag = world.api.get(path).await.expect(200).etag();
        world.api.get(path).header("If-None-Match", &tag).await.expect(304);
    }
    let page = world.api.get("/api/v1/paths?limit=3").await.expect(200).json();
    let next = format!("/api/v1/paths?limit=3&after={}", page["next"].as_str().expect("a cursor"));
    let rest = world.api.get(&next).await.expect(200).json();
    assert_eq!(
        (&rest["items"][0]["code"], &rest["next"]),
        (&json!("PREMIERE-HEURE"), &Value::Null)
    );
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_ordered_path_opens_step_by_step_and_is_completed_with_its_last_module() {
    let world = World::new().await;
    let who = elu(&world, "elue-ordre").await;
    let token = &who.token;
    let enrolled = enrol(&world, token, "PREMIERE-HEURE").await.expect(201);
    let followed = enrolled.location();
    let again = enrol(&world, token, "PREMIERE-HEURE").await.expect(200);
    assert_eq!(again.location(), followed, "enrolling twice is enrolling once");
    let start = enrolled.json();
    assert_eq!((&start["state"], &start["percent"]), (&json!("enrolled"), &json!(0)));
    assert_eq!(start["next"], json!(["E1", "A1"]));

    let early = begin(&world, token, &followed, "A2").await.expect(409);
    assert_eq!(early.problem_code(), "path-order");
    assert!(
        early.json()["detail"].as_str().is_some_and(|d| d.contains("E1 ou A1")),
        "{}",
        early.body
    );
    let stranger = begin(&world, token, &followed, "C1").await.expect(404);
    assert_eq!(stranger.problem_code(), "not-found");
    // Outside the path nothing is ordered, and what was begun there is found.
    let direct = world.api.post("/api/v1/modules/A2/enrolments").bearer(token).json(&json!({}));
    let direct = direct.await.expect(201).location();

    let opened = begin(&world, token, &followed, "A1").await.expect(201).location();
    finish(&world, token, &opened, "A1").await;
    let third = look(&world, token, &followed).await;
    assert_eq!((&third["state"], &third["percent"]), (&json!("in_progress"), &json!(33)));
    assert_eq!(
        (&third["next"], &third["steps"][0]["state"]),
        (&json!(["A2"]), &json!("completed"))
    );
    assert_eq!(third["steps"][1]["open"], true);
    assert_eq!(third["steps"][2]["open"], false);
    let left = ["A2", "A4"].iter().map(|code| minutes_of(&third, code)).sum::<u64>();
    assert_eq!(third["minutes_left"], json!({ "min": left, "max": left }));

    let found = begin(&world, token, &followed, "A2").await.expect(200);
    assert_eq!(found.location(), direct);
    finish(&world, token, &direct, "A2").await;
    assert_eq!(facts(&world, &who, FactKind::PathCompleted).await.len(), 0);
    let last = begin(&world, token, &followed, "A4").await.expect(201).location();
    finish(&world, token, &last, "A4").await;
    let done = look(&world, token, &followed).await;
    assert_eq!((&done["state"], &done["percent"]), (&json!("completed"), &json!(100)));
    assert_eq!((&done["next"], &done["minutes_left"]["max"]), (&json!([]), &json!(0)));

    let told = facts(&world, &who, FactKind::PathCompleted).await;
    assert_eq!(told.len(), 1);
    let completions = facts(&world, &who, FactKind::Completed).await;
    let of_last = completions.iter().find(|f| f.payload["module"] == "A4").expect("a completion");
    assert_eq!(told[0].recorded_at, of_last.recorded_at, "told with the completion that brings it");
    let modules = told[0].payload["modules"].as_array().expect("modules");
    let codes: Vec<&Value> = modules.iter().map(|module| &module["module"]).collect();
    assert_eq!(codes, ["A1", "A2", "A4"]);
    let through = facts(&world, &who, FactKind::Enrolled).await;
    let linked = |module: &str| {
        let fact = through.iter().find(|fact| fact.payload["module"] == module).expect("told");
        fact.payload["path_enrolment_id"].clone()
    };
    assert_eq!((linked("A4"), linked("A2")), (done["id"].clone(), Value::Null));
    let leave = world.api.post(&format!("{followed}/withdraw")).bearer(token);
    let refused = leave.json(&json!({ "reason": "other" })).await.expect(409);
    assert_eq!(refused.problem_code(), "already-completed");
}

fn minutes_of(followed: &Value, code: &str) -> u64 {
    let steps = followed["steps"].as_array().expect("steps");
    let mut modules = steps.iter().flat_map(|step| step["any_of"].as_array().expect("modules"));
    let module = modules.find(|module| module["code"] == code).expect("a module");
    module["minutes"].as_u64().expect("minutes")
}

/// The figures of the CDG of Ille-et-Vilaine.
async fn figures(world: &World) -> Value {
    let path = "/api/v1/statistics/completions?perimeter=cdg:CDG-35";
    world.api.get(path).bearer(&world.token("cdg35").await).await.expect(200).json()
}

#[tokio::test]
async fn whoever_has_done_everything_completes_the_path_by_enrolling_and_no_figure_moves() {
    let world = World::new().await;
    let who = elu(&world, "elue-avance").await;
    for module in ["E1", "A2", "A4"] {
        learn(&world, &who.token, module).await;
    }
    let before = figures(&world).await;
    assert!(before["total"]["completed"].as_i64().is_some_and(|n| n > 0), "{before}");
    let enrolled = enrol(&world, &who.token, "PREMIERE-HEURE").await.expect(201).json();
    assert_eq!((&enrolled["state"], &enrolled["percent"]), (&json!("completed"), &json!(100)));
    assert!(enrolled["completed_at"].is_string());
    let elsewhere = enrol(&world, &who.token, "AGENTS").await.expect(201);
    let leave = world.api.post(&format!("{}/withdraw", elsewhere.location())).bearer(&who.token);
    leave.json(&json!({ "reason": "other" })).await.expect(200);
    for kind in [FactKind::PathEnrolled, FactKind::PathCompleted, FactKind::PathWithdrawn] {
        let told = facts(&world, &who, kind).await;
        assert!(!told.is_empty() && told.iter().all(|fact| fact.module_id.is_none()), "{kind:?}");
    }
    assert_eq!(figures(&world).await, before, "no fact about a path counts as one about a module");
    let mine = world.api.get("/api/v1/me/path-enrolments").bearer(&who.token).await.expect(200);
    let mine = mine.json()["items"].take();
    let states: Vec<&Value> = mine.as_array().expect("paths").iter().map(|p| &p["state"]).collect();
    assert_eq!(states, ["withdrawn", "completed"], "latest first");
}

#[tokio::test]
async fn what_a_path_requires_first_is_asked_of_whoever_enrols() {
    let world = World::new().await;
    let publisher = publisher(&world).await;
    let mut path = new_path("SUITE", "free", &["A2", "A4"]);
    path["prerequisites"] = json!([
        { "any_of": ["E1", "A1"], "kind": "required" }, { "any_of": ["A3"], "kind": "advised" },
    ]);
    create(&world, &publisher, &path).await.expect(201);
    let who = elu(&world, "elue-suite").await;
    let refused = enrol(&world, &who.token, "SUITE").await.expect(409);
    assert_eq!(refused.problem_code(), "prerequisite-missing");
    let detail = refused.json()["detail"].take();
    assert_eq!(detail, "Achevez d'abord : E1 ou A1.");
    assert_eq!(facts(&world, &who, FactKind::PathEnrolled).await.len(), 0);
    learn(&world, &who.token, "E1").await;
    enrol(&world, &who.token, "SUITE").await.expect(201);
    let trainer = world.token("formatrice").await;
    let nobody = enrol(&world, &trainer, "ELUS").await.expect(409);
    assert_eq!(nobody.problem_code(), "no-capacity");
}

#[tokio::test]
async fn whoever_leaves_a_path_keeps_its_modules_and_may_come_back() {
    let world = World::new().await;
    let who = elu(&world, "elue-retour").await;
    let followed = enrol(&world, &who.token, "AGENTS").await.expect(201).location();
    let module = begin(&world, &who.token, &followed, "A1").await.expect(201).location();
    let reason = json!({ "reason": "no_time" });
    let leave = || world.api.post(&format!("{followed}/withdraw")).bearer(&who.token).json(&reason);
    assert_eq!(leave().await.expect(200).json()["state"], "withdrawn");
    assert_eq!(leave().await.expect(200).json()["state"], "withdrawn");
    assert_eq!(facts(&world, &who, FactKind::PathWithdrawn).await.len(), 1);
    let closed = begin(&world, &who.token, &followed, "A1").await.expect(409);
    assert_eq!(closed.problem_code(), "enrolment-closed");
    finish(&world, &who.token, &module, "A1").await;
    let back = enrol(&world, &who.token, "AGENTS").await.expect(201);
    assert_ne!(back.location(), followed);
    assert_eq!(back.json()["percent"], 25, "what was completed meanwhile counts");
    let other = elu(&world, "elue-autre").await;
    world.api.get(&followed).bearer(&other.token).await.expect(404);
}
