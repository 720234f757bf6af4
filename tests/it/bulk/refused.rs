//! What is sent wrongly is refused whole, precisely, and nothing changes.

use maitrise::jobs::model::job;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ENROLMENTS, ask, manager, order};
use crate::world::World;

#[tokio::test]
async fn what_makes_no_sense_is_named_where_it_stands_and_no_job_comes_of_it() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let somebody = json!({ "person_id": Uuid::nil() });
    let people = json!([somebody]);
    let many: Vec<Value> = (0..10_001).map(|_| somebody.clone()).collect();
    for (wish, pointer) in [
        (order("INCONNU", std::slice::from_ref(&somebody)), "/module"),
        (order("pas un code", std::slice::from_ref(&somebody)), "/module"),
        (json!({ "path": "INCONNU", "people": people }), "/path"),
        (json!({ "people": people }), "/module"),
        (json!({ "module": "A2", "path": "PREMIERE-HEURE", "people": people }), "/module"),
        (json!({ "path": "PREMIERE-HEURE", "due_on": "2099-01-01", "people": people }), "/due_on"),
        (json!({ "module": "A2", "due_on": "2020-01-01", "people": people }), "/due_on"),
        (order("A2", &[]), "/people"),
        (order("A2", &many), "/people"),
        (order("A2", &[somebody.clone(), json!({})]), "/people/1"),
        (order("A2", &[json!({ "person_id": Uuid::nil(), "login": "a" })]), "/people/0"),
        (order("A2", &[json!({ "email": "a@b.example" })]), "/people/0"),
        (
            order("A2", &[json!({ "email": "a b", "given_name": "A", "family_name": "B" })]),
            "/people/0/email",
        ),
        (order("A2", &[json!({ "login": " " })]), "/people/0/login"),
    ] {
        let refused = ask(&world, &manager, &wish).await.expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    let send = |query: &str, text: &'static str| {
        let call = world.api.post(&format!("{ENROLMENTS}{query}")).bearer(&manager);
        call.header("Content-Type", "text/csv").body(text)
    };
    for (query, text, at) in [
        ("?module=A2", "nom;prénom\nA;B\n", "line 1"),
        ("?module=A2", "identifiant\n", "lines"),
        ("?module=A2", "email;nom;prénom\nx;Le Goff;Noëlla\n", "line 2, column email"),
        ("", "identifiant\na@b.example\n", "/module"),
        ("?module=A2&due_on=2020-01-01", "identifiant\na@b.example\n", "/due_on"),
    ] {
        let refused = send(query, text).await.expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], at, "{refused}");
    }
    send("?modul=A2", "identifiant\na\n").await.expect(422);
    let mixed = world.api.post(&format!("{ENROLMENTS}?module=A2")).bearer(&manager);
    mixed.json(&order("A2", &[somebody])).await.expect(422);
    let elsewhere = world.api.post("/api/v1/organisations/insee:33522/enrolments").bearer(&manager);
    elsewhere.json(&json!({ "module": "A2", "people": people })).await.expect(404);
    let jobs = job::Entity::find().count(world.app.db.read()).await.expect("jobs");
    assert_eq!(jobs, 0);
}
