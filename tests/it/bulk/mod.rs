//! Enrolling many people at once: what becomes of each row, who may, what élus answer, and what a
//! worker that is killed leaves to the next.

mod agents;
mod elus;
mod jobs;
mod names;
mod once;
mod page;
mod refused;

use maitrise::accounts::model::Role;
use maitrise::clock;
use maitrise::cohorts::work;
use maitrise::demo::cast;
use maitrise::people::model::CapacityKind;
use serde_json::{Value, json};

use crate::newcomers::Newcomer;
use crate::support::Call;
use crate::world::World;

/// The commune of the demonstration, and its enrolments.
const HERE: &str = "insee:35021";
const ENROLMENTS: &str = "/api/v1/organisations/insee:35021/enrolments";

/// Lets a worker do every job that waits.
pub async fn worked(world: &World) {
    let (app, worker) = (&world.app, clock::new_id());
    while work::work(&app.db, &app.shelf, worker, &app.clock).await.expect("worked") {}
}

/// Whoever manages the commune.
async fn manager(world: &World) -> String {
    let here = world.organisation(HERE).await;
    world.admit_as("employeuse-n", Role::EmployerManager, here).await.token
}

/// An agent of a commune.
async fn agent(world: &World, word: &str, commune: &str) -> Newcomer {
    let who = world.admit(word).await;
    let (tx, now) = (world.app.db.begin_write().await.expect("tx"), world.app.clock.now());
    let agent = CapacityKind::Agent;
    cast::add_capacity(&tx, who.person_id, commune, agent, now).await.expect("a capacity");
    tx.commit().await.expect("a commit");
    who
}

fn by_id(who: &Newcomer) -> Value {
    json!({ "person_id": who.person_id })
}

fn order(module: &str, people: &[Value]) -> Value {
    json!({ "module": module, "people": people })
}

fn ask(world: &World, token: &str, order: &Value) -> Call {
    world.api.post(ENROLMENTS).bearer(token).json(order)
}

/// Asks for a bulk enrolment, lets it be done, and answers the job.
async fn done(world: &World, token: &str, order: &Value) -> Value {
    let asked = ask(world, token, order).await.expect(202);
    worked(world).await;
    let location = asked.header("location").expect("a location").to_owned();
    assert_eq!(location, format!("/api/v1/jobs/{}", asked.json()["id"].as_str().expect("an id")));
    let job = world.api.get(&location).bearer(token).await.expect(200).json();
    assert_eq!((&job["state"], &job["done"]), (&json!("done"), &job["total"]), "{job}");
    job
}

/// What became of each row of a job, in order.
async fn rows(world: &World, token: &str, job: &Value) -> Vec<Value> {
    let path = format!("/api/v1/jobs/{}/rows?limit=200", job["id"].as_str().expect("an id"));
    let read = world.api.get(&path).bearer(token).await.expect(200).json();
    read["items"].as_array().expect("rows").clone()
}

/// The outcomes of a job, in order.
async fn outcomes(world: &World, token: &str, job: &Value) -> Vec<String> {
    let rows = rows(world, token, job).await;
    rows.iter().map(|row| row["outcome"].as_str().expect("a word").to_owned()).collect()
}

/// What somebody is enrolled in.
async fn enrolments(world: &World, token: &str) -> Vec<Value> {
    let read = world.api.get("/api/v1/me/enrolments").bearer(token).await.expect(200).json();
    read["items"].as_array().expect("items").clone()
}
