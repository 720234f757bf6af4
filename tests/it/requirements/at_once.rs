//! What changes in a person changes what they owe in the same instant: no walk is waited for.

use maitrise::accounts::model::Role;
use serde_json::{Value, json};

use super::{enabled, entered, owed, required};
use crate::world::World;

const HERE: &str = "/api/v1/organisations/insee:35021";

#[tokio::test]
async fn a_capacity_that_ended_some_time_ago_closes_what_was_owed_for_it_at_once() {
    let world = World::new().await;
    let elu = world.admit("elue-close").await;
    world.elect(&elu, "insee:35021").await;
    let national = world.known("national@demonstration.example").await.token;
    let here = world.organisation("insee:35021").await;
    let employer = world.admit_as("employeuse-close", Role::EmployerManager, here).await.token;
    let version = required(json!({ "audience": { "any_of": [{ "kind": "elu" }] } }));
    enabled(&world, &national, "elus", &version).await;
    entered(&world).await;
    assert_eq!(owed(&world, &elu.token).await[0]["status"], "open");
    let path = format!("{HERE}/people/{}/capacities", elu.person_id);
    let held = world.api.get(&path).bearer(&employer).await.expect(200).json();
    let id = held["items"][0]["id"].as_str().expect("a capacity").to_owned();
    let capacity = format!("{HERE}/capacities/{id}");
    let read = world.api.get(&capacity).bearer(&employer).await.expect(200);
    let from: chrono::NaiveDate =
        read.json()["valid_from"].as_str().expect("a day").parse().expect("a date");
    let on = Ord::max(from.succ_opt().expect("a day"), world.app.clock.now().date_naive());
    let on = on.pred_opt().filter(|day| from < *day).unwrap_or(on);
    let end = world.api.post(&format!("{capacity}/end")).bearer(&employer);
    let end = end.header("If-Match", &read.etag());
    end.json(&json!({ "on": on, "reason": "mandate_ended" })).await.expect(200);
    let status = owed(&world, &elu.token).await[0]["status"].take();
    assert_eq!(status, "closed", "nobody has walked over people since");
    let wish: Value = json!({ "kind": "elu", "function": "maire", "since": on });
    world.api.post(&path).bearer(&employer).json(&wish).await.expect(201);
    assert_eq!(owed(&world, &elu.token).await[0]["status"], "open", "owed again at once");
}
