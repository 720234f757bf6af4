//! What is required of whom, over HTTP: from writing a requirement to what people owe, why, and what
//! satisfies it.

mod at_once;
mod refused;
mod shipped;
mod story;

use maitrise::requirements;
use serde_json::{Value, json};

use crate::world::World;

/// What a requirement says: E1, of everybody, within the year of its publication; `more` prevails, and
/// `null` takes out.
pub fn required(more: Value) -> Value {
    let mut body = json!({
        "title_fr": "Comprendre l’IA", "title_en": "Understand AI", "force": "mandatory",
        "module": "E1", "audience": { "any_of": [{}] },
        "due": { "after": { "event": "publication", "months": 12 }, "notice_days": 30 },
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        match value.is_null() {
            true => body.as_object_mut().expect("an object").remove(key),
            false => body.as_object_mut().expect("an object").insert(key.clone(), value.clone()),
        };
    }
    body
}

/// Writes a requirement and puts it in force, confirming whatever is to be.
pub async fn enabled(world: &World, national: &str, code: &str, version: &Value) {
    let body = json!({ "code": code, "version": version });
    world.api.post("/api/v1/requirements").bearer(national).json(&body).await.expect(201);
    enable(world, national, code).await;
}

/// Puts the latest version of a requirement in force.
pub async fn enable(world: &World, national: &str, code: &str) {
    let path = format!("/api/v1/requirements/{code}");
    let seen = world.api.post(&format!("{path}/preview")).bearer(national).await.expect(200).json();
    let quoted = json!({ "digest": seen["digest"], "confirmed_persons": seen["band"] });
    world.api.post(&format!("{path}/enable")).bearer(national).json(&quoted).await.expect(200);
}

/// Lets the worker walk over everybody.
pub async fn entered(world: &World) {
    let (db, clock) = (&world.app.db, &world.app.clock);
    while requirements::enter(db, clock.now()).await.expect("entered").more {}
}

/// What somebody owes by requirements.
pub async fn owed(world: &World, token: &str) -> Vec<Value> {
    let mine = world.api.get("/api/v1/me/obligations?limit=200").bearer(token).await;
    let mine = mine.expect(200).json();
    let items = mine["items"].as_array().expect("obligations").iter();
    items.filter(|o| o["origin"] == "requirement").cloned().collect()
}
