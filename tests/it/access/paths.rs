//! The rows of learning paths, and what each place has of them.

use serde_json::{Value, json};

use super::ask::{Ask, Quote, get, post};
use super::stage::Cast::Publisher;
use super::stage::Place;
use super::table::Row;
use super::table::Who::{self, Anyone, Here, Owner, SignedIn};
use crate::world::World;

/// The path of a place's provider, and its learner's enrolment in it.
pub struct Followed {
    /// The code of the path.
    pub code: String,
    /// The enrolment.
    pub enrolment: String,
}

/// Publishes a path of a provider, which the learner then follows.
pub async fn follow(world: &World, (learner, publisher): (&str, &str), provider: &str) -> Followed {
    let code = format!("PARCOURS-{}", provider.trim_start_matches("local:").to_uppercase());
    let mut path = content("Un parcours");
    path["code"] = json!(code);
    path["provider"] = json!(provider);
    let created = world.api.post("/api/v1/paths").bearer(publisher).json(&path).await;
    created.expect(201);
    let enrol = world.api.post(&format!("/api/v1/paths/{code}/enrolments")).bearer(learner);
    let enrolment = enrol.await.expect(201).json();
    Followed { code, enrolment: enrolment["id"].as_str().expect("an id").to_owned() }
}

fn content(title: &str) -> Value {
    json!({
        "title": title, "summary": "Deux modules.", "audiences": ["elu"],
        "outcomes": ["Vérifier une réponse."], "order": "free",
        "steps": [{ "any_of": ["E1"] }, { "any_of": ["A2"] }],
    })
}

fn row(operation: &'static str, who: Who, ask: fn(&Place) -> Ask) -> Row {
    Row { operation, who, ask }
}

/// The rows.
pub fn rows() -> Vec<Row> {
    vec![
        row("list_paths", Anyone, |_| get("/api/v1/paths")),
        row("get_path", Anyone, |_| get("/api/v1/paths/ELUS")),
        row("list_path_versions", Anyone, |_| get("/api/v1/paths/ELUS/versions")),
        row("get_path_version", Anyone, |_| get("/api/v1/paths/ELUS/versions/1")),
        row("create_path", Here(&[Publisher]), |at| {
            let code = maitrise::clock::new_id().simple().to_string().to_uppercase();
            let mut path = content("Un autre");
            path["code"] = json!(format!("P-{}", &code[12..]));
            path["provider"] = json!(at.provider);
            post("/api/v1/paths").json(path)
        }),
        row("revise_path", Here(&[Publisher]), |at| {
            let mut path = content("Un parcours revu");
            path["change"] = json!("editorial");
            post(format!("/api/v1/paths/{}/versions", at.path.code))
                .json(path)
                .quoting(Quote::PathTag)
        }),
        row("enrol_in_path", SignedIn, |_| post("/api/v1/paths/ELUS/enrolments")),
        row("my_path_enrolments", SignedIn, |_| get("/api/v1/me/path-enrolments")),
        row("get_path_enrolment", Owner, |at| get(own(at, ""))),
        row("enrol_through_path", Owner, |at| {
            post(own(at, "/modules/E1/enrolments")).json(json!({}))
        }),
        row("withdraw_from_path", Owner, |at| {
            post(own(at, "/withdraw")).json(json!({ "reason": "not_relevant" }))
        }),
    ]
}

fn own(at: &Place, rest: &str) -> String {
    format!("/api/v1/path-enrolments/{}{rest}", at.path.enrolment)
}
