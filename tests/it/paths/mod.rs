//! Learning paths over HTTP: written, followed in order or freely, completed with their last module.

mod authoring;
mod following;
mod once;
mod pinned;

use maitrise::accounts::model::Role;
use maitrise::records::model::{FactKind, fact};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::deeds::{finish, prepare};
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

/// The facts of a kind about a person.
async fn facts(world: &World, who: &Newcomer, kind: FactKind) -> Vec<fact::Model> {
    fact::Entity::find()
        .filter(fact::COLUMN.person_id.eq(who.person_id))
        .filter(fact::Column::Kind.eq(kind))
        .all(world.app.db.read())
        .await
        .expect("facts")
}
