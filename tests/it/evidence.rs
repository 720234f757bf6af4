//! What stands behind an attestation, read years later.

use chrono::Duration;
use maitrise::accounts::model::Role;
use maitrise::journal::model::journal_entry::{COLUMN, Entity};
use sea_orm::{EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::deeds::{fill_draft, learn, publish};
use crate::references::{create, revise, telling};
use crate::requirements::{enabled, entered, required};
use crate::world::World;

const LAW: &str = "Loi d'essai, art. 12";

async fn read(world: &World, token: &str, attestation: &Value) -> Value {
    let path = format!("/api/v1/attestations/{}/evidence", attestation["id"].as_str().expect("id"));
    world.api.get(&path).bearer(token).await.expect(200).json()
}

/// SHA-256 over the lines of the files, as anybody computes it again.
fn tree_digest(files: &Value) -> String {
    let line = |file: &Value| {
        let word = |key: &str| file[key].as_str().expect("a text").to_owned();
        format!("{}  {}\n", word("digest"), word("path"))
    };
    let lines: String = files.as_array().expect("files").iter().map(line).collect();
    Sha256::digest(lines).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn what_stands_behind_an_attestation_is_told_as_it_was_then_and_tells_no_key() {
    let world = World::new().await;
    let national = world.token("national").await;
    let trainer = world.token("formatrice").await;
    fill_draft(&world, &trainer, "PREUVE", "local:demonstration", "").await;
    publish(&world, "PREUVE").await;
    create(&world, &national, "loi-essai-12", &telling(LAW, &json!({}))).await.expect(201);
    let version = required(json!({ "module": "PREUVE", "reference": "loi-essai-12" }));
    enabled(&world, &national, "preuve", &version).await;
    let elu = world.admit("elue-preuve").await;
    world.elect(&elu, "insee:35021").await;
    entered(&world).await;
    let attestation = learn(&world, &elu.token, "PREUVE").await;

    // The law changes afterwards, and is another text of another day.
    world.app.clock.advance(Duration::minutes(1));
    let amended = telling(&format!("{LAW}, modifié"), &json!({}));
    revise(&world, &national, ("loi-essai-12", "\"1\""), &amended).await.expect(201);
    let told = read(&world, &elu.token, &attestation).await;
    assert_eq!(told["content"]["module"], "PREUVE");
    assert_eq!(told["content"]["tree_digest"], attestation["statement"]["tree_digest"]);
    assert_eq!(tree_digest(&told["content"]["files"]), told["content"]["tree_digest"]);
    let owed = &told["obligations"];
    assert_eq!(owed.as_array().map(Vec::len), Some(1), "{owed}");
    assert_eq!(owed[0]["requirement"]["code"], "preuve");
    assert_eq!(
        (&owed[0]["legal_basis"]["number"], &owed[0]["legal_basis"]["text"]),
        (&json!(1), &json!(LAW)),
        "as it was known then"
    );
    assert_eq!(told["lessons"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&told["results"][0]["percent"], &told["results"][0]["number"]),
        (&json!(100), &json!(1))
    );
    let kinds: Vec<&Value> =
        told["facts"].as_array().expect("facts").iter().map(|fact| &fact["kind"]).collect();
    let all = ["enrolled", "lesson_done", "attempt_submitted", "completed", "attestation_issued"];
    assert_eq!(kinds, all);
    let module = crate::deeds::published(&world, "PREUVE").await;
    let text = told.to_string();
    for question in module.quiz.questions() {
        assert!(!text.contains(&question.explanation), "an explanation is told");
        assert!(!text.contains(&format!("\"{}\"", question.id)), "an answer is told");
    }
}

#[tokio::test]
async fn an_auditor_of_the_organisation_reads_it_which_is_journalled_and_sees_what_was_corrected() {
    let world = World::new().await;
    let elu = world.admit("elue-preuve").await;
    world.elect(&elu, "insee:35021").await;
    let attestation = learn(&world, &elu.token, "A1").await;
    let here = world.organisation("insee:35021").await;
    let auditor = world.admit_as("auditeur-ici", Role::Auditor, here).await;
    let there = world.organisation("insee:33522").await;
    let stranger = world.admit_as("auditeur-ailleurs", Role::Auditor, there).await;
    let told = read(&world, &auditor.token, &attestation).await;
    let path = format!("/api/v1/attestations/{}/evidence", attestation["id"].as_str().expect("id"));
    world.api.get(&path).bearer(&stranger.token).await.expect(404);
    let entries = Entity::find().filter(COLUMN.action.eq("evidence.read"));
    let entries = entries.all(world.app.db.read()).await.expect("the journal");
    assert_eq!(entries.len(), 1, "the one that was read");
    assert_eq!(entries[0].actor_id, Some(auditor.account_id));
    assert_eq!(told.get("corrected_by"), None);

    world.app.clock.advance(Duration::seconds(1));
    let national = world.token("national").await;
    let annul = json!({
        "fact_id": told["completion_fact_id"], "kind": "annul", "reason": "another_person",
    });
    let enrolment = told["enrolment_id"].as_str().expect("an id");
    let annul = world.api.post(&format!("/api/v1/enrolments/{enrolment}/corrections")).json(&annul);
    let annulled = annul.bearer(&national).await.expect(200).json();
    let told = read(&world, &auditor.token, &attestation).await;
    assert_eq!(told["corrected_by"], annulled["items"][0]["id"], "both stay");
}
