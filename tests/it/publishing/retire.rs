//! A module that leaves the catalogue, and comes back.

use serde_json::json;

use super::{Press, draft};
use crate::deeds::learn;

#[tokio::test]
async fn a_retired_module_is_finished_by_those_who_began_and_begun_by_nobody() {
    let press = Press::new().await;
    press.published("FINI").await;
    press.rewrite("FINI", "Une deuxième version.").await;
    press.accepted("FINI").await;
    let request = press.request("FINI", "editorial").await;
    press.publish("FINI", &request).await.expect(201);
    let (holder, begun) = (press.learner("titulaire").await, press.learner("en-cours").await);
    let attested = learn(&press.world, &holder.token, "FINI").await;
    let enrol = |token: &str| {
        press.world.api.post("/api/v1/modules/FINI/enrolments").bearer(token).json(&json!({}))
    };
    let enrolment = enrol(&begun.token).await.expect(201).location();
    let retire = |reason: &str| {
        press.post(&press.publisher, "/api/v1/modules/FINI/retire", &json!({ "reason": reason }))
    };
    let listed = async || {
        let page = press.world.api.get("/api/v1/modules?limit=200").await.expect(200).json();
        page["items"].as_array().expect("modules").iter().any(|m| m["code"] == "FINI")
    };
    assert!(listed().await, "it is there to be retired");
    let retired = retire("Remplacé.").await.expect(200).json();
    assert_eq!((&retired["after_version"], &retired["reason"]), (&json!(2), &json!("Remplacé.")));
    assert_eq!(retire("Pour une autre raison.").await.expect(200).json(), retired, "once");
    let api = &press.world.api;
    api.get("/api/v1/modules/FINI").await.expect(404);
    assert!(!listed().await);
    let versions = api.get("/api/v1/modules/FINI/versions").await.expect(200).json();
    let states: Vec<_> =
        versions["items"].as_array().expect("versions").iter().map(|v| &v["state"]).collect();
    assert_eq!(states, ["retired", "superseded"]);
    for number in [1, 2] {
        api.get(&format!("/api/v1/modules/FINI/versions/{number}")).await.expect(200);
    }
    let refused = enrol(&press.learner("trop-tard").await.token).await.expect(409);
    assert_eq!(refused.problem_code(), "module-retired");
    enrol(&begun.token).await.expect(200);
    let lesson = api.get(&enrolment).bearer(&begun.token).await.expect(200).json();
    let slug = lesson["lessons"][0]["slug"].as_str().expect("a lesson");
    let done = api.post(&format!("{enrolment}/lessons/{slug}/done")).bearer(&begun.token);
    done.await.expect(200);
    let code = attested["code"].as_str().expect("a code");
    api.get(&format!("/api/v1/verify/{code}")).await.expect(200);
    press.rewrite("FINI", "Une troisième version.").await;
    press.accepted("FINI").await;
    let request = press.request("FINI", "substantive").await;
    press.publish("FINI", &request).await.expect(201);
    api.get("/api/v1/modules/FINI").await.expect(200);
    enrol(&press.learner("a-temps").await.token).await.expect(201);
}

#[tokio::test]
async fn what_is_to_come_or_was_never_there_is_not_retired() {
    let press = Press::new().await;
    press.published("BIENTOT").await;
    press.rewrite("BIENTOT", "La suite.").await;
    press.accepted("BIENTOT").await;
    let mut request = press.request("BIENTOT", "editorial").await;
    request["at"] = json!(press.world.app.clock.now() + chrono::Duration::hours(1));
    press.publish("BIENTOT", &request).await.expect(202);
    let why = json!({ "reason": "Remplacé." });
    let refused = press.post(&press.publisher, "/api/v1/modules/BIENTOT/retire", &why).await;
    assert_eq!(refused.expect(409).problem_code(), "publication-scheduled");
    press.write("VIERGE", "").await;
    press.post(&press.publisher, "/api/v1/modules/VIERGE/retire", &why).await.expect(404);
    press.world.api.get(&draft("VIERGE")).bearer(&press.trainer.token).await.expect(200);
}
