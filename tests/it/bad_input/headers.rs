//! Headers of every kind of answer: what protects the browser, what names the request, what says to
//! sign in or to wait.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answers::refused;
use crate::support::Answer;
use crate::world::World;

/// One answer of every kind.
async fn kinds(world: &World) -> Vec<(&'static str, Answer)> {
    let api = &world.api;
    let elue = world.known("elue@demonstration.example").await.token;
    let fresh = api.get("/api/v1/modules/E1").await.expect(200);
    let known = api.get("/api/v1/modules/E1").header("If-None-Match", &fresh.etag());
    let out = api.post("/api/v1/sign-out").json(&json!({ "refresh_token": "x" }));
    vec![
        ("public", fresh),
        ("not modified", known.await.expect(304)),
        ("signed in", api.get("/api/v1/me").bearer(&elue).await.expect(200)),
        ("empty", out.await.expect(204)),
        ("401", api.get("/api/v1/me").await.expect(401)),
        ("403", api.get("/api/v1/journal").bearer(&elue).await.expect(403)),
        ("404", api.get("/nulle-part").await.expect(404)),
        ("405", api.delete("/livez").await.expect(405)),
        ("health", api.get("/livez").await.expect(200)),
        ("measures", api.get("/metrics").await.expect(200)),
        ("keys", api.get("/.well-known/jwks.json").await.expect(200)),
        ("the document", api.get("/openapi.json").await.expect(200)),
        ("the documentation", api.get("/docs").await.expect(200)),
        ("a page", api.get("/verifier").await.expect(200)),
        ("a page that refuses", api.get("/liens/x").await.expect(410)),
        ("a style sheet", api.get("/style.css").await.expect(200)),
    ]
}

#[tokio::test]
async fn every_kind_of_answer_protects_the_browser_and_names_the_request() {
    let world = World::new().await;
    let (kinds, mut ids) = (kinds(&world).await, BTreeSet::new());
    for (kind, answer) in &kinds {
        let is = |name: &str, value: &str| {
            assert_eq!(answer.header(name), Some(value), "{name} of {kind}");
        };
        is("x-content-type-options", "nosniff");
        is("x-frame-options", "DENY");
        // A form of ours says where it comes from; nobody else is told.
        let ours = *kind == "a page";
        is("referrer-policy", if ours { "same-origin" } else { "no-referrer" });
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'"), "{kind}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{kind}: {policy}");
        assert!(!policy.contains("http") && !policy.contains('*'), "{kind}: {policy}");
        ids.insert(answer.header("x-request-id").expect("an id").to_owned());
        assert_eq!(answer.header("strict-transport-security"), None, "{kind}: http has none");
        assert_eq!(answer.header("server"), None, "{kind}");
        for (name, _) in &answer.headers {
            assert!(!name.as_str().starts_with("access-control"), "{kind}: {name}");
        }
    }
    assert_eq!(ids.len(), kinds.len(), "each request has an id of its own");
    let signed_in = kinds.iter().find(|(kind, _)| *kind == "signed in").expect("one");
    assert_eq!(signed_in.1.header("cache-control"), Some("no-store"));
    let docs = &kinds.iter().find(|(kind, _)| *kind == "the documentation").expect("one").1.body;
    for outside in ["src=\"http", "src=\"//", "href=\"http", "href=\"//"] {
        assert!(!docs.contains(outside), "the documentation asks an outside host: {outside}");
    }
}

#[tokio::test]
async fn behind_https_browsers_are_told_to_stay_there() {
    let world = World::with(|s| s.http.public_url = "https://formation.example".to_owned()).await;
    for path in ["/livez", "/nulle-part", "/verifier"] {
        let answer = world.api.get(path).await;
        let told = answer.header("strict-transport-security").expect(path);
        assert!(told.starts_with("max-age=31536000"), "{path}: {told}");
    }
}

#[tokio::test]
async fn a_401_says_to_sign_in_and_a_429_when_to_come_back() {
    let world = World::with(|settings| settings.sign_in.per_account_and_address = 2).await;
    let answer = world.api.get("/api/v1/me").await;
    refused(&answer, 401, "unauthenticated", "nobody");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    let wrong = json!({ "login": "personne@essai.example", "password": "rien du tout" });
    for _ in 0..2 {
        let answer = world.api.post("/api/v1/sign-in").json(&wrong).await;
        refused(&answer, 401, "invalid-credentials", "an unknown account");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    let answer = world.api.post("/api/v1/sign-in").json(&wrong).await;
    refused(&answer, 429, "too-many-requests", "the third in a minute");
    let seconds: u64 = answer.header("retry-after").expect("one").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn the_language_changes_titles_and_details_and_nothing_else() {
    let world = World::new().await;
    let elue = world.known("elue@demonstration.example").await.token;
    let ask = async |language: &str| -> Vec<Answer> {
        let enrol = world.api.post("/api/v1/modules/E1/enrolments").bearer(&elue);
        let enrol = enrol.json(&json!({ "due_on": "1999-12-31" }));
        vec![
            world.api.get("/nulle-part").header("Accept-Language", language).await,
            world.api.get("/api/v1/modules?limit=0").header("Accept-Language", language).await,
            enrol.header("Accept-Language", language).await,
        ]
    };
    let without_words = |answer: &Answer| {
        let mut body = answer.json();
        for word in ["title", "detail", "instance"] {
            body[word] = Value::Null;
        }
        for error in body["errors"].as_array_mut().into_iter().flatten() {
            error["detail"] = Value::Null;
        }
        (answer.status, body)
    };
    for (french, english) in ask("fr").await.iter().zip(&ask("en-GB,fr;q=0.3").await) {
        assert_eq!(without_words(french), without_words(english));
        assert_ne!(french.json()["title"], english.json()["title"]);
        assert_eq!(french.header("content-language"), Some("fr"));
        assert_eq!(english.header("content-language"), Some("en"));
    }
    for other in ["de", "", "*", "q=", &"fr,".repeat(2_000)] {
        for answer in ask(other).await {
            assert_eq!(answer.header("content-language"), Some("fr"), "{other:.10}");
        }
    }
}
