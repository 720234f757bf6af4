//! What learners say back: its rows of the table, and what each place has of it.

use serde_json::json;

use super::ask::{Ask, get, post, put};
use super::stage::{Cast, Place};
use super::table::Who::{Anywhere, Concerned, Here, Owner, SignedIn};
use super::table::{Row, row};
use crate::deeds::{fill_draft, learn, publish_as};
use crate::world::World;
use Cast::{National, Publisher, Reviewer, Trainer};

/// What a learner has said.
pub struct Said {
    /// A question about a module of the provider.
    pub feedback: String,
    /// A complaint about the provider.
    pub complaint: String,
    /// Their enrolment in that module, completed.
    pub completed: String,
    /// Its attestation.
    pub attestation: String,
}

/// Publishes a module of a provider; the learner completes it, asks, and complains.
pub async fn said<'a>(
    world: &World,
    provider: &str,
    learner: &str,
    token: impl Fn(Cast) -> &'a str,
) -> Said {
    let code = format!("DIT-{}", provider.trim_start_matches("local:").to_uppercase());
    fill_draft(world, token(Trainer), &code, provider, "").await;
    publish_as(world, &code, [token(Trainer), token(Reviewer), token(Publisher)]).await;
    let attested = learn(world, learner, &code).await;
    let enrol = world.api.post(&format!("/api/v1/modules/{code}/enrolments")).bearer(learner);
    let enrolled = enrol.json(&json!({})).await.expect(200).json();
    let completed = enrolled["id"].as_str().expect("an id").to_owned();
    let lesson = &enrolled["lessons"][0]["slug"];
    let question = json!({ "kind": "question", "lesson": lesson, "text": "Et pour nous ?" });
    let complaint = json!({ "provider_ref": provider, "text": "Personne ne répond." });
    let opened = async |path: &str, body| {
        let opened = world.api.post(path).bearer(learner).json(body).await.expect(201).json();
        opened["id"].as_str().expect("an id").to_owned()
    };
    Said {
        feedback: opened(&format!("/api/v1/enrolments/{completed}/feedback"), &question).await,
        complaint: opened("/api/v1/complaints", &complaint).await,
        completed,
        attestation: attested["id"].as_str().expect("an id").to_owned(),
    }
}

const READERS: &[Cast] = &[Trainer, Reviewer, Publisher];

/// Reports, questions, complaints, satisfaction.
pub fn saying() -> Vec<Row> {
    let mut rows = reports();
    rows.extend(complaints());
    rows.extend([
        row("get_satisfaction", Owner, |at| get(satisfaction(at))),
        row("put_satisfaction", Owner, |at| put(satisfaction(at)).json(json!({ "useful": 5 }))),
        row("module_satisfaction", Here(READERS), |at| {
            get(format!("/api/v1/modules/{}/satisfaction", at.module))
        }),
    ]);
    rows
}

fn reports() -> Vec<Row> {
    vec![
        row("report_feedback", Owner, |at| {
            let error = json!({ "kind": "error", "lesson": at.lesson, "text": "Une coquille." });
            post(format!("/api/v1/enrolments/{}/feedback", at.enrolment)).json(error)
        }),
        row("list_feedback", Anywhere(READERS), |_| get("/api/v1/feedback?state=open")),
        row("my_feedback", SignedIn, |_| get("/api/v1/me/feedback")),
        row("get_feedback", Concerned(READERS), |at| get(feedback(at, ""))),
        row("reply_feedback", Concerned(&[Trainer]), |at| said_in(feedback(at, "/replies"))),
        row("decide_feedback", Here(&[Trainer]), |at| {
            put(feedback(at, "/state")).json(json!({ "state": "resolved" }))
        }),
    ]
}

fn complaints() -> Vec<Row> {
    vec![
        row("complain", SignedIn, |at| {
            let body = json!({ "provider_ref": at.provider, "text": "Trop long." });
            post("/api/v1/complaints").json(body)
        }),
        row("list_complaints", Anywhere(&[Publisher, National]), |_| get("/api/v1/complaints")),
        row("my_complaints", SignedIn, |_| get("/api/v1/me/complaints")),
        row("get_complaint", Concerned(&[Publisher, National]), |at| get(complaint(at, ""))),
        row("reply_complaint", Concerned(&[Publisher, National]), |at| {
            said_in(complaint(at, "/replies"))
        }),
        row("decide_complaint", Here(&[Publisher, National]), |at| {
            put(complaint(at, "/state")).json(json!({ "state": "in_progress" }))
        }),
    ]
}

fn satisfaction(at: &Place) -> String {
    format!("/api/v1/enrolments/{}/satisfaction", at.said.completed)
}

fn feedback(at: &Place, rest: &str) -> String {
    format!("/api/v1/feedback/{}{rest}", at.said.feedback)
}

fn complaint(at: &Place, rest: &str) -> String {
    format!("/api/v1/complaints/{}{rest}", at.said.complaint)
}

fn said_in(path: String) -> Ask {
    post(path).json(json!({ "text": "Voici la suite." }))
}
