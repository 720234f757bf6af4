//! How many attempts, how far apart, for how long; and what is arranged for one learner.

use chrono::{DateTime, Duration, Utc};
use maitrise::records::model::FactKind;
use serde_json::{Value, json};

use super::Course;

const BOUNDED: &str = "attempt_limit = 2\nattempt_pause_minutes = 60\nattempt_time_minutes = 10";

/// An instant, however it is written.
fn at(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a text").parse().expect("an instant")
}

#[tokio::test]
async fn an_attempt_is_over_with_its_time_and_what_was_kept_is_graded() {
    let course = Course::with(BOUNDED).await;
    let attempt = course.start().await.expect(201);
    let due_at = attempt.json()["due_at"].clone();
    assert!(due_at.is_string(), "{}", attempt.body);
    let (first, right) = course.reply(&attempt, 0, true).await;
    course.put(&first, &right).await.expect(200);
    course.clock().advance(Duration::seconds(10 * 60 + 20));
    let (second, also) = course.reply(&attempt, 1, true).await;
    course.put(&second, &also).await.expect(200);
    course.clock().advance(Duration::seconds(15));
    let (_, wrong) = course.reply(&attempt, 0, false).await;
    let late = course.put(&first, &wrong).await.expect(409);
    assert_eq!(late.problem_code(), "attempt-time-over");
    let submit = format!("{}/submit", attempt.location());
    let id = first.rsplit('/').next().expect("an id");
    let last = json!({ "answers": { id: wrong["choices"] } });
    let late = course.post(&submit, &last).await.expect(409);
    assert_eq!(late.problem_code(), "attempt-time-over");
    assert_eq!(course.facts().await.len(), 1, "nothing was told yet");

    let over = course.get(&attempt.location()).await.expect(200).json();
    assert_eq!(at(&over["submitted_at"]), at(&due_at));
    assert_eq!(over["result"]["points"], 2.0);
    let again = course.post(&submit, &json!({})).await.expect(200).json();
    assert_eq!(again["result"], over["result"]);
    let facts = course.facts().await;
    let told = facts.iter().find(|f| f.kind == FactKind::AttemptSubmitted).expect("told");
    assert_eq!((at(&told.payload["timed_out_at"]), told.recorded_by), (at(&due_at), None));
}

#[tokio::test]
async fn handing_in_nothing_more_once_the_time_is_over_is_graded_on_what_was_kept() {
    let course = Course::with(BOUNDED).await;
    let attempt = course.start().await.expect(201);
    course.answer_all(&attempt).await;
    course.clock().advance(Duration::minutes(12));
    let submit = format!("{}/submit", attempt.location());
    let result = course.post(&submit, &json!({})).await.expect(200).json();
    assert_eq!(result["result"]["passed"], true);
    assert_eq!(at(&result["submitted_at"]), at(&attempt.json()["due_at"]));
}

#[tokio::test]
async fn the_next_attempt_waits_for_the_pause_and_the_last_one_says_whom_to_ask() {
    let course = Course::with(BOUNDED).await;
    let attempt = course.start().await.expect(201);
    course.clock().advance(Duration::minutes(11));
    // Starting ends the one whose time is over: the pause counts from its end.
    let early = course.start().await.expect(409);
    assert_eq!(early.problem_code(), "attempt-too-soon");
    let wait: i64 = early.header("retry-after").expect("when").parse().expect("seconds");
    assert!((58 * 60..=59 * 60).contains(&wait), "{wait}");
    let ended = course.get(&attempt.location()).await.expect(200).json();
    assert_eq!(ended["result"]["points"], 0.0);
    course.clock().advance(Duration::seconds(wait));
    let second = course.start().await.expect(201);
    assert_eq!(second.json()["number"], 2);
    course.post(&format!("{}/submit", second.location()), &json!({})).await.expect(200);
    course.clock().advance(Duration::hours(2));
    let third = course.start().await.expect(409);
    assert_eq!(third.problem_code(), "attempts-exhausted");
    let contact = course.world.api.get("/api/v1/modules/BORNE").await.expect(200).json();
    let contact = contact["contact"].as_str().expect("a contact").to_owned();
    let said = third.json()["detail"].as_str().expect("whom to ask").to_owned();
    assert!(said.contains(&contact), "{said}");
}

