//! Learning paths as anyone reads them: the list, a path, and the modules between them.

use maitrise::accounts::model::Role;
use serde_json::{Value, json};
use tracing_subscriber::layer::SubscriberExt as _;

use super::browse::Browser;
use super::html::elements;
use super::statements::{Statements, price};
use super::{assert_is_a_page_of_ours, assert_is_keepable};
use crate::world::World;

/// A path of two steps, one of them a choice, and one that is optional.
fn path(code: &str) -> Value {
    json!({
        "code": code, "provider": "local:maitrise", "title": "Un <essai>", "summary": "Essayer.",
        "audiences": ["agent"], "outcomes": ["Vérifier une réponse."], "order": "free",
        "prerequisites": [{ "kind": "required", "any_of": ["A3", "E3"] }],
        "steps": [
            { "any_of": ["E1", "A1"] }, { "any_of": ["A2"] }, { "any_of": ["A4"], "optional": true },
        ],
    })
}

async fn publisher(world: &World) -> String {
    let provider = world.provider("local:maitrise").await;
    world.admit_as("editeur-parcours", Role::Publisher, provider).await.token
}

async fn publish(world: &World, token: &str, path: &Value) {
    world.api.post("/api/v1/paths").bearer(token).json(path).await.expect(201);
}

/// The addresses of a page's content under a root.
fn led_to(html: &str, root: &str) -> Vec<String> {
    let main = html.split("<main").nth(1).expect("a main part");
    let links = elements(main, "a").into_iter().map(|link| link["href"].clone());
    links.filter(|href| href.starts_with(root)).collect()
}

async fn minutes(world: &World, code: &str) -> u64 {
    let module = world.api.get(&format!("/api/v1/modules/{code}")).await.expect(200).json();
    module["duration_minutes"].as_u64().expect("minutes")
}

#[tokio::test]
async fn the_paths_page_lists_what_the_api_lists_and_each_leads_through_its_modules() {
    let world = World::new().await;
    let list = world.api.get("/parcours").await.expect(200);
    assert_is_keepable(&list);
    let told = world.api.get("/api/v1/paths").await.expect(200).json();
    let items = told["items"].as_array().expect("paths");
    let codes = items.iter().map(|path| path["code"].as_str().expect("a code"));
    let expected: Vec<_> = codes.map(|code| format!("/parcours/{code}")).collect();
    assert!(expected.len() > 3, "{expected:?}");
    assert_eq!(led_to(&list.body, "/parcours/"), expected);
    for (item, address) in items.iter().zip(&expected) {
        let page = world.api.get(address).await.expect(200);
        assert_is_keepable(&page);
        let steps = item["steps"].as_array().expect("steps").iter();
        let members = steps.flat_map(|step| step["any_of"].as_array().expect("modules"));
        let modules: Vec<_> =
            members.map(|m| format!("/modules/{}", m["code"].as_str().expect("a code"))).collect();
        assert_eq!(led_to(&page.body, "/modules/"), modules, "{address}");
        assert!(page.body.contains("Version 1, le ") && page.body.contains("première version"));
        for module in modules {
            let page = world.api.get(&module).await.expect(200);
            assert!(led_to(&page.body, "/parcours/").contains(address), "{module}: {address}");
        }
    }
    let home = world.api.get("/").await.expect(200);
    assert!(home.body.contains(&format!("{} parcours", items.len())), "{}", home.body);
}

#[tokio::test]
async fn a_path_says_its_choices_its_optional_steps_what_it_asks_and_its_history() {
    let world = World::new().await;
    let token = publisher(&world).await;
    publish(&world, &token, &path("ESSAI")).await;
    let mut next = path("ESSAI");
    let fields = next.as_object_mut().expect("an object");
    fields.retain(|name, _| name != "code" && name != "provider");
    next["change"] = json!("legal");
    next["note"] = json!("La loi a changé.");
    next["outcomes"] = json!(["Vérifier deux réponses."]);
    let call = world.api.post("/api/v1/paths/ESSAI/versions").bearer(&token);
    call.header("if-match", "\"1\"").json(&next).await.expect(201);

    let page = world.api.get("/parcours/ESSAI").await.expect(200);
    assert_is_keepable(&page);
    let (e1, a1) = (minutes(&world, "E1").await, minutes(&world, "A1").await);
    let a2 = minutes(&world, "A2").await;
    assert_ne!(e1, a1, "the choice makes a range");
    let said = |minutes: u64| maitrise::web::words::minutes(minutes.try_into().expect("minutes"));
    let range = format!("de {} à {}", said(e1.min(a1) + a2), said(e1.max(a1) + a2));
    for words in [
        "Un &#60;essai&#62;",
        "Agents · 2 modules et 1 facultatif · dans l’ordre que vous voulez",
        &range,
        "Au choix : ",
        "<strong>ou</strong>",
        "Facultatif",
        "(à achever d’abord)",
        "Vérifier deux réponses.",
        "droit modifié. La loi a changé.",
        "Version 1, le ",
    ] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    assert!(!page.body.contains("Vérifier une réponse."));
}

#[tokio::test]
async fn an_unknown_path_is_no_page_and_a_path_is_served_when_the_database_is_away() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    for path in ["/parcours/RIEN", "/parcours/elus", "/parcours/%27--", "/parcours/"] {
        let page = browser.get(path).await.expect(404);
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains("<h1>Introuvable</h1>"), "{path}: {}", page.body);
    }
    world.api.post("/parcours").await.expect(405);
    world.api.get("/parcours").await.expect(200);
    world.app.db.clone().close().await.expect("closed");
    world.api.get("/parcours").await.expect(200);
    let page = world.api.get("/parcours/ELUS").await.expect(200);
    assert!(page.body.contains("momentanément indisponible"), "{}", page.body);
    assert_eq!(page.header("cache-control"), Some("no-store"), "it is not whole");
}

#[tokio::test]
async fn paths_cost_as_many_statements_however_many_there_are() {
    let world = World::new().await;
    let token = publisher(&world).await;
    let mut anyone = Browser::new(&world);
    let mut signed = Browser::of(&world, "formatrice").await;
    let before = world.api.get("/parcours").await.expect(200).etag();

    let statements = Statements::default();
    let subscriber = tracing_subscriber::registry().with(statements.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    for more in [0, 20] {
        for nth in 0..more {
            publish(&world, &token, &path(&format!("ESSAI-{nth}"))).await;
        }
        let mut round = Vec::new();
        for path in ["/parcours", "/parcours/ELUS", "/modules/A2"] {
            for browser in [&mut anyone, &mut signed] {
                round.push(price(&world, browser, &statements, path).await);
            }
        }
        // Nothing, or the history, and whether a module has sessions; for somebody signed in, their
        // session and their grants.
        assert_eq!(round, [0, 2, 1, 3, 2, 4], "with {more} more");
    }
    let call = world.api.get("/parcours").header("if-none-match", &before);
    assert_ne!(call.await.expect(200).etag(), before, "paths were published");
}
