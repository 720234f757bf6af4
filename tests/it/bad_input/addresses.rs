//! Addresses: unknown paths, other methods, codes that are not codes, percent-encoding that is none.

use super::answers::{problem, refused};
use super::tally::Tally;
use super::wire::exchange;
use crate::world::World;

/// What one might put where an identifier or a code is expected, percent-encoded.
const STRANGE: [&str; 12] = [
    "'%20OR%20'1'%3D'1",
    "E1'%3B%20DROP%20TABLE%20module%3B%20--",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "%00",
    "E1%00",
    "%ff%fe",
    "%zz",
    "%",
    "..%2f..%2fetc%2fpasswd",
    "%F0%9F%98%80",
    "00000000-0000-0000-0000-000000000000",
    "%E2%80%AE1E",
];

#[tokio::test]
async fn a_verification_code_that_is_nothing_is_unknown_and_never_echoed_as_html() {
    let world = World::new().await;
    for strange in STRANGE {
        let get = |path: String| {
            let request = format!("GET {path} HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\r\n");
            let world = &world;
            async move { exchange(world, &request).await }
        };
        let answer = get(format!("/api/v1/verify/{strange}")).await;
        let known = answer.contains("\"status\":\"unknown\"");
        let unreadable = answer.contains("\"unreadable-request\"");
        assert!((known || unreadable) && !answer.contains("<script"), "{strange}: {answer}");
        for path in [format!("/verifier/{strange}"), format!("/verifier?code={strange}")] {
            let answer = get(path).await;
            let status = answer.get(9..12).unwrap_or_default();
            assert!(["200", "400", "404"].contains(&status), "{strange}: {answer}");
            // The page has one script, which is ours.
            let answer = answer.replace("<script src=\"/verifier.js?v=", "");
            assert!(!answer.contains("<script"), "{strange}: {answer}");
        }
        let answer = get(format!("/liens/{strange}")).await;
        let status = answer.get(9..12).unwrap_or_default();
        assert!(["404", "410"].contains(&status), "{strange}: {answer}");
        assert!(!answer.contains("<script"), "{strange}: {answer}");
    }
}

#[tokio::test]
async fn a_path_that_does_not_exist_is_a_problem() {
    let world = World::new().await;
    let long = format!("/{}", "A".repeat(6_000));
    for path in [
        "/nulle-part",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v2/modules",
        "/api/v1/modules/",
        "/api/v1/modules/E1/",
        "/api/v1//modules",
        "/api/v1/modules/E1/versions/1/x",
        "/.well-known/nothing.json",
        "/.git/config",
        "/liens",
        "/../etc/passwd",
        &long,
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = world.api.call(method.parse().expect("a method"), path).await;
            refused(&answer, 404, "not-found", &format!("{method} {path:.60}"));
        }
    }
}

#[tokio::test]
async fn another_method_than_those_offered_is_a_problem_that_lists_them() {
    let world = World::new().await;
    let before = Tally::of(&world).await;
    for (method, path, allowed) in [
        ("DELETE", "/api/v1/me", "GET, HEAD"),
        ("POST", "/api/v1/me", "GET, HEAD"),
        ("GET", "/api/v1/sign-in", "POST"),
        ("HEAD", "/api/v1/sign-in", "POST"),
        ("PUT", "/api/v1/modules", "GET, HEAD, POST"),
        ("PATCH", "/api/v1/modules/E1", "GET, HEAD"),
        ("POST", "/api/v1/modules/E1/draft/files", "DELETE, GET, HEAD, PUT"),
        ("DELETE", "/livez", "GET, HEAD"),
        ("POST", "/.well-known/jwks.json", "GET, HEAD"),
        ("POST", "/openapi.json", "GET, HEAD"),
        ("POST", "/style.css", "GET, HEAD"),
        ("PUT", "/verifier", "GET, HEAD, POST"),
        ("PUT", "/verifier/x", "GET, HEAD"),
        ("DELETE", "/liens/x", "GET, HEAD, POST"),
        ("POST", "/", "GET, HEAD"),
    ] {
        let answer = world.api.call(method.parse().expect("a method"), path).await;
        if method != "HEAD" {
            refused(&answer, 405, "method-not-allowed", &format!("{method} {path}"));
        }
        let allow = answer.clone().expect(405).header("allow").map(str::to_owned);
        assert_eq!(allow.as_deref(), Some(allowed), "{method} {path}");
    }
    for path in ["/livez", "/api/v1/modules", "/verifier", "/style.css", "/"] {
        let (head, get) = (world.api.head(path).await.expect(200), world.api.get(path).await);
        assert_eq!((head.body.as_str(), head.status), ("", get.status), "{path}");
    }
    for method in ["TRACE", "CONNECT", "BREW"] {
        let request = format!("{method} /livez HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\r\n");
        let answer = exchange(&world, &request).await;
        assert!(answer.starts_with("HTTP/1.1 405 "), "{method}: {answer}");
    }
    world.is_as_before(&before).await;
}

#[tokio::test]
async fn what_is_no_request_at_all_gets_400_and_hurts_nobody() {
    let world = World::new().await;
    for nonsense in [
        "\0\0\0\0\r\n\r\n",
        "bonjour\r\n\r\n",
        "GET /livez\r\n\r\n",
        "GET /livez HTTP/9.9\r\n\r\n",
        "GET /liv\u{e9}z HTTP/1.1\r\nHost: \u{e9}\r\nX: \0\r\n\r\n",
    ] {
        let answer = exchange(&world, nonsense).await;
        let refused = answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.1 505 ");
        assert!(refused || answer.is_empty(), "{nonsense:?}: {answer}");
    }
    let many: String = (0..200).map(|n| format!("X-{n}: {n}\r\n")).collect();
    let answer = exchange(&world, &format!("GET /livez HTTP/1.1\r\n{many}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431 ") || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    world.api.get("/livez").await.expect(200);
    let missing = world.api.get("/api/v1/statistics/completions");
    let national = world.known("national@demonstration.example").await.token;
    let code = problem(&missing.bearer(&national).await, "a parameter is missing");
    assert_eq!(code, "invalid-parameter");
}
