//! Other origins: closed unless configured, and never in the way of our own pages.

use reqwest::Method;

use crate::support::Answer;
use crate::world::World;

const PORTAL: &str = "https://portail.example";

async fn open() -> World {
    World::with(|settings| settings.http.cors_origins = vec![PORTAL.to_owned()]).await
}

async fn preflight(world: &World, origin: &str, method: &str) -> Answer {
    let ask = world.api.options("/api/v1/modules/E1/enrolments").header("Origin", origin);
    let ask = ask.header("Access-Control-Request-Method", method);
    ask.header("Access-Control-Request-Headers", "authorization, content-type, if-match").await
}

fn lets(answer: &Answer) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

#[tokio::test]
async fn no_other_origin_may_call_unless_configured() {
    let world = World::new().await;
    let simple = world.api.get("/api/v1/modules").header("Origin", PORTAL).await.expect(200);
    assert_eq!(lets(&simple), None);
    let asked = preflight(&world, PORTAL, "POST").await;
    assert_eq!(lets(&asked), None);
    assert!(asked.status >= 400 || asked.body.is_empty(), "{}", asked.body);
}

#[tokio::test]
async fn an_origin_that_is_configured_may_call_and_read_what_it_needs() {
    let world = open().await;
    for path in ["/api/v1/modules", "/api/v1/me", "/nulle-part"] {
        let answer = world.api.get(path).header("Origin", PORTAL).await;
        assert_eq!(lets(&answer), Some(PORTAL), "{path}");
        assert!(
            answer.header("vary").is_some_and(|v| v.to_lowercase().contains("origin")),
            "{path}"
        );
        let exposed = answer.header("access-control-expose-headers").expect("names").to_lowercase();
        for name in ["etag", "location", "retry-after", "x-request-id"] {
            assert!(exposed.contains(name), "{name} is not among {exposed}");
        }
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "tokens, no cookies");
    }
    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
        let answer = preflight(&world, PORTAL, method.as_str()).await;
        assert!((200..300).contains(&answer.status), "{method}: {} {}", answer.status, answer.body);
        assert_eq!(lets(&answer), Some(PORTAL));
        let methods = answer.header("access-control-allow-methods").expect("methods");
        assert!(methods.contains(method.as_str()), "{methods}");
        let headers =
            answer.header("access-control-allow-headers").expect("headers").to_lowercase();
        for name in ["authorization", "content-type", "if-match"] {
            assert!(headers.contains(name), "{headers}");
        }
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

#[tokio::test]
async fn another_origin_is_served_as_if_nothing_were_configured() {
    let world = open().await;
    for origin in ["https://portail.example.evil", "http://portail.example", "null"] {
        let answer = world.api.get("/api/v1/modules").header("Origin", origin).await.expect(200);
        assert_eq!(lets(&answer), None, "{origin}");
        assert_eq!(lets(&preflight(&world, origin, "POST").await), None, "{origin}");
    }
    // A browser names the origin of our own form, too.
    let own = world.app.settings.http.public_url.clone();
    let form = world.api.post("/liens/x").header("Origin", &own);
    let form = form.header("Content-Type", "application/x-www-form-urlencoded");
    form.body("password=a&again=a").await.expect(410);
}
