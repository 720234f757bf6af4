//! Asking for another password with a browser: one answer, the API's limits, and a mail if there is
//! somebody to write to.

use maitrise::accounts::model::one_use_link;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::browse::Browser;
use super::{assert_is_a_page_of_ours, html::elements};
use crate::sign_in::credentials;
use crate::world::World;

const PATH: &str = "/mot-de-passe-oublie";

async fn links(world: &World) -> u64 {
    one_use_link::Entity::find().count(world.app.db.read()).await.expect("a count")
}

#[tokio::test]
async fn a_forgotten_password_is_asked_for_with_one_answer_for_all() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    let sign_in = browser.get("/connexion").await.expect(200);
    assert!(elements(&sign_in.body, "a").iter().any(|link| link["href"] == PATH));
    assert_is_a_page_of_ours(&browser.get(PATH).await.expect(200));

    let (login, _) = credentials(&world, "elue");
    let before = links(&world).await;
    let mut pages = Vec::new();
    for (name, more) in [("personne@mairie.example", 0), (login.as_str(), 1)] {
        let sent = browser.post(PATH, &[("login", name)]).await.expect(303);
        assert_eq!(sent.location(), "/connexion");
        assert_eq!(links(&world).await, before + more, "{name}");
        let said = browser.get("/connexion").await.expect(200);
        assert_is_a_page_of_ours(&said);
        assert!(said.body.contains("Si un compte porte cet identifiant"), "{}", said.body);
        pages.push(said.body);
    }
    assert_eq!(pages[0], pages[1], "nothing tells them apart");
}

#[tokio::test]
async fn a_forgotten_password_is_asked_for_from_our_page_with_a_name_and_not_too_often() {
    let world = World::with(|settings| settings.sign_in.per_account_and_address = 3).await;
    let mut browser = Browser::new(&world);
    let (login, _) = credentials(&world, "elue");
    let before = links(&world).await;
    for wrong in ["", "   ", &"x".repeat(255)] {
        let page = browser.post(PATH, &[("login", wrong)]).await.expect(422);
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains("aria-invalid=\"true\""), "{}", page.body);
    }
    let elsewhere = [("origin", "https://ailleurs.example")];
    browser.post_from(&elsewhere, PATH, &[("login", &login)]).await.expect(403);
    assert_eq!(links(&world).await, before);
    for _ in 0..3 {
        browser.post(PATH, &[("login", &login)]).await.expect(303);
    }
    let slowed = browser.post(PATH, &[("login", &login)]).await.expect(429);
    assert_is_a_page_of_ours(&slowed);
    assert_eq!(slowed.header("retry-after"), Some("60"));
    let body = serde_json::json!({ "login": login });
    world.api.post("/api/v1/password-resets").json(&body).await.expect(429);
}
