//! Time spent, and where to go on.

use chrono::Duration;
use maitrise::records::model::FactKind;
use serde_json::{Value, json};

use super::Course;
use crate::support::Answer;

impl Course {
    async fn beat(&self, slug: &str, seconds: u32) -> Answer {
        let path = format!("{}/lessons/{slug}/presence", self.enrolment);
        self.post(&path, &json!({ "seconds": seconds })).await
    }

    async fn counted(&self, slug: &str, seconds: u32) -> u64 {
        let counted = self.beat(slug, seconds).await.expect(200).json();
        counted["counted_seconds"].as_u64().expect("seconds")
    }

    async fn lesson(&self) -> String {
        let shown = self.get(&self.enrolment).await.expect(200).json();
        shown["lessons"][0]["slug"].as_str().expect("a slug").to_owned()
    }

    async fn resume(&self) -> Value {
        self.get(&self.enrolment).await.expect(200).json()["resume"].take()
    }
}

#[tokio::test]
async fn the_time_spent_is_what_the_clock_measured_and_never_more() {
    let course = Course::with("").await;
    let slug = course.lesson().await;
    assert_eq!(course.counted(&slug, 60).await, 0, "the first beat measures nothing");
    course.clock().advance(Duration::seconds(60));
    assert_eq!(course.counted(&slug, 60).await, 60);
    assert_eq!(course.counted(&slug, 60).await, 0, "another tab, at the same time");
    course.clock().advance(Duration::hours(3));
    assert_eq!(course.counted(&slug, 300).await, 300, "away, then back: one beat at most");
    course.clock().advance(Duration::seconds(-3000));
    assert_eq!(course.counted(&slug, 60).await, 0, "a clock set back");
    course.clock().advance(Duration::seconds(3000));
    let shown = course.get(&course.enrolment).await.expect(200).json();
    assert_eq!(shown["spent_minutes"], 6);
    assert_eq!(shown["state"], "enrolled", "nothing is completed by waiting");
    course.beat("99-ailleurs", 60).await.expect(404);
    assert_eq!(course.beat(&slug, 301).await.expect(422).problem_code(), "invalid-body");

    course.read_all().await;
    let attempt = course.start().await.expect(201);
    course.answer_all(&attempt).await;
    course.post(&format!("{}/submit", attempt.location()), &json!({})).await.expect(200);
    let facts = course.facts().await;
    let done = facts.iter().find(|f| f.kind == FactKind::Completed).expect("completed");
    assert_eq!(done.payload["spent_minutes"], 6);
}

#[tokio::test]
async fn two_enrolments_at_once_are_one_person() {
    let course = Course::with("").await;
    let slug = course.lesson().await;
    let other = course.post("/api/v1/modules/E1/enrolments", &json!({})).await.expect(201);
    let there = other.json()["lessons"][0]["slug"].as_str().expect("a slug").to_owned();
    let there = format!("{}/lessons/{there}/presence", other.location());
    course.beat(&slug, 60).await.expect(200);
    let mut total = 0;
    for _ in 0..10 {
        course.clock().advance(Duration::seconds(30));
        let beyond = course.post(&there, &json!({ "seconds": 300 })).await.expect(200).json();
        total += course.counted(&slug, 300).await;
        total += beyond["counted_seconds"].as_u64().expect("seconds");
    }
    assert!((295..=305).contains(&total), "{total} seconds of three hundred");
}

#[tokio::test]
async fn where_one_was_is_forgotten_and_what_was_left_measures_nothing() {
    let course = Course::with("").await;
    let slug = course.lesson().await;
    course.beat(&slug, 60).await.expect(200);
    let leave = json!({ "reason": "no_time" });
    course.post(&format!("{}/withdraw", course.enrolment), &leave).await.expect(200);
    let closed = course.beat(&slug, 60).await.expect(409);
    assert_eq!(closed.problem_code(), "enrolment-closed");
    let db = &course.world.app.db;
    let places = async || {
        use sea_orm::{EntityTrait as _, PaginatorTrait as _};
        maitrise::learning::model::presence::Entity::find().count(db.read()).await.expect("rows")
    };
    assert_eq!(places().await, 1);
    let tx = db.begin_write().await.expect("a transaction");
    let tomorrow = course.clock().now() + Duration::days(1);
    maitrise::learning::presence::forget(&tx, tomorrow).await.expect("forgotten");
    tx.commit().await.expect("a commit");
    assert_eq!(places().await, 0);
}

#[tokio::test]
async fn one_goes_on_where_one_stopped() {
    let course = Course::with("").await;
    let slug = course.lesson().await;
    assert_eq!(course.resume().await, json!({ "kind": "lesson", "lesson": slug }));
    let attempt = course.start().await.expect(201);
    let open = json!({ "kind": "attempt", "attempt": attempt.json()["id"] });
    assert_eq!(course.resume().await, open);
    course.post(&format!("{}/submit", attempt.location()), &json!({})).await.expect(200);
    assert_eq!(course.resume().await["kind"], "lesson");
    course.read_all().await;
    assert_eq!(course.resume().await, json!({ "kind": "quiz" }));
    let attempt = course.start().await.expect(201);
    course.answer_all(&attempt).await;
    course.post(&format!("{}/submit", attempt.location()), &json!({})).await.expect(200);
    assert_eq!(course.resume().await, Value::Null, "nothing is left to do");
}
