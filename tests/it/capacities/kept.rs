//! What an employer says of its people: recorded, changed, corrected, ended, and always readable.

use chrono::{Duration, NaiveDate};
use maitrise::journal::model::journal_entry;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{HERE, id, mine};
use crate::deeds::learn;
use crate::newcomers::Newcomer;
use crate::support::Answer;
use crate::world::World;

/// An employer's manager, and an élu of theirs.
async fn commune() -> (World, String, Newcomer) {
    let world = World::new().await;
    let employer = world.known("employeur@demonstration.example").await.token;
    let elu = world.admit("elu-bis").await;
    world.elect(&elu, "insee:35021").await;
    (world, employer, elu)
}

async fn add(world: &World, employer: &str, who: &Newcomer, wish: &Value) -> Answer {
    let path = format!("{HERE}/people/{}/capacities", who.person_id);
    world.api.post(&path).bearer(employer).json(wish).await
}

async fn change(world: &World, employer: &str, (id, tag): (&str, &str), body: &Value) -> Answer {
    let put = world.api.put(&format!("{HERE}/capacities/{id}")).bearer(employer);
    put.header("If-Match", tag).json(body).await
}

async fn history(world: &World, employer: &str, id: &str) -> Vec<Value> {
    let read = world.api.get(&format!("{HERE}/capacities/{id}/history")).bearer(employer).await;
    read.expect(200).json()["items"].as_array().expect("rows").clone()
}

fn agent() -> Value {
    json!({
        "kind": "agent", "category": "A", "employment": "titulaire", "filiere": "administrative",
        "cadre_emplois": "attachés territoriaux", "functional_post": "DGS", "manager": true,
        "function": "directrice générale des services", "since": "2026-01-01",
    })
}

#[tokio::test]
async fn what_changes_or_was_wrong_is_another_row_and_every_row_stays_readable() {
    let (world, employer, elu) = commune().await;
    let added = add(&world, &employer, &elu, &agent()).await.expect(201);
    let (first, tag) = (added.json(), added.etag());
    assert_eq!(
        (&first["standing"], &first["filiere"]),
        (&json!("confirmed"), &json!("administrative"))
    );
    let again = add(&world, &employer, &elu, &agent()).await.expect(200).json();
    assert_eq!(again["id"], first["id"], "the same said twice is one");

    let mut wish = agent();
    wish["functional_post"] = Value::Null;
    wish["function"] = json!("directrice de cabinet");
    wish["since"] = Value::Null;
    let moved = json!({ "how": "change", "on": "2026-06-01", "capacity": wish });
    let changed = change(&world, &employer, (id(&first), &tag), &moved).await.expect(201);
    let (second, second_tag) = (changed.json(), changed.etag());
    assert_eq!((&second["valid_from"], &second["replaces"]), (&json!("2026-06-01"), &first["id"]));
    let stale = change(&world, &employer, (id(&first), &tag), &moved).await.expect(412);
    assert_eq!(stale.problem_code(), "stale");

    wish["category"] = json!("B");
    let wrong = json!({ "how": "correction", "capacity": wish });
    let corrected = change(&world, &employer, (id(&second), &second_tag), &wrong).await;
    let third = corrected.expect(201).json();
    let rows = history(&world, &employer, id(&second)).await;
    let seen: Vec<_> = rows.iter().map(|r| (id(r), &r["valid_to"], &r["end_reason"])).collect();
    let expected = [
        (id(&first), &json!("2026-06-01"), &json!("changed")),
        (id(&second), &json!("2026-06-01"), &json!("corrected")),
        (id(&third), &Value::Null, &Value::Null),
    ];
    assert_eq!(seen, expected);
    assert_eq!(third["valid_from"], "2026-06-01");
    assert_eq!(rows[0]["functional_post"], "DGS", "what was is still read");

    let of_person = format!("{HERE}/people/{}/capacities", elu.person_id);
    let all = world.api.get(&of_person).bearer(&employer).await.expect(200).json();
    assert_eq!(all["items"].as_array().map(Vec::len), Some(4), "with the mandate");
    let actions = ["capacity.add", "capacity.change", "capacity.correct", "capacity.read"];
    let journal = journal_entry::Entity::find()
        .filter(journal_entry::Column::Action.is_in(actions))
        .all(world.app.db.read());
    let journal = journal.await.expect("a journal");
    assert_eq!(journal.len(), 4, "each act once: {journal:?}");
    assert!(!format!("{journal:?}").contains("cabinet"), "and nothing of what they are");
}

