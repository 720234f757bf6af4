//! The page at the root, where a mail leads.

use super::assert_is_keepable;
use super::html::elements;
use crate::world::World;

#[tokio::test]
async fn the_root_says_what_this_is_and_every_link_of_it_leads_somewhere() {
    let world = World::new().await;
    for path in ["/", "", "/?fbclid=x"] {
        let page = world.api.get(path).await.expect(200);
        assert_is_keepable(&page);
        let links = elements(&page.body, "a");
        let modules = links.iter().filter(|link| link["href"].starts_with("/modules/")).count();
        assert_eq!(modules, 6, "the latest: {}", page.body);
        assert!(page.body.contains("Tout le catalogue : 15 modules"), "{}", page.body);
        for link in links.iter().filter(|link| !link["href"].starts_with('#')) {
            world.api.get(&link["href"]).await.expect(200);
        }
    }
    world.api.post("/").await.expect(405);
    world.api.get("/livez").await.expect(200);
}

#[tokio::test]
async fn the_legal_notice_names_who_runs_the_site_when_the_settings_do() {
    let nobody = World::new().await;
    let page = nobody.api.get("/mentions-legales").await.expect(200);
    assert!(page.body.contains("ne s’est pas encore nommé"), "{}", page.body);
    let world = World::with(|settings| {
        settings.operator.name = "CDG <fictif>".to_owned();
        settings.operator.publication_director = "Dominique Fictif".to_owned();
        settings.operator.host = "Hébergeur fictif, 35000 Rennes".to_owned();
    });
    let page = world.await.api.get("/mentions-legales").await.expect(200);
    assert!(page.body.contains("<strong>CDG &#60;fictif&#62;</strong>"), "{}", page.body);
    assert!(page.body.contains("Direction de la publication : Dominique Fictif"));
    assert!(page.body.contains("Hébergement : Hébergeur fictif, 35000 Rennes"));
    assert!(!page.body.contains("Contact :"), "what is not said is not shown");
}
