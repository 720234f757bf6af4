//! What somebody had learnt before: it completes, satisfies and is attested nowhere.

use chrono::Duration;
use maitrise::records::model::FactKind;
use serde_json::{Value, json};

use super::Course;
use crate::support::Answer;

impl Course {
    async fn recognise(&self, word: &str, more: &Value) -> Answer {
        let id = self.enrolment.rsplit('/').next().expect("an id");
        let mut wish = json!({
            "enrolment_id": id, "basis": "diploma", "acquired_on": "2024-06-30",
            "document_digest": "a".repeat(64),
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            wish[key] = value.clone();
        }
        let who = self.world.known(&format!("{word}@demonstration.example")).await.token;
        let path = format!("/api/v1/modules/{}/recognitions", self.code);
        self.world.api.post(&path).bearer(&who).json(&wish).await
    }
}

#[tokio::test]
async fn what_was_learnt_before_completes_satisfies_and_is_attested_nowhere() {
    let course = Course::with("").await;
    course.post(&format!("{}/withdraw", course.enrolment), &json!({ "reason": "other" })).await;
    let closed = course.recognise("editrice", &json!({})).await.expect(409).json();
    assert_eq!(closed["code"], "enrolment-closed");
    let due = course.clock().now().date_naive() + Duration::days(30);
    let again = course.post("/api/v1/modules/BORNE/enrolments", &json!({ "due_on": due })).await;
    let course = Course { enrolment: again.expect(201).location(), ..course };

    let new = course.recognise("editrice", &json!({})).await.expect(201).json();
    let said = course.recognise("editrice", &json!({ "basis": "training" })).await.expect(200);
    assert_eq!(said.json()["fact_id"], new["fact_id"], "said twice, told once");
    let shown = course.get(&course.enrolment).await.expect(200).json();
    assert_eq!((&shown["state"], &shown["recognised"]), (&json!("completed"), &json!(true)));
    let mine = course.get("/api/v1/me/attestations").await.expect(200).json();
    assert_eq!(mine["items"], json!([]), "nothing was followed");
    let owed = course.get("/api/v1/me/obligations").await.expect(200).json();
    assert_eq!(owed["items"][0]["status"], "satisfied", "{owed}");
    let facts = course.facts().await;
    let told = facts.iter().find(|f| f.kind == FactKind::Recognised).expect("told");
    assert_eq!((&told.payload["basis"], told.recorded_by.is_some()), (&json!("diploma"), true));
    assert!(!facts.iter().any(|f| f.kind == FactKind::Completed));
    course.read_all().await;
    let quiet = course.facts().await;
    assert!(!quiet.iter().any(|f| f.kind == FactKind::Completed), "it is completed already");

    course.clock().advance(Duration::seconds(1));
    let annul = json!({ "fact_id": told.id, "kind": "annul", "reason": "decision" });
    let national = course.world.token("national").await;
    let path = format!("{}/corrections", course.enrolment);
    let annulled = course.world.api.post(&path).bearer(&national).json(&annul).await.expect(200);
    assert_eq!(annulled.json()["progress"]["state"], "in_progress");
    course.recognise("editrice", &json!({})).await.expect(201);
}

#[tokio::test]
async fn a_recognition_needs_a_past_day_a_document_and_somebody_else() {
    let course = Course::with("").await;
    let day = (course.clock().now() + Duration::days(2)).date_naive();
    let odd = json!({ "acquired_on": day, "document_digest": "Z".repeat(64) });
    let refused = course.recognise("editrice", &odd).await.expect(422).json();
    let errors = refused["errors"].as_array().expect("errors").iter();
    let pointers: Vec<&Value> = errors.map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/acquired_on", "/document_digest"]);
    course.recognise("formatrice", &json!({})).await.expect(403);
    let elsewhere = Course { code: "E1", ..course };
    elsewhere.recognise("editrice", &json!({})).await.expect(404);
    let course = Course { code: "BORNE", ..elsewhere };
    let provider = course.world.provider("local:demonstration").await;
    let own = course.world.known("elue@demonstration.example").await;
    let role = maitrise::accounts::model::Role::Publisher;
    course.world.give(own.account_id, role, provider, None).await;
    course.recognise("elue", &json!({})).await.expect(403);
    let shown = course.get(&course.enrolment).await.expect(200).json();
    assert_eq!(shown["state"], "enrolled", "nothing changed");
    course.read_all().await;
    let attempt = course.start().await.expect(201);
    course.answer_all(&attempt).await;
    course.post(&format!("{}/submit", attempt.location()), &json!({})).await.expect(200);
    let late = course.recognise("editrice", &json!({})).await.expect(409).json();
    assert_eq!(late["code"], "already-completed");
}
