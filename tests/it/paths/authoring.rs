//! Writing paths: what cannot be followed is refused, and nothing half published.

use serde_json::{Value, json};

use super::{create, new_path, next_path, publisher};
use crate::bad_input::tally::Tally;
use crate::world::World;

/// A sound path with one thing changed.
fn with(at: &str, value: Value) -> Value {
    let mut path = new_path("ESSAI", "ordered", &["A1", "A2"]);
    path[at] = value;
    path
}

#[tokio::test]
async fn a_path_that_nobody_could_follow_is_refused_where_it_is_wrong() {
    let world = World::new().await;
    let publisher = publisher(&world).await;
    let step = |code: &str| json!({ "any_of": [code] });
    let optional = |code: &str| json!({ "any_of": [code], "optional": true });
    let asked = |code: &str| json!([{ "any_of": [code], "kind": "required" }]);
    let many: Vec<Value> = (0..21).map(|_| step("A1")).collect();
    let cases = [
        (with("steps", json!([])), "/steps", "de 2 à 20"),
        (with("steps", json!([step("A1")])), "/steps", "de 2 à 20"),
        (with("steps", json!(many)), "/steps", "de 2 à 20"),
        (with("steps", json!([step("A1"), step("A99")])), "/steps/1", "« A99 » n’existe pas"),
        (with("steps", json!([step("A1"), step("A1")])), "/steps/1/any_of/0", "deux fois"),
        (with("steps", json!([step("A1"), step("a1")])), "/steps/1/any_of/0", "pas un code"),
        (with("steps", json!([step("A1"), { "any_of": [] }])), "/steps/1/any_of", "de 1 à 8"),
        (with("steps", json!([optional("A1"), optional("A2")])), "/steps", "facultatives"),
        (with("prerequisites", asked("A2")), "/prerequisites/0", "ramène au parcours"),
        (with("prerequisites", asked("A99")), "/prerequisites/0", "« A99 » n’existe pas"),
        (with("audiences", json!(["cadre"])), "/audiences", "« cadre »"),
        (with("audiences", json!([])), "/audiences", "1 à 3 publics"),
        (with("outcomes", json!([])), "/outcomes", "de 1 à 8"),
        (with("outcomes", json!(["x".repeat(301)])), "/outcomes/0", "300"),
        (with("title", json!("Deux\nlignes")), "/title", "une seule ligne"),
        (with("code", json!("essai")), "/code", "une majuscule"),
    ];
    let before = Tally::of(&world).await;
    for (path, pointer, words) in cases {
        let refused = create(&world, &publisher, &path).await.expect(422);
        assert_eq!(refused.problem_code(), "invalid-values", "{path}");
        let errors = refused.json()["errors"].take();
        let told = errors.as_array().expect("errors").iter().any(|error| {
            error["pointer"] == pointer
                && error["detail"].as_str().is_some_and(|detail| detail.contains(words))
        });
        assert!(told, "{pointer}, {words}: {errors}");
    }
    world.is_as_before(&before).await;
    create(&world, &publisher, &with("title", json!("Sain"))).await.expect(201);
}

#[tokio::test]
async fn a_code_is_taken_once_by_a_path_or_by_a_module() {
    let world = World::new().await;
    let publisher = publisher(&world).await;
    for code in ["ELUS", "E1", "PREMIERS-PAS"] {
        let path = new_path(code, "free", &["A1", "A2"]);
        let refused = create(&world, &publisher, &path).await.expect(409);
        assert_eq!(refused.problem_code(), "path-code-taken", "{code}");
    }
    let trainer = world.token("formatrice").await;
    let module = json!({ "code": "ELUS", "provider": "local:demonstration" });
    let refused =
        world.api.post("/api/v1/modules").bearer(&trainer).json(&module).await.expect(409);
    assert_eq!(refused.problem_code(), "module-code-taken");
    let foreign = world.token("editrice").await;
    let path = new_path("AUTRE", "free", &["A1", "A2"]);
    create(&world, &foreign, &path).await.expect(404);
}

#[tokio::test]
async fn the_next_version_quotes_the_latest_and_says_something_else() {
    let world = World::new().await;
    let publisher = publisher(&world).await;
    create(&world, &publisher, &new_path("ESSAI", "free", &["A1", "A2"])).await.expect(201);
    let put = |path: &str, tag: Option<&str>, body: &Value| {
        let call = world.api.post(&format!("/api/v1/paths/{path}/versions")).bearer(&publisher);
        let call = match tag {
            Some(tag) => call.header("If-Match", tag),
            None => call,
        };
        call.json(body)
    };
    let next = next_path("free", &["A1", "A3"]);
    assert_eq!(put("ESSAI", None, &next).await.expect(428).problem_code(), "precondition-required");
    assert_eq!(put("ESSAI", Some("\"2\""), &next).await.expect(412).problem_code(), "stale");
    let same = next_path("free", &["A1", "A2"]);
    assert_eq!(put("ESSAI", Some("\"1\""), &same).await.expect(200).json()["version"], 1);
    assert_eq!(put("ESSAI", Some("\"1\""), &next).await.expect(201).json()["version"], 2);
    put("ESSAI", Some("\"1\""), &next).await.expect(412);
    let ours = put("ELUS", Some("\"1\""), &next).await.expect(409);
    assert_eq!(ours.problem_code(), "path-from-files");
}

#[tokio::test]
async fn of_two_publishers_at_the_same_instant_one_wins() {
    let world = World::new().await;
    let publisher = publisher(&world).await;
    create(&world, &publisher, &new_path("ESSAI", "free", &["A1", "A2"])).await.expect(201);
    let mut asked = tokio::task::JoinSet::new();
    for module in ["A3", "A4", "C1", "C2"] {
        let call = world.api.post("/api/v1/paths/ESSAI/versions").bearer(&publisher);
        let next = next_path("free", &["A1", module]);
        asked.spawn(async move { call.header("If-Match", "\"1\"").json(&next).await.status });
    }
    let mut statuses = asked.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412, 412, 412]);
    let versions = world.api.get("/api/v1/paths/ESSAI/versions").await.expect(200).json();
    assert_eq!(versions["items"].as_array().map(Vec::len), Some(2));
}
