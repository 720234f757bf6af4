//! What was recorded wrongly: annulled by a fact that supersedes it, and done again.

use maitrise::records::model::{FactKind, fact};
use serde_json::{Value, json};

use super::Course;
use crate::support::Answer;

impl Course {
    async fn correct(&self, word: &str, fact: &fact::Model) -> Answer {
        let who = self.world.known(&format!("{word}@demonstration.example")).await.token;
        let wish = json!({
            "fact_id": fact.id, "kind": "annul", "reason": "another_person",
            "document_digest": "a".repeat(64),
        });
        let path = format!("{}/corrections", self.enrolment);
        self.world.api.post(&path).bearer(&who).json(&wish).await
    }

    async fn told(&self, kind: FactKind) -> Vec<fact::Model> {
        self.facts().await.into_iter().filter(|f| f.kind == kind).collect()
    }

    async fn pass(&self) -> Answer {
        let attempt = self.start().await.expect(201);
        self.answer_all(&attempt).await;
        self.post(&format!("{}/submit", attempt.location()), &json!({})).await.expect(200);
        attempt
    }
}

#[tokio::test]
async fn an_annulled_completion_stays_counts_for_nothing_and_may_be_earned_again() {
    let course = Course::with("").await;
    course.read_all().await;
    let attempt = course.pass().await;
    let done = course.told(FactKind::Completed).await.swap_remove(0);
    course.correct("editrice", &done).await.expect(403);
    let before = course.clock().now();
    course.clock().advance(chrono::Duration::seconds(1));
    let corrected = course.correct("national", &done).await.expect(200).json();
    assert_eq!(corrected["progress"]["state"], "in_progress");
    let named: Vec<&Value> =
        corrected["items"].as_array().expect("items").iter().map(|i| &i["supersedes"]).collect();
    let tried = course.told(FactKind::AttemptSubmitted).await.swap_remove(0);
    assert_eq!(named, [&json!(done.id), &json!(tried.id)], "what it rests on goes with it");
    let again = course.correct("national", &done).await.expect(200).json();
    assert_eq!(again["items"][0], corrected["items"][0], "said twice, told once");

    let facts = course.facts().await;
    let then = maitrise::records::status(&facts, before);
    assert_eq!(then.state.word(), "completed", "as it was known that day");
    let shown = course.get(&attempt.location()).await.expect(200).json();
    assert_eq!(shown.get("result"), None);
    let annulled = course.told(FactKind::Annulled).await;
    assert_eq!(annulled.len(), 2);
    assert!(
        annulled.iter().all(|f| f.payload["reason"] == "another_person" && f.recorded_by.is_some())
    );

    let slug = course.get(&course.enrolment).await.expect(200).json()["lessons"][0]["slug"].take();
    let read = format!("{}/lessons/{}/done", course.enrolment, slug.as_str().expect("a slug"));
    let read = course.world.api.post(&read).bearer(&course.elue().await).await.expect(200);
    assert_eq!(read.json()["state"], "in_progress", "nothing completes by itself");
    course.pass().await;
    let shown = course.get(&course.enrolment).await.expect(200).json();
    assert_eq!((&shown["state"], &shown["attempts"]), (&json!("completed"), &json!(1)));
    assert_eq!(course.told(FactKind::Completed).await.len(), 2, "both stay");
    let late = course.correct("national", &done).await.expect(200).json();
    assert_eq!(late["progress"]["state"], "completed", "what was earned since is another matter");
    let mine = course.get("/api/v1/me/attestations").await.expect(200).json();
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(2), "an attestation of its own");
}

#[tokio::test]
async fn an_annulled_lesson_is_read_again_and_what_is_no_such_fact_is_refused() {
    let course = Course::with("").await;
    course.read_all().await;
    let read = course.told(FactKind::LessonDone).await.swap_remove(0);
    let corrected = course.correct("national", &read).await.expect(200).json();
    assert_eq!(corrected["progress"]["state"], "enrolled");
    course.read_all().await;
    let shown = course.get(&course.enrolment).await.expect(200).json();
    assert_eq!(shown["lessons"][0]["done"], true);
    assert_eq!(course.told(FactKind::LessonDone).await.len(), 2);

    let enrolled = course.told(FactKind::Enrolled).await.swap_remove(0);
    let refused = course.correct("national", &enrolled).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/fact_id");
    let odd = json!({
        "fact_id": read.id, "kind": "annul", "reason": "fraud", "document_digest": "Z".repeat(64),
    });
    let national = course.world.token("national").await;
    let path = format!("{}/corrections", course.enrolment);
    let refused = course.world.api.post(&path).bearer(&national).json(&odd).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/document_digest");
    let other = Course { enrolment: enrolment_of_another(&course).await, ..course };
    other.correct("national", &read).await.expect(404);
}

async fn enrolment_of_another(course: &Course) -> String {
    let enrolled = course.post("/api/v1/modules/E1/enrolments", &json!({})).await;
    enrolled.expect(201).location()
}
