//! What cannot be meant is refused, everything at fault named, and nothing changes.

use serde_json::{Value, json};

use super::{owed, required};
use crate::world::World;

/// The places at fault of a refused creation, in order.
async fn faults(world: &World, token: &str, more: Value) -> Vec<String> {
    let body = json!({ "code": "essai", "version": required(more) });
    let refused = world.api.post("/api/v1/requirements").bearer(token).json(&body).await;
    let refused = refused.expect(422).json();
    let errors = refused["errors"].as_array().unwrap_or_else(|| panic!("{refused}")).iter();
    errors
        .map(|e| e["pointer"].as_str().or(e["at"].as_str()).expect("a place").to_owned())
        .collect()
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_everything_at_once() {
    let world = World::new().await;
    let national = world.known("national@demonstration.example").await.token;
    let after = |months: u32| json!({ "after": { "event": "office", "months": months } });
    for (more, expected) in [
        (json!({ "module": null }), vec!["/version/module"]),
        (json!({ "path": "ELUS" }), vec!["/version/module"]),
        (json!({ "module": "INCONNU" }), vec!["/version/module"]),
        (json!({ "reference": "nulle-part" }), vec!["/version/reference"]),
        (json!({ "audience": { "any_of": [] } }), vec!["/version/audience/any_of"]),
        (json!({ "due": { "on": "2020-01-01" } }), vec!["/version/due/on"]),
        (json!({ "due": {} }), vec!["/version/due"]),
        (json!({ "renewal": { "months": 0, "window_days": 0 } }), vec!["/version/renewal/months"]),
        (
            json!({ "renewal": { "months": 2, "window_days": 90 } }),
            vec!["/version/renewal/window_days"],
        ),
        (json!({ "accepts_months": 0 }), vec!["/version/accepts_months"]),
        (json!({ "versions": "from" }), vec!["/version/from_number"]),
        (json!({ "versions": "from", "from_number": 99 }), vec!["/version/from_number"]),
        (
            json!({ "module": null, "path": "ELUS", "versions": "current" }),
            vec!["/version/versions"],
        ),
        (
            json!({ "due": { "after": { "event": "legal_change", "months": 6 } } }),
            vec!["/version/reference"],
        ),
        (
            json!({
                "due": after(12),
                "audience": { "any_of": [
                    { "population_min": 9, "population_max": 3 },
                    { "organisation_kinds": ["village"], "within": ["insee:00000"] },
                ] },
                "accepts_months": 9_999,
            }),
            vec![
                "/version/accepts_months",
                "/version/audience/any_of/0/population_max",
                "/version/audience/any_of/1/organisation_kinds/0",
            ],
        ),
        (
            json!({ "audience": { "any_of": [{ "within": ["insee:99999"] }] } }),
            vec!["/version/audience/any_of/0/within/0"],
        ),
    ] {
        let told = more.to_string();
        assert_eq!(faults(&world, &national, more).await, expected, "{told}");
    }
    world.api.get("/api/v1/requirements/essai").bearer(&national).await.expect(404);
}

#[tokio::test]
async fn an_audience_of_nobody_or_of_everybody_is_confirmed_and_an_old_preview_is_refused() {
    let world = World::new().await;
    let national = world.known("national@demonstration.example").await.token;
    let post = |path: String, body: Value| world.api.post(&path).bearer(&national).json(&body);
    let nobody = json!({ "any_of": [{ "functions": ["personne de ce nom"] }] });
    for (code, audience, band) in
        [("personne", nobody, "few"), ("tous", json!({ "any_of": [{}] }), "tens")]
    {
        let version = required(json!({ "audience": audience }));
        let path = format!("/api/v1/requirements/{code}");
        let written =
            post("/api/v1/requirements".to_owned(), json!({ "code": code, "version": version }));
        let tag = written.await.expect(201).etag();
        let taken =
            post("/api/v1/requirements".to_owned(), json!({ "code": code, "version": version }));
        assert_eq!(taken.await.expect(409).problem_code(), "requirement-code-taken");
        let seen = world.api.post(&format!("{path}/preview")).bearer(&national).await;
        let seen = seen.expect(200).json();
        assert_eq!(seen["to_confirm"], true, "{seen}");
        assert_eq!(seen["everyone"], code == "tous", "{seen}");
        let enable = |body: Value| post(format!("{path}/enable"), body);
        let bare = enable(json!({ "digest": seen["digest"] })).await.expect(409);
        assert_eq!(bare.problem_code(), "audience-unconfirmed");
        let wrong = json!({ "digest": seen["digest"], "confirmed_persons": "thousands" });
        assert_eq!(enable(wrong).await.expect(409).problem_code(), "audience-unconfirmed");
        let old = json!({ "digest": "0".repeat(64), "confirmed_persons": seen["band"] });
        assert_eq!(enable(old).await.expect(409).problem_code(), "preview-outdated");
        let put = |tag: Option<&str>| {
            let put = world.api.put(&path).bearer(&national).json(&version);
            match tag {
                Some(tag) => put.header("If-Match", tag),
                None => put,
            }
        };
        put(None).await.expect(428);
        put(Some("\"9\"")).await.expect(412);
        put(Some(&tag)).await.expect(200);
        let moved = json!({ "digest": seen["digest"], "confirmed_persons": seen["band"] });
        assert_eq!(enable(moved).await.expect(409).problem_code(), "preview-outdated");
        let seen = world.api.post(&format!("{path}/preview")).bearer(&national).await;
        let seen = seen.expect(200).json();
        let right = json!({ "digest": seen["digest"], "confirmed_persons": seen["band"] });
        assert_eq!(enable(right).await.expect(200).json()["state"], "enabled");
        assert!(seen["band"] == band || code == "tous", "{seen}");
    }
}

#[tokio::test]
async fn an_exemption_without_a_document_or_in_the_past_or_from_what_is_not_owed_is_refused() {
    let world = World::new().await;
    let elue = world.known("elue@demonstration.example").await.token;
    let national = world.known("national@demonstration.example").await.token;
    let employer = world.known("employeur@demonstration.example").await.token;
    let version = required(json!({ "module": "A2" }));
    super::enabled(&world, &national, "tous", &version).await;
    super::entered(&world).await;
    let mine = owed(&world, &elue).await.remove(0);
    let path = format!("/api/v1/obligations/{}/exempt", mine["id"].as_str().expect("an id"));
    let exempt = |body: Value| world.api.post(&path).bearer(&employer).json(&body);
    let digest = "0".repeat(64);
    let loud = json!({ "reason": "absence", "document_digest": "A".repeat(64) });
    exempt(loud).await.expect(422);
    let past = json!({ "reason": "absence", "until": "2020-01-01", "document_digest": digest });
    exempt(past).await.expect(422);
    let ill = json!({ "reason": "maladie", "document_digest": digest });
    exempt(ill).await.expect(422);
    assert_eq!(owed(&world, &elue).await[0]["status"], "open", "nothing changed");
    let why = json!({ "reason": "Un essai." });
    let disable = world.api.post("/api/v1/requirements/tous/disable").bearer(&national);
    disable.json(&why).await.expect(200);
    assert_eq!(owed(&world, &elue).await[0]["status"], "closed", "at once");
    let late = json!({ "reason": "absence", "document_digest": digest });
    assert_eq!(exempt(late).await.expect(409).problem_code(), "obligation-not-owed");
    let mut again = super::owed(&world, &elue).await;
    super::enable(&world, &national, "tous").await;
    super::entered(&world).await;
    again.retain(|o| o["status"] == "open");
    assert!(again.is_empty());
    let now = owed(&world, &elue).await;
    let states: Vec<&str> = now.iter().filter_map(|o| o["status"].as_str()).collect();
    assert_eq!((states.len(), states.contains(&"open")), (2, true), "opened afresh: {states:?}");
}
