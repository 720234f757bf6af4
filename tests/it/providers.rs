//! A provider's life: the nation says who it is, its publisher how to reach it, and nobody else.

use maitrise::accounts::model::Role;
use maitrise::content::blob_digest;
use serde_json::{Value, json};

use crate::deeds::picture;
use crate::support::Answer;
use crate::world::World;

const REF: &str = "/api/v1/providers/local:atelier";

fn identity() -> Value {
    json!({
        "name": "Atelier (essai)", "legal_name": "Atelier (fictif)", "kind": "training_body",
        "siret": "99999999800027", "activity_number": "99999999903",
        "address": {
            "lines": ["3 place de l'Exemple"], "postcode": "35133", "city": "Beaucé",
            "insee": "35021",
        },
    })
}

/// The nation makes a provider; its tag.
async fn made(world: &World) -> String {
    let national = world.token("national").await;
    let body = json!({ "ref": "local:atelier", "profile": identity() });
    let post = world.api.post("/api/v1/providers").bearer(&national).json(&body);
    let made = post.await.expect(201);
    assert_eq!(made.location(), REF);
    made.etag()
}

async fn put(world: &World, token: &str, path: &str, tag: &str, body: &Value) -> Answer {
    let put = world.api.put(&format!("{REF}{path}")).bearer(token).header("If-Match", tag);
    put.json(body).await
}

