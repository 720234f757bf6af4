//! What the binary ships: three requirements, all out of force, and what each waits for.

use serde_json::json;

use super::{entered, owed, required};
use crate::world::World;

#[tokio::test]
async fn what_is_shipped_is_out_of_force_and_says_why_and_waits_for_what_it_lacks() {
    let world = World::new().await;
    let national = world.known("national@demonstration.example").await.token;
    let elue = world.known("elue@demonstration.example").await.token;
    let get = |path: &str| world.api.get(&format!("/api/v1/requirements{path}")).bearer(&national);
    let all = get("").await.expect(200).json();
    let all = all["items"].as_array().expect("requirements");
    let of = |code: &str| all.iter().find(|r| r["code"] == code).expect(code);
    for (code, reference) in [
        ("maitrise-ia", "ria-4"),
        ("elus-delegation", "cgct-2123-12"),
        ("nis2-organes-de-direction", "nis2-projet-loi"),
    ] {
        assert_eq!(
            (&of(code)["state"], &of(code)["reference"]),
            (&json!("disabled"), &json!(reference))
        );
        assert!(of(code)["reason"].as_str().is_some_and(|why| why.len() > 40), "{code}");
    }
    assert_eq!(of("maitrise-ia")["force"], "recommended");
    assert_eq!(of("elus-delegation")["agreed_only"], true);
    entered(&world).await;
    assert!(owed(&world, &elue).await.is_empty(), "nobody owes anything by them");
    let enable = |code: &str, digest: &serde_json::Value, band: &serde_json::Value| {
        let path = format!("/api/v1/requirements/{code}/enable");
        let body = json!({ "digest": digest, "confirmed_persons": band });
        world.api.post(&path).bearer(&national).json(&body)
    };
    for (code, at) in [("elus-delegation", "/module"), ("nis2-organes-de-direction", "/reference")]
    {
        let path = format!("/api/v1/requirements/{code}/preview");
        let seen = world.api.post(&path).bearer(&national).await.expect(200).json();
        let refused = enable(code, &seen["digest"], &seen["band"]).await.expect(422);
        assert!(refused.body.contains(at), "{}", refused.body);
    }
    // The law is promulgated: its date is recorded, and the requirement can be enabled.
    let text = "/api/v1/references/nis2-projet-loi";
    let tag = world.api.get(text).bearer(&national).await.expect(200).etag();
    let law = json!({
        "text": "Loi de transposition", "grade": "V", "verified_on": "2026-11-01",
        "in_force_from": "2026-11-15",
    });
    let record = world.api.post(&format!("{text}/versions")).bearer(&national);
    record.header("If-Match", &tag).json(&law).await.expect(201);
    super::enable(&world, &national, "nis2-organes-de-direction").await;
    // A module is mapped to the other.
    let path = "/api/v1/requirements/elus-delegation";
    let tag = get("/elus-delegation").await.expect(200).etag();
    let version = required(json!({ "agreed_only": true, "reference": "cgct-2123-12" }));
    let put = world.api.put(path).bearer(&national).header("If-Match", &tag).json(&version);
    put.await.expect(200);
    super::enable(&world, &national, "elus-delegation").await;
    let told = get("/elus-delegation").await.expect(200).json();
    let states: Vec<&str> = told["history"]
        .as_array()
        .expect("a history")
        .iter()
        .filter_map(|version| version["state"].as_str())
        .collect();
    assert_eq!(states, ["enabled", "written", "disabled"], "all of it is kept");
}

#[tokio::test]
async fn shipping_again_changes_nothing() {
    let world = World::new().await;
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let now = world.app.clock.now();
    assert_eq!(maitrise::requirements::shipped::load(&tx, now).await.expect("loaded"), 0);
}
