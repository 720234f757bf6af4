//! A version superseded mid-course: finished, or left for the one published now.

use serde_json::{Value, json};

use super::Course;
use crate::deeds::{draft_files, revise};
use crate::support::Answer;

const BIS: &str = "+++\ntitle = \"Bis\"\n+++\n\nEncore un mot.\n";

impl Course {
    /// Publishes the module again with one file written anew.
    async fn revise(&self, path: &str, text: &str) {
        let known = async |word: &str| {
            self.world.known(&format!("{word}@demonstration.example")).await.token
        };
        let (trainer, reviewer) = (known("formatrice").await, known("relecteur").await);
        let team = [&*trainer, &*reviewer, &*known("editrice").await];
        revise(&self.world, self.code, team, path, text).await;
    }

    async fn shown(&self, enrolment: &str) -> Value {
        self.get(enrolment).await.expect(200).json()
    }

    async fn go(&self) -> Answer {
        let path = format!("{}/move", self.enrolment);
        self.world.api.post(&path).bearer(&self.elue().await).await
    }

    async fn try_once(&self, enrolment: &str, right: bool) -> Value {
        let start = self.world.api.post(&format!("{enrolment}/attempts"));
        let attempt = start.bearer(&self.elue().await).await.expect(201);
        if right {
            self.answer_all(&attempt).await;
        }
        let submit = format!("{}/submit", attempt.location());
        self.post(&submit, &json!({})).await.expect(200).json()
    }
}

#[tokio::test]
async fn whoever_moves_keeps_the_lessons_that_are_the_same_and_tries_again() {
    let course = Course::with("").await;
    course.read_all().await;
    course.try_once(&course.enrolment, false).await;
    assert_eq!(course.go().await.expect(409).problem_code(), "already-current");
    course.revise("lessons/02-bis.md", BIS).await;
    let before = course.shown(&course.enrolment).await;
    let newer = json!({ "number": 2, "change": "substantive" });
    assert_eq!((&before["version"], &before["newer_version"]), (&json!(1), &newer));

    let moved = course.go().await.expect(200).json();
    let first = before["lessons"][0]["slug"].clone();
    assert_eq!((&moved["version"], &moved["kept"]), (&json!(2), &json!([first])));
    assert_eq!(course.go().await.expect(200).json(), moved, "asked twice");
    let left = course.shown(&course.enrolment).await;
    assert_eq!((&left["state"], left.get("newer_version")), (&json!("withdrawn"), None));
    assert_eq!(course.start().await.expect(409).problem_code(), "enrolment-closed");

    let next = format!("/api/v1/enrolments/{}", moved["enrolment_id"].as_str().expect("an id"));
    let now = course.shown(&next).await;
    assert_eq!((&now["attempts"], now.get("newer_version")), (&json!(0), None));
    assert_eq!(now["resume"], json!({ "kind": "lesson", "lesson": "02-bis" }));
    let done = course.world.api.post(&format!("{next}/lessons/02-bis/done"));
    done.bearer(&course.elue().await).await.expect(200);
    let passed = course.try_once(&next, true).await;
    assert_eq!(passed["result"]["progress"]["state"], "completed");
    let mine = course.get("/api/v1/me/attestations").await.expect(200).json();
    assert_eq!(mine["items"][0]["statement"]["version"], 2);
}

#[tokio::test]
async fn a_lesson_that_was_rewritten_is_read_again_and_the_old_version_may_be_finished() {
    let course = Course::with("").await;
    course.read_all().await;
    let (path, text) = draft_files("BORNE", "local:demonstration", "").swap_remove(1);
    course.revise(path, &format!("{text}\nUne phrase de plus.\n")).await;
    let other = course.world.admit("autre").await;
    course.world.elect(&other, "insee:35021").await;
    course
        .world
        .api
        .post(&format!("{}/move", course.enrolment))
        .bearer(&other.token)
        .await
        .expect(404);
    let passed = course.try_once(&course.enrolment, true).await;
    assert_eq!(passed["result"]["progress"]["state"], "completed", "one may finish what one began");
    assert_eq!(course.go().await.expect(409).problem_code(), "already-completed");

    let enrol = course.world.api.post("/api/v1/modules/E1/enrolments").bearer(&other.token);
    let due = json!({ "due_on": "2030-01-31" });
    let there = enrol.json(&due).await.expect(201).location();
    let refused = course.world.api.post(&format!("{there}/move")).bearer(&other.token);
    assert_eq!(refused.await.expect(409).problem_code(), "already-current");
}

#[tokio::test]
async fn ten_moves_at_the_same_instant_are_one_and_keep_the_date() {
    let mut course = Course::with("").await;
    let leave = json!({ "reason": "mistake" });
    course.post(&format!("{}/withdraw", course.enrolment), &leave).await.expect(200);
    assert_eq!(course.go().await.expect(409).problem_code(), "enrolment-closed");
    let due = json!({ "due_on": "2030-01-31" });
    let again = course.post("/api/v1/modules/BORNE/enrolments", &due).await.expect(201);
    course.enrolment = again.location();
    let (path, text) = draft_files("BORNE", "local:demonstration", "").swap_remove(1);
    course.read_all().await;
    course.revise(path, &format!("{text}\nUne phrase de plus.\n")).await;
    let token = course.elue().await;
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (api, token) = (course.world.api.clone(), token.clone());
        let path = format!("{}/move", course.enrolment);
        asked.spawn(async move { api.post(&path).bearer(&token).await.expect(200).json() });
    }
    let answers = asked.join_all().await;
    assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");
    assert_eq!(answers[0]["kept"], json!([]), "its text has changed");
    let next = answers[0]["enrolment_id"].as_str().expect("an id");
    let next = course.shown(&format!("/api/v1/enrolments/{next}")).await;
    assert_eq!((&next["state"], &next["due_on"]), (&json!("enrolled"), &json!("2030-01-31")));
    let owed = course.get("/api/v1/me/obligations").await.expect(200).json();
    assert!(!owed["items"].as_array().expect("obligations").is_empty(), "{owed}");
}
