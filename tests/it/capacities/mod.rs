//! What people are, who says so, and what becomes of what they said.

mod claims;
mod kept;
mod organisation;
mod requests;

use maitrise::worker::Worker;
use serde_json::Value;
use tokio::sync::watch;

use crate::world::World;

/// The commune of the demonstration.
const HERE: &str = "/api/v1/organisations/insee:35021";

/// One round of the worker, mail going to files; answers every mail sent so far.
pub async fn mails(world: &World) -> Vec<String> {
    let app = &world.app;
    let parts = (app.db.clone(), app.keys.clone(), app.clock.clone());
    let worker = Worker::new(&app.settings, parts, watch::channel(false).1).expect("a worker");
    while worker.round().await.expect("a round").more {}
    let Ok(files) = std::fs::read_dir(app.settings.data.dir.join("mail")) else {
        return Vec::new();
    };
    let texts = files.map(|file| std::fs::read_to_string(file.expect("a file").path()));
    texts.map(|text| text.expect("UTF-8")).collect()
}

/// The mails to an address.
pub async fn mails_to(world: &World, address: &str) -> Vec<String> {
    mails(world).await.into_iter().filter(|mail| mail.contains(address)).collect()
}

/// What somebody reads of their own capacities.
async fn mine(world: &World, token: &str) -> Vec<Value> {
    let read = world.api.get("/api/v1/me/capacities").bearer(token).await.expect(200).json();
    read["items"].as_array().expect("items").clone()
}

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}