#[tokio::test]
async fn an_elu_whose_mandate_ended_keeps_their_account_and_proofs_and_is_told_how_to_go_on() {
    let (world, employer, elu) = commune().await;
    learn(&world, &elu.token, "A1").await;
    let enrol = |code: &str| {
        let path = format!("/api/v1/modules/{code}/enrolments");
        world.api.post(&path).bearer(&elu.token).json(&json!({}))
    };
    let begun = enrol("E1").await.expect(201);
    let held = mine(&world, &elu.token).await.remove(0);
    let path = format!("{HERE}/capacities/{}", id(&held));
    let tag = world.api.get(&path).bearer(&employer).await.expect(200).etag();
    let tomorrow = world.app.clock.now().date_naive().succ_opt().expect("a day");
    let end = |body: Value| {
        let post = world.api.post(&format!("{path}/end")).bearer(&employer);
        post.header("If-Match", &tag).json(&body)
    };
    let early = end(json!({ "on": "2020-01-01", "reason": "resigned" })).await.expect(422);
    assert_eq!(early.json()["errors"][0]["pointer"], "/on");
    let ended = end(json!({ "on": tomorrow, "reason": "mandate_ended" })).await.expect(200);
    assert_eq!(ended.json()["end_reason"], "mandate_ended");
    world.app.clock.advance(Duration::days(2));

    let who = world.known("elu-bis@essai.example").await;
    let me = world.api.get("/api/v1/me").bearer(&who.token).await.expect(200).json();
    assert_eq!(me["capacities"], json!([]));
    let proofs = world.api.get("/api/v1/me/attestations").bearer(&who.token).await.expect(200);
    assert_eq!(proofs.json()["items"].as_array().map(Vec::len), Some(1));
    let lesson = begun.json()["lessons"][0]["slug"].as_str().expect("a slug").to_owned();
    let read = world.api.post(&format!("{}/lessons/{lesson}/done", begun.location()));
    read.bearer(&who.token).await.expect(200);
    let anew =
        || world.api.post("/api/v1/modules/C1/enrolments").bearer(&who.token).json(&json!({}));
    let refused = anew().await.expect(409).json();
    assert_eq!(refused["code"], "no-capacity");
    let told = refused["detail"].as_str().expect("a sentence");
    assert!(told.contains("déclarez votre qualité actuelle"), "{told}");
    assert_eq!(mine(&world, &who.token).await[0]["end_reason"], "mandate_ended");

    let now_agent = json!({ "organisation": "insee:35021", "capacity": { "kind": "agent" } });
    let declare = world.api.post("/api/v1/me/capacities").bearer(&who.token).json(&now_agent);
    assert_eq!(declare.await.expect(201).json()["standing"], "declared");
    anew().await.expect(201);
}

#[tokio::test]
async fn what_does_not_go_together_is_named_where_it_stands() {
    let (world, employer, elu) = commune().await;
    let pointers = |answer: Answer| -> Vec<String> {
        let errors = answer.expect(422).json()["errors"].as_array().expect("errors").clone();
        errors.iter().map(|e| e["pointer"].as_str().expect("one").to_owned()).collect()
    };
    let wish = json!({
        "kind": "elu", "mandate": "conseillère communautaire", "category": "A", "manager": true,
        "delegation": "voirie", "since": "2026-03-22", "until": "2026-03-22",
    });
    let at = pointers(add(&world, &employer, &elu, &wish).await);
    let expected = ["/until", "/category", "/manager", "/delegation_on", "/mandate"];
    assert_eq!(at, expected, "an EPCI's mandate in a commune, and more");
    let wish = json!({ "kind": "agent", "mandate": "maire", "filiere": "volante" });
    assert_eq!(pointers(add(&world, &employer, &elu, &wish).await), ["/mandate", "/filiere"]);

    let wish = json!({
        "kind": "elu", "mandate": "Conseillère Municipale", "delegation": "voirie",
        "delegation_on": "2026-04-01", "since": "2026-03-22",
    });
    let added = add(&world, &employer, &elu, &wish).await.expect(201);
    assert_eq!(added.json()["mandate"], "conseiller municipal");
    let held = (added.json(), added.etag());
    let quoted = (id(&held.0), held.1.as_str());
    let mut capacity = wish.clone();
    capacity["delegation"] = json!("voirie et numérique");
    capacity["since"] = Value::Null;
    for (body, at) in [
        (json!({ "how": "change", "capacity": capacity }), "/on"),
        (json!({ "how": "change", "on": "2026-03-22", "capacity": capacity }), "/on"),
        (json!({ "how": "correction", "on": "2026-05-01", "capacity": capacity }), "/on"),
        (
            json!({ "how": "change", "on": "2026-05-01", "capacity": { "kind": "agent" } }),
            "/capacity/kind",
        ),
    ] {
        assert_eq!(pointers(change(&world, &employer, quoted, &body).await), [at], "{body}");
    }
    let widened = json!({ "how": "change", "on": "2026-05-01", "capacity": capacity });
    let changed = change(&world, &employer, quoted, &widened).await.expect(201).json();
    assert_eq!(changed["delegation_on"], "2026-04-01", "given earlier in the same mandate");
}

#[tokio::test]
async fn nobody_says_what_the_people_of_others_are() {
    let (world, employer, elu) = commune().await;
    let stranger = world.admit("elue-ailleurs").await;
    world.elect(&stranger, "insee:33522").await;
    let refused = add(&world, &employer, &stranger, &agent()).await.expect(404);
    assert_eq!(refused.problem_code(), "not-found");
    let theirs = mine(&world, &stranger.token).await.remove(0);
    let path = format!("{HERE}/capacities/{}", id(&theirs));
    world.api.get(&path).bearer(&employer).await.expect(404);
    world.api.get(&format!("{path}/history")).bearer(&employer).await.expect(404);
    let refused = add(&world, &elu.token, &elu, &agent()).await.expect(403);
    assert_eq!(refused.problem_code(), "forbidden");
}

#[tokio::test]
async fn one_of_several_changes_at_once_is_made_and_the_others_are_stale() {
    let (world, employer, elu) = commune().await;
    let added = add(&world, &employer, &elu, &agent()).await.expect(201);
    let (row, tag) = (added.json(), added.etag());
    let on = |n: u32| NaiveDate::from_ymd_opt(2026, 3, n).expect("a date");
    let changes = (1..=8).map(|n| {
        let mut wish = agent();
        wish["since"] = Value::Null;
        wish["function"] = json!(format!("poste {n}"));
        let body = json!({ "how": "change", "on": on(n), "capacity": wish });
        let (world, employer, row, tag) = (&world, &employer, &row, &tag);
        async move { change(world, employer, (id(row), tag), &body).await.status }
    });
    let mut statuses = futures_util::future::join_all(changes).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412, 412, 412, 412, 412, 412, 412]);
    assert_eq!(history(&world, &employer, id(&row)).await.len(), 2);
}
