//! Nothing comes from outside: not for our pages, not for the documentation of the API.

use super::assert_stays_here;
use super::html::elements;
use crate::world::World;

#[tokio::test]
async fn the_stylesheet_is_ours_and_fetches_nothing() {
    let world = World::new().await;
    let page = world.api.get("/verifier").await.expect(200);
    let sheet = &elements(&page.body, "link")[0];
    assert_eq!(sheet["rel"], "stylesheet");
    let style = world.api.get(&sheet["href"]).await.expect(200);
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(style.header("x-content-type-options"), Some("nosniff"));
    for fetching in ["url(", "@import", "@font-face", "://"] {
        assert!(!style.body.contains(fetching), "{fetching}: {}", style.body);
    }
}

#[tokio::test]
async fn the_documentation_carries_its_own_script_and_may_call_nobody_else() {
    let world = World::new().await;
    let docs = world.api.get("/docs").await.expect(200);
    assert!(docs.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    // The body of a script is no markup: only what the browser itself would fetch counts.
    let markup: String =
        docs.body.split("<script").enumerate().fold(String::new(), |all, (i, part)| {
            let after =
                if i == 0 { part } else { part.split_once("</script>").map_or("", |p| p.1) };
            all + after
        });
    assert_stays_here(&markup);
    for part in docs.body.split("<script").skip(1) {
        let opening = part.split('>').next().unwrap_or_default();
        assert!(!opening.contains("src=") || !opening.contains("://"), "<script{opening}>");
    }
    let policy = docs.header("content-security-policy").unwrap_or_default();
    assert!(policy.contains("default-src 'none'") && policy.contains("connect-src 'self'"));
    assert!(!policy.contains("http"), "{policy}");
    world.api.get("/openapi.json").await.expect(200);
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_problem_and_repeats_nothing() {
    let world = World::new().await;
    let nowhere = world.api.get("/%3Cscript%3Ealert(1)%3C/script%3E").await.expect(404);
    assert_eq!(nowhere.problem_code(), "not-found");
    assert!(!nowhere.body.contains("script"), "{}", nowhere.body);
    assert_eq!(nowhere.header("x-content-type-options"), Some("nosniff"));
    world.api.post("/accessibilite").await.expect(405);
}
