//! Who may say what is required of whom, exempt somebody, and read why somebody owes something.

use maitrise::clock;
use serde_json::{Value, json};

use super::ask::{Quote, get, post, put};
use super::stage::Cast::{Employer, National};
use super::stage::Place;
use super::table::Who::{Explained, Here, Nation};
use super::table::{Row, row};
use crate::requirements::{enabled, entered, required};
use crate::world::World;

/// A requirement about the people of a place, and what one of them owes by it.
pub struct Owed {
    /// Its code.
    pub code: String,
    /// The obligation.
    pub obligation: String,
}

/// Has everybody of an organisation owe a module, and answers what the learner owes.
pub async fn owed(world: &World, national: &str, learner: &str, organisation: &str) -> Owed {
    let code = format!("essai-{}", organisation.replace(':', "-"));
    enabled(world, national, &code, &about(organisation)).await;
    entered(world).await;
    let mine = world.api.get("/api/v1/me/obligations?limit=200").bearer(learner).await;
    let mine = mine.expect(200).json();
    let items = mine["items"].as_array().expect("obligations");
    let found = items.iter().find(|o| o["origin"] == "requirement").expect("an obligation");
    Owed { code, obligation: found["id"].as_str().expect("an id").to_owned() }
}

/// What is required of the people of an organisation: a module that nobody has completed.
fn about(organisation: &str) -> Value {
    required(json!({
        "module": "A2", "audience": { "any_of": [{ "within": [organisation] }] },
    }))
}

/// The rows of the room.
pub fn rows() -> Vec<Row> {
    let national = Nation(&[National]);
    vec![
        row("list_requirements", national, |_| get("/api/v1/requirements")),
        row("get_requirement", national, |at| get(requirement(at, ""))),
        row("create_requirement", national, |_| {
            let code = format!("essai-{}", clock::new_id().simple());
            post("/api/v1/requirements")
                .json(json!({ "code": code, "version": required(json!({})) }))
        }),
        row("explain_obligation", Explained, |at| get(obligation(at, "/explain"))),
        row("exempt_obligation", Here(&[Employer]), |at| {
            post(obligation(at, "/exempt")).json(json!({
                "reason": "absence", "document_digest": "0".repeat(64),
            }))
        }),
        row("lift_exemption", Here(&[Employer]), |at| post(obligation(at, "/lift"))),
        row("revise_requirement", national, |at| {
            put(requirement(at, "")).json(about(at.organisation)).quoting(Quote::RequirementTag)
        }),
        row("preview_requirement", national, |at| post(requirement(at, "/preview"))),
        row("enable_requirement", national, |at| {
            post(requirement(at, "/enable")).json(json!({})).quoting(Quote::RequirementDigest)
        }),
        row("disable_requirement", national, |at| {
            post(requirement(at, "/disable")).json(json!({ "reason": "Un essai." }))
        }),
    ]
}

fn requirement(at: &Place, rest: &str) -> String {
    format!("/api/v1/requirements/{}{rest}", at.owed.code)
}

fn obligation(at: &Place, rest: &str) -> String {
    format!("/api/v1/obligations/{}{rest}", at.owed.obligation)
}
