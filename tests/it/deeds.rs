//! What a learner and a trainer do over and over: follow a module to its attestation, write a draft.

use std::collections::BTreeMap;
use std::path::Path;

use maitrise::content::ModuleCode;
use serde_json::{Value, json};

use crate::world::World;

/// The draft that the demonstration puts on the trainer's desk: a manifest, a lesson, a quiz.
const DRAFT: [&str; 3] =
    ["module.toml", "lessons/01-trois-questions-avant-dessayer.md", "quiz/01-quiz.toml"];

/// Follows a published module to its end; answers the attestation.
pub async fn learn(world: &World, token: &str, code: &str) -> Value {
    let api = &world.api;
    let enrol = api.post(&format!("/api/v1/modules/{code}/enrolments")).bearer(token);
    let enrolled = enrol.json(&json!({})).await.expect(201);
    let enrolment = enrolled.location();
    for lesson in enrolled.json()["lessons"].as_array().expect("lessons") {
        let slug = lesson["slug"].as_str().expect("a slug");
        let done = api.post(&format!("{enrolment}/lessons/{slug}/done")).bearer(token);
        done.await.expect(200);
    }
    let attempt = api.post(&format!("{enrolment}/attempts")).bearer(token).await.expect(201);
    let submit = api.post(&format!("{}/submit", attempt.location())).bearer(token);
    let answers = json!({ "answers": right_answers(world, code).await });
    assert_eq!(submit.json(&answers).await.expect(200).json()["result"]["passed"], true);
    let mine = api.get("/api/v1/me/attestations").bearer(token).await.expect(200).json();
    let items = mine["items"].as_array().expect("attestations");
    let attested = items.iter().find(|a| a["statement"]["module"] == code);
    attested.expect("an attestation").clone()
}

/// The right choices of every question of a published module, none of which is an ordering.
pub async fn right_answers(world: &World, code: &str) -> BTreeMap<String, Vec<String>> {
    let catalogue = world.app.shelf.current(world.app.db.read()).await.expect("a catalogue");
    let edition = catalogue.get(&ModuleCode::parse(code).expect("a code")).expect("a module");
    let right = edition.content.quiz.questions().map(|q| (q.id.clone(), q.task.key()));
    right.collect()
}

/// Creates a module of a provider and writes its draft, ready to be submitted: the demonstration's
/// own, with `more` at the head of its manifest.
pub async fn fill_draft(world: &World, trainer: &str, code: &str, provider: &str, more: &str) {
    let new = json!({ "code": code, "provider": provider });
    let created = world.api.post("/api/v1/modules").bearer(trainer).json(&new).await.expect(201);
    let mut tag = created.etag();
    for path in DRAFT {
        let text = draft_file(path)
            .replace("code = \"PREMIERS-PAS\"", &format!("code = \"{code}\"\n{more}"))
            .replace("local:demonstration", provider);
        let put = world.api.put(&format!("/api/v1/modules/{code}/draft/files?path={path}"));
        let put = put.bearer(trainer).header("If-Match", &tag);
        let put = put.header("Content-Type", "text/plain; charset=utf-8").body(text);
        tag = put.await.expect(200).etag();
    }
}

/// A file of the demonstration's draft.
pub fn draft_file(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/drafts/PREMIERS-PAS");
    std::fs::read_to_string(root.join(path)).expect(path)
}

/// Submits a draft of the demonstration's provider, has it reviewed, and publishes it.
pub async fn publish(world: &World, code: &str) {
    let known =
        async |word: &str| world.known(&format!("{word}@demonstration.example")).await.token;
    let draft = format!("/api/v1/modules/{code}/draft");
    let trainer = known("formatrice").await;
    let submitted = world.api.post(&format!("{draft}/submit")).bearer(&trainer).await.expect(200);
    let digest = &submitted.json()["digest"];
    let review = json!({ "digest": digest, "verdict": "accepted", "comment": "Relu." });
    let reviewed = world.api.post(&format!("{draft}/review")).bearer(&known("relecteur").await);
    reviewed.json(&review).await.expect(200);
    let publisher = known("editrice").await;
    let preview = world.api.post(&format!("{draft}/publish/preview")).bearer(&publisher);
    let preview = preview.json(&json!({ "change": "substantive" })).await.expect(200).json();
    let publish = json!({ "change": "substantive", "digest": preview["digest"] });
    let published = world.api.post(&format!("{draft}/publish")).bearer(&publisher);
    published.json(&publish).await.expect(201);
}