#[tokio::test]
async fn the_worker_ends_what_nobody_comes_back_to_and_completes() {
    let course = Course::with("attempt_time_minutes = 10").await;
    course.read_all().await;
    let attempt = course.start().await.expect(201);
    course.answer_all(&attempt).await;
    assert_eq!(course.round().await.ended, 0, "its time is not over");
    course.clock().advance(Duration::minutes(11));
    let path = attempt.location();
    let (one, other, read) = tokio::join!(course.round(), course.round(), course.get(&path));
    assert!(one.ended + other.ended <= 1);
    assert_eq!(read.expect(200).json()["result"]["passed"], true);
    assert_eq!(course.round().await.ended, 0);
    let enrolment = course.get(&course.enrolment).await.expect(200).json();
    assert_eq!((&enrolment["state"], &enrolment["attempts"]), (&json!("completed"), &json!(1)));
    let mine = course.get("/api/v1/me/attestations").await.expect(200).json();
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_attempt_of_an_enrolment_that_was_left_is_left_too() {
    let course = Course::with("attempt_time_minutes = 10").await;
    let attempt = course.start().await.expect(201);
    let leave = json!({ "reason": "no_time" });
    course.post(&format!("{}/withdraw", course.enrolment), &leave).await.expect(200);
    course.clock().advance(Duration::minutes(11));
    assert_eq!(course.round().await.ended, 0);
    let shown = course.get(&attempt.location()).await.expect(200).json();
    assert_eq!(shown.get("result"), None);
    assert_eq!(course.facts().await.len(), 2, "enrolled, withdrawn");
}

#[tokio::test]
async fn a_clock_set_back_decides_nothing_about_a_timed_attempt() {
    let course = Course::with(BOUNDED).await;
    let attempt = course.start().await.expect(201);
    let (path, right) = course.reply(&attempt, 0, true).await;
    course.clock().advance(Duration::minutes(-5));
    let refused = course.put(&path, &right).await.expect(503);
    assert_eq!(refused.problem_code(), "clock-behind");
    let wait: u64 = refused.header("retry-after").expect("when").parse().expect("seconds");
    assert!((295..=300).contains(&wait), "{wait}");
    let submit = format!("{}/submit", attempt.location());
    let refused = course.post(&submit, &json!({})).await.expect(503);
    assert_eq!(refused.problem_code(), "clock-behind");
    assert_eq!(course.facts().await.len(), 1, "enrolled");
    course.clock().advance(Duration::minutes(5));
    let shown = course.get(&attempt.location()).await.expect(200).json();
    assert_eq!(shown["questions"][0]["answer"], json!([]), "nothing was kept");
    course.put(&path, &right).await.expect(200);
    course.post(&submit, &json!({})).await.expect(200);
    course.clock().advance(Duration::minutes(-5));
    let refused = course.start().await.expect(503);
    assert_eq!(refused.problem_code(), "clock-behind");
}

#[tokio::test]
async fn more_time_and_one_more_attempt_are_arranged_without_a_reason() {
    let course = Course::with(BOUNDED).await;
    let attempt = course.start().await.expect(201);
    let wish = json!({ "extra_time_percent": 50, "extra_minutes": 5, "extra_attempts": 1 });
    let why = json!({ "extra_minutes": 5, "reason": "dyslexie" });
    let refused = course.arrange("formatrice", &why).await.await.expect(422);
    assert_eq!(refused.problem_code(), "invalid-body", "a reason is not asked");
    for _ in 0..2 {
        course.arrange("formatrice", &wish).await.await.expect(200);
    }
    let told = course.arrangements().await;
    assert_eq!(told, [json!({ "number": 1 })], "once, and nothing of how much");
    let mine = course.get(&format!("{}/accommodation", course.enrolment)).await.expect(200);
    assert_eq!(mine.json()["extra_attempts"], 1);

    course.clock().advance(Duration::minutes(20));
    let (path, right) = course.reply(&attempt, 0, true).await;
    course.put(&path, &right).await.expect(200);
    // Taken back, it shortens what is to come, not what was begun.
    course.arrange("editrice", &json!({ "extra_attempts": 1 })).await.await.expect(200);
    course.put(&path, &right).await.expect(200);
    course.clock().advance(Duration::minutes(1));
    let over = course.put(&path, &right).await.expect(409);
    assert_eq!(over.problem_code(), "attempt-time-over");
    for number in 2..=3 {
        course.get(&attempt.location()).await.expect(200);
        course.clock().advance(Duration::hours(2));
        let next = course.start().await.expect(201);
        assert_eq!(next.json()["number"], number);
        assert!(at(&next.json()["due_at"]) <= course.clock().now() + Duration::minutes(10));
        course.post(&format!("{}/submit", next.location()), &json!({})).await.expect(200);
    }
    course.clock().advance(Duration::hours(2));
    assert_eq!(course.start().await.expect(409).problem_code(), "attempts-exhausted");
}
