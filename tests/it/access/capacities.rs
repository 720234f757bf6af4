//! Who may say what people are, and decide on what they say they are.

use serde_json::{Value, json};

use super::ask::{Ask, Quote, get, post, put};
use super::stage::{Cast, Place};
use super::table::Who::{Anyone, Here, SignedIn};
use super::table::{Row, row};
use crate::world::World;
use Cast::Employer;

/// Somebody of the employer, and what is known of them.
pub struct Kept {
    /// The person.
    pub person: String,
    /// A capacity that the table changes.
    pub changed: String,
    /// A capacity that the table ends.
    pub ended: String,
    /// A claim that the table confirms.
    pub confirmed: String,
    /// A claim that the table refuses.
    pub refused: String,
}

/// Somebody of an organisation, whom its manager has recorded twice, and who claims two things more.
pub async fn keep(world: &World, (organisation, manager): (&str, &str), word: &str) -> Kept {
    let newcomer = world.admit(word).await;
    world.elect(&newcomer, organisation).await;
    let person = newcomer.person_id;
    let record = async |function: &str| {
        let path = format!("/api/v1/organisations/{organisation}/people/{person}/capacities");
        let wish = json!({ "kind": "elu", "function": function, "since": "2026-03-22" });
        let recorded = world.api.post(&path).bearer(manager).json(&wish).await.expect(201).json();
        text(&recorded["id"])
    };
    let (changed, ended) = (record("adjointe").await, record("conseillère déléguée").await);
    for function in ["agent d'accueil", "secrétaire de mairie"] {
        let wish = json!({
            "organisation": organisation, "capacity": { "kind": "agent", "function": function },
        });
        let declare = world.api.post("/api/v1/me/capacities").bearer(&newcomer.token);
        declare.json(&wish).await.expect(201);
    }
    let path = format!("/api/v1/organisations/{organisation}/claims");
    let claims = world.api.get(&path).bearer(manager).await.expect(200).json();
    Kept {
        person: person.to_string(),
        changed,
        ended,
        confirmed: text(&claims["items"][0]["id"]),
        refused: text(&claims["items"][1]["id"]),
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The rows.
pub fn rows() -> Vec<Row> {
    vec![
        row("list_capacities", Here(&[Employer]), |at| get(of_person(at))),
        row("add_capacity", Here(&[Employer]), |at| {
            post(of_person(at)).json(json!({ "kind": "agent", "category": "C" }))
        }),
        row("get_capacity", Here(&[Employer]), |at| get(capacity(at, &at.kept.changed, ""))),
        row("change_capacity", Here(&[Employer]), |at| {
            put(capacity(at, &at.kept.changed, ""))
                .json(json!({ "how": "correction", "capacity": { "kind": "elu" } }))
                .quoting(Quote::ChangedTag)
        }),
        row("end_capacity", Here(&[Employer]), |at| {
            post(capacity(at, &at.kept.ended, "/end"))
                .json(json!({ "on": "2030-01-01", "reason": "mandate_ended" }))
                .quoting(Quote::EndedTag)
        }),
        row("capacity_history", Here(&[Employer]), |at| {
            get(capacity(at, &at.kept.changed, "/history"))
        }),
        row("list_claims", Here(&[Employer]), |at| get(claims(at, ""))),
        row("confirm_claim", Here(&[Employer]), |at| {
            post(claims(at, &format!("/{}/confirm", at.kept.confirmed)))
        }),
        row("refuse_claim", Here(&[Employer]), |at| {
            post(claims(at, &format!("/{}/refuse", at.kept.refused)))
                .json(json!({ "reason": "unknown_person" }))
        }),
        row("my_capacities", SignedIn, |_| get("/api/v1/me/capacities")),
        row("declare_capacity", SignedIn, declare),
        row("ask_account", Anyone, |at| {
            let email = format!("{}@essai.example", maitrise::clock::new_id().simple());
            post("/api/v1/account-requests").json(json!({
                "given_name": "Noa", "family_name": "Fictif", "email": email,
                "organisation": at.organisation, "kind": "agent",
            }))
        }),
    ]
}

fn declare(at: &Place) -> Ask {
    post("/api/v1/me/capacities").json(json!({
        "organisation": at.organisation, "capacity": { "kind": "agent", "function": "accueil" },
    }))
}

fn of_person(at: &Place) -> String {
    format!("/api/v1/organisations/{}/people/{}/capacities", at.organisation, at.kept.person)
}

/// The address of a capacity of the place.
pub fn capacity(at: &Place, id: &str, rest: &str) -> String {
    format!("/api/v1/organisations/{}/capacities/{id}{rest}", at.organisation)
}

fn claims(at: &Place, rest: &str) -> String {
    format!("/api/v1/organisations/{}/claims{rest}", at.organisation)
}
