//! What is arranged for a learner, and the time they spend.

use maitrise::records;
use maitrise::records::model::FactKind;
use serde_json::json;

use super::ask::{get, post, put};
use super::stage::{Cast, Place};
use super::table::Who::{Concerned, Here, Nation, Owner};
use super::table::{Row, row};
use crate::deeds::{fill_draft, publish_as, revise};
use crate::world::World;
use Cast::{National, Publisher, Reviewer, Trainer};

/// The rows of an enrolment that is under way in a module of each place's provider.
pub fn rows() -> Vec<Row> {
    const STAFF: &[Cast] = &[Trainer, Publisher, National];
    vec![
        row("get_accommodation", Concerned(STAFF), |at| {
            get(format!("/api/v1/enrolments/{}/accommodation", at.said.completed))
        }),
        row("accommodate", Here(STAFF), |at| {
            put(format!("/api/v1/enrolments/{}/accommodation", at.said.completed))
                .json(json!({ "extra_time_percent": 33 }))
        }),
        row("move_enrolment", Owner, |at| {
            post(format!("/api/v1/enrolments/{}/move", at.superseded.enrolment))
        }),
        row("correct_fact", Nation(&[National]), |at| {
            post(format!("/api/v1/enrolments/{}/corrections", at.superseded.enrolment)).json(
                json!({
                    "fact_id": at.superseded.read, "kind": "annul", "reason": "malfunction",
                }),
            )
        }),
        row("lesson_presence", Owner, |at| post(presence(at)).json(json!({ "seconds": 60 }))),
    ]
}

fn presence(at: &Place) -> String {
    format!("/api/v1/enrolments/{}/lessons/{}/presence", at.enrolment, at.lesson)
}

/// An enrolment of the learner in a version that was superseded.
pub struct Superseded {
    pub enrolment: String,
    /// The fact that its lesson was read.
    pub read: String,
    /// Somebody else's enrolment in the same module, who has read nothing yet.
    pub unread: String,
}

/// Publishes a module of a provider, in which the learner enrols, and then another version of it; answers
/// the enrolment.
pub async fn superseded<'a>(
    world: &World,
    provider: &str,
    learner: &str,
    token: impl Fn(Cast) -> &'a str,
) -> Superseded {
    let code = format!("MUE-{}", provider.trim_start_matches("local:").to_uppercase());
    let team = [token(Trainer), token(Reviewer), token(Publisher)];
    fill_draft(world, team[0], &code, provider, "").await;
    publish_as(world, &code, team).await;
    let enrol = world.api.post(&format!("/api/v1/modules/{code}/enrolments")).bearer(learner);
    let enrolled = enrol.json(&json!({})).await.expect(201).json();
    let enrolment = enrolled["id"].as_str().expect("an id").to_owned();
    let lesson = enrolled["lessons"][0]["slug"].as_str().expect("a slug");
    let done = format!("/api/v1/enrolments/{enrolment}/lessons/{lesson}/done");
    world.api.post(&done).bearer(learner).await.expect(200);
    let id = enrolment.parse().expect("an id");
    let facts = records::read::of_enrolment(world.app.db.read(), id).await.expect("facts");
    let read = facts.into_iter().find(|f| f.kind == FactKind::LessonDone).expect("a lesson read");
    let other = world.admit(&format!("acquise-{}", code.to_lowercase())).await;
    world.elect(&other, "insee:35021").await;
    let enrol = world.api.post(&format!("/api/v1/modules/{code}/enrolments")).bearer(&other.token);
    let unread = enrol.json(&json!({})).await.expect(201).json()["id"].take();
    let unread = unread.as_str().expect("an id").to_owned();
    let more = "+++\ntitle = \"Bis\"\n+++\n\nEncore un mot.\n";
    revise(world, &code, team, "lessons/02-bis.md", more).await;
    Superseded { read: read.id.to_string(), enrolment, unread }
}