fn pointers(answer: &Answer) -> Vec<String> {
    let errors = answer.json()["errors"].take();
    let errors = errors.as_array().expect("errors").iter();
    errors.map(|e| e["pointer"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_provider_is_made_once_named_reached_and_seen_by_anyone() {
    let world = World::new().await;
    let national = world.token("national").await;
    let tag = made(&world).await;
    let body = json!({ "ref": "local:atelier", "profile": identity() });
    let again = world.api.post("/api/v1/providers").bearer(&national).json(&body).await;
    assert_eq!(again.expect(409).json()["code"], "provider-exists");
    let scope = world.provider("local:atelier").await;
    let publisher = world.admit_as("editrice-atelier", Role::Publisher, scope).await.token;
    let reach = json!({
        "email": "contact@atelier.example", "website": "https://atelier.example",
        "contacts": [
            { "kind": "disability", "label": "Référent handicap", "email": "h@atelier.example" },
            { "kind": "general", "label": "Accueil", "phone": "01 99 00 12 34" },
        ],
    });
    let reached = put(&world, &publisher, "/contacts", &tag, &reach).await.expect(200);
    put(&world, &publisher, "/contacts", &tag, &reach).await.expect(412);
    let tag = reached.etag();
    let regimes = json!({ "regimes": [
        { "regime": "qualiopi", "declared_from": "2020-01-01", "declared_until": "2023-01-01" },
        { "regime": "qualiopi", "declared_from": "2025-01-01" },
        { "regime": "lheo", "declared_from": "2099-01-01" },
    ]});
    put(&world, &publisher, "/regimes", &tag, &regimes).await.expect(403);
    put(&world, &national, "/regimes", &tag, &regimes).await.expect(200);
    let seen = world.api.get(REF).await.expect(200).json();
    assert_eq!(seen["regimes"], json!(["qualiopi"]), "those of today only");
    assert_eq!(seen["periods"].as_array().expect("periods").len(), 3);
    assert_eq!(seen["contacts"][1]["label"], "Accueil");
    assert_eq!(seen["address"]["lines"], json!(["3 place de l'Exemple"]));
    assert_eq!(seen["modules"], 0);
    let list = world.api.get("/api/v1/providers?limit=200").await.expect(200).json();
    let items = list["items"].as_array().expect("providers");
    let mine = items.iter().find(|p| p["ref"] == "local:atelier").expect("the provider");
    assert_eq!(mine["siret"], "99999999800027");
    let shipped = items.iter().find(|p| p["ref"] == "local:maitrise").expect("the shipped one");
    assert!(shipped["modules"].as_u64().expect("a count") >= 15);
    let people = world.api.get(&format!("{REF}/people")).bearer(&publisher).await.expect(200);
    let people = people.json()["items"].take();
    assert_eq!(people.as_array().expect("people").len(), 1);
    assert_eq!(people[0]["role"], "publisher");
}

#[tokio::test]
async fn what_no_provider_can_be_is_refused_at_its_place() {
    let world = World::new().await;
    let national = world.token("national").await;
    let tag = made(&world).await;
    let with = |key: &str, value: Value| {
        let mut body = identity();
        body[key] = value;
        body
    };
    for (body, pointer) in [
        (with("siret", json!("99999999800028")), "/siret"),
        (with("siret", json!("9999999980002")), "/siret"),
        (with("activity_number", json!("1234567890X")), "/activity_number"),
        (with("name", json!(" ")), "/name"),
    ] {
        let refused = put(&world, &national, "", &tag, &body).await.expect(422);
        assert_eq!(pointers(&refused), [pointer], "{body}");
    }
    put(&world, &national, "", &tag, &with("kind", json!("school"))).await.expect(422);
    let overlapping = json!({ "regimes": [
        { "regime": "lheo", "declared_from": "2026-01-01" },
        { "regime": "qualiopi", "declared_from": "2026-01-01" },
        { "regime": "lheo", "declared_from": "2020-01-01", "declared_until": "2019-01-01" },
    ]});
    let refused = put(&world, &national, "/regimes", &tag, &overlapping).await.expect(422);
    assert_eq!(pointers(&refused), ["/regimes/2/declared_until"]);
    let overlapping = json!({ "regimes": [
        { "regime": "lheo", "declared_from": "2026-01-01" },
        { "regime": "lheo", "declared_from": "2027-01-01" },
    ]});
    let refused = put(&world, &national, "/regimes", &tag, &overlapping).await.expect(422);
    assert_eq!(pointers(&refused), ["/regimes/1"]);
    let unknown = json!({ "regimes": [{ "regime": "iso", "declared_from": "2026-01-01" }] });
    put(&world, &national, "/regimes", &tag, &unknown).await.expect(422);
    let nobody = json!({ "contacts": [{ "kind": "pedagogy", "label": "Personne" }] });
    let refused = put(&world, &national, "/contacts", &tag, &nobody).await.expect(422);
    assert_eq!(pointers(&refused), ["/contacts/0"]);
    assert_eq!(world.api.get(REF).await.expect(200).etag(), tag, "nothing was written");
}

#[tokio::test]
async fn an_agrement_is_granted_for_a_time_withdrawn_once_and_never_doubled() {
    let world = World::new().await;
    let national = world.token("national").await;
    made(&world).await;
    let agrements = format!("{REF}/agrements");
    let grant = async |number: &str, from: &str, to: &str| {
        let body = json!({
            "number": number, "granted_on": "2026-01-02", "valid_from": from, "valid_to": to,
        });
        world.api.post(&agrements).bearer(&national).json(&body).await
    };
    let refused = grant("A-0", "2026-02-01", "2026-02-01").await.expect(422);
    assert_eq!(pointers(&refused), ["/valid_to"]);
    let granted = grant("A-1", "2026-02-01", "2030-02-01").await.expect(201).json();
    assert_eq!(granted["agrement"]["number"], "A-1");
    let refused = grant("A-2", "2030-01-31", "2032-01-01").await.expect(422);
    assert_eq!(pointers(&refused), ["/valid_from"]);
    let id = granted["agrements"][0]["id"].as_str().expect("an id").to_owned();
    let withdraw = async |id: &str, from: &str| {
        let path = format!("{agrements}/{id}/withdraw");
        let body = json!({ "from": from, "reason": "Décision d'essai" });
        world.api.post(&path).bearer(&national).json(&body).await
    };
    withdraw(&id, "2030-02-01").await.expect(422);
    let withdrawn = withdraw(&id, "2026-06-01").await.expect(200).json();
    assert_eq!(withdrawn["agrements"][0]["withdrawn_from"], "2026-06-01");
    assert_eq!(withdrawn["agrement"], Value::Null, "it does not hold any more");
    let again = withdraw(&id, "2027-06-01").await.expect(200).json();
    assert_eq!(again["agrements"][0]["withdrawn_from"], "2026-06-01", "as it was first");
    let other = "/api/v1/providers/local:maitrise/agrements";
    let body = json!({ "from": "2026-06-01", "reason": "Décision d'essai" });
    let elsewhere = world.api.post(&format!("{other}/{id}/withdraw")).bearer(&national);
    elsewhere.json(&body).await.expect(404);
    grant("A-3", "2026-06-01", "2030-01-01").await.expect(201);
}

#[tokio::test]
async fn the_publisher_of_another_provider_finds_nothing_to_change() {
    let world = World::new().await;
    let tag = made(&world).await;
    let elsewhere = world.token("editrice").await;
    let body = json!({ "contacts": [] });
    put(&world, &elsewhere, "/contacts", &tag, &body).await.expect(404);
    world.api.get(&format!("{REF}/people")).bearer(&elsewhere).await.expect(404);
    let logo = world.api.put(&format!("{REF}/logo")).bearer(&elsewhere).header("If-Match", &tag);
    let logo = logo.header("Content-Type", "application/octet-stream").body(picture().1);
    logo.await.expect(404);
    put(&world, &elsewhere, "", &tag, &identity()).await.expect(403);
    let seen = world.api.get(REF).await.expect(200);
    assert_eq!((seen.etag(), &seen.json()["logo"]), (tag, &Value::Null), "nothing was changed");
}

#[tokio::test]
async fn a_logo_is_a_small_image_shown_until_another_takes_its_place() {
    let world = World::new().await;
    let national = world.token("national").await;
    let tag = made(&world).await;
    let put = async |tag: &str, bytes: Vec<u8>| {
        let put = world.api.put(&format!("{REF}/logo")).bearer(&national).header("If-Match", tag);
        put.header("Content-Type", "application/octet-stream").body(bytes).await
    };
    let (digest, bytes) = picture();
    let path = format!("/media/{digest}");
    world.api.get(&path).await.expect(404);
    put(&tag, b"%PDF-1.7 no image".to_vec()).await.expect(422);
    put(&tag, [bytes.as_slice(), &[7; 200_000]].concat()).await.expect(413);
    let shown = put(&tag, bytes.clone()).await.expect(200);
    assert_eq!(shown.json()["logo"], path);
    let served = world.api.get(&path).await.expect(200);
    assert_eq!(served.header("content-type"), Some("image/png"));
    let other = [bytes.as_slice(), b"!"].concat();
    let next = format!("/media/{}", blob_digest(&other));
    put(&shown.etag(), other).await.expect(200);
    world.api.get(&path).await.expect(404);
    world.api.get(&next).await.expect(200);
}

#[tokio::test]
async fn a_module_shows_the_name_that_its_provider_gives_itself_now() {
    let world = World::new().await;
    let national = world.token("national").await;
    let module = "/api/v1/modules/E1";
    let before = world.api.get(module).await.expect(200);
    assert_eq!(before.json()["provider"]["name"], "Contenus fournis avec maitrise");
    let provider = "/api/v1/providers/local:maitrise";
    let tag = world.api.get(provider).await.expect(200).etag();
    let mut body = identity();
    body["name"] = json!("Autre nom");
    let put = world.api.put(provider).bearer(&national).header("If-Match", &tag).json(&body);
    put.await.expect(200);
    let after = world.api.get(module).header("If-None-Match", &before.etag()).await.expect(200);
    assert_eq!(after.json()["provider"]["name"], "Autre nom");
}
