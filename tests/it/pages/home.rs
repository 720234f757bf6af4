//! The page at the root, where a mail leads.

use super::assert_is_a_page_of_ours;
use super::html::elements;
use crate::world::World;

#[tokio::test]
async fn the_root_shows_what_is_published_and_where_to_go() {
    let world = World::new().await;
    for path in ["/", "", "/?fbclid=x"] {
        let page = world.api.get(path).await.expect(200);
        assert_is_a_page_of_ours(&page);
        let published = world.api.get("/api/v1/modules").await.expect(200).json();
        let modules = published["items"].as_array().expect("modules").clone();
        assert_eq!(elements(&page.body, "h2").len(), modules.len(), "{}", page.body);
        for module in modules {
            let code = module["code"].as_str().expect("a code");
            assert!(page.body.contains(code), "{code}: {}", page.body);
        }
        for link in elements(&page.body, "a") {
            world.api.get(&link["href"]).await.expect(200);
        }
    }
    world.api.post("/").await.expect(405);
    world.api.get("/livez").await.expect(200);
}
