//! Learning paths over HTTP: written, followed in order or freely, completed with their last module.

mod authoring;
mod following;
mod once;
mod pinned;

use maitrise::accounts::model::Role;
use maitrise::records::model::{FactKind, fact};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::deeds::{answers, published};
use crate::newcomers::Newcomer;
use crate::support::{Answer, Call};
use crate::world::World;

/// An élu of a commune who has learnt nothing yet.
async fn elu(world: &World, word: &str) -> Newcomer {
    let who = world.admit(word).await;
    world.elect(&who, "insee:35021").await;
    who
}

/// Somebody who may publish for `local:maitrise`.
async fn publisher(world: &World) -> String {
    let provider = world.provider("local:maitrise").await;
    world.admit_as("editeur-parcours", Role::Publisher, provider).await.token
}

/// A path of these steps, one module each, to be published as a new one.
fn new_path(code: &str, order: &str, modules: &[&str]) -> Value {
    let steps: Vec<Value> = modules.iter().map(|one| json!({ "any_of": [one] })).collect();
    json!({
        "code": code, "provider": "local:maitrise", "title": "Un parcours", "summary": "Un essai.",
        "audiences": ["agent"], "outcomes": ["Vérifier une réponse."], "order": order,
        "steps": steps,
    })
}

/// The same as the next version of it.
fn next_path(order: &str, modules: &[&str]) -> Value {
    let mut next = new_path("", order, modules);
    let fields = next.as_object_mut().expect("an object");
    fields.retain(|name, _| name != "code" && name != "provider");
    next["change"] = json!("substantive");
    next
}

async fn create(world: &World, publisher: &str, path: &Value) -> Answer {
    world.api.post("/api/v1/paths").bearer(publisher).json(path).await
}

fn enrol(world: &World, token: &str, path: &str) -> Call {
    world.api.post(&format!("/api/v1/paths/{path}/enrolments")).bearer(token)
}

/// Begins a module through an enrolment in a path, given by its address.
fn begin(world: &World, token: &str, followed: &str, module: &str) -> Call {
    let path = format!("{followed}/modules/{module}/enrolments");
    world.api.post(&path).bearer(token).json(&json!({}))
}

async fn look(world: &World, token: &str, followed: &str) -> Value {
    world.api.get(followed).bearer(token).await.expect(200).json()
}

/// Reads every lesson of an enrolment in a module, given by its address, and answers rightly; hands
/// nothing in. Answers what handing in asks.
async fn prepare(world: &World, token: &str, enrolment: &str, module: &str) -> (String, Value) {
    let shown = world.api.get(enrolment).bearer(token).await.expect(200).json();
    for lesson in shown["lessons"].as_array().expect("lessons") {
        let slug = lesson["slug"].as_str().expect("a slug");
        let done = format!("{enrolment}/lessons/{slug}/done");
        world.api.post(&done).bearer(token).await.expect(200);
    }
    let attempt = world.api.post(&format!("{enrolment}/attempts")).bearer(token).await.expect(201);
    let answers = answers(&*published(world, module).await, &attempt.json(), true);
    (format!("{}/submit", attempt.location()), json!({ "answers": answers }))
}

/// Follows an enrolment in a module to its end.
async fn finish(world: &World, token: &str, enrolment: &str, module: &str) {
    let (submit, answers) = prepare(world, token, enrolment, module).await;
    let passed = world.api.post(&submit).bearer(token).json(&answers).await.expect(200).json();
    assert_eq!(passed["result"]["progress"]["state"], "completed");
}

/// The facts of a kind about a person.
async fn facts(world: &World, who: &Newcomer, kind: FactKind) -> Vec<fact::Model> {
    fact::Entity::find()
        .filter(fact::COLUMN.person_id.eq(who.person_id))
        .filter(fact::Column::Kind.eq(kind))
        .all(world.app.db.read())
        .await
        .expect("facts")
}
