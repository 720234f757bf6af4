//! Addresses: unknown paths, other methods, codes that are not codes, percent-encoding that is none.

use super::answers::{Tally, problem, refused};
use super::wire::exchange;
use crate::support::{Api, Call};
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

/// Every address that has a parameter, as somebody who may call it.
const PARAMETERS: [(&str, &str); 19] = [
    ("GET", "/api/v1/modules/{}"),
    ("GET", "/api/v1/modules/{}/versions"),
    ("GET", "/api/v1/modules/E1/versions/{}"),
    ("GET", "/api/v1/modules/{}/versions/1/questions"),
    ("POST", "/api/v1/modules/{}/draft"),
    ("GET", "/api/v1/modules/{}/draft"),
    ("GET", "/api/v1/modules/PREMIERS-PAS/draft/files?path={}"),
    ("POST", "/api/v1/modules/{}/draft/submit"),
    ("GET", "/api/v1/organisations/{}"),
    ("GET", "/api/v1/organisations/{}/people"),
    ("DELETE", "/api/v1/grants/{}"),
    ("GET", "/api/v1/enrolments/{}"),
    ("GET", "/api/v1/enrolments/{}/lessons/01-trois-histoires"),
    ("POST", "/api/v1/enrolments/{}/lessons/{}/done"),
    ("POST", "/api/v1/enrolments/{}/attempts"),
    ("GET", "/api/v1/attempts/{}"),
    ("GET", "/api/v1/attestations/{}"),
    ("GET", "/api/v1/attestations/{}/credential.json"),
    ("GET", "/api/v1/statistics/completions?perimeter={}"),
];

fn call(api: &Api, method: &str, path: &str) -> Call {
    match method {
        "POST" => api.post(path),
        "PUT" => api.put(path),
        "PATCH" => api.patch(path),
        "DELETE" => api.delete(path),
        _ => api.get(path),
    }
}

/// Somebody who holds every role at once.
async fn factotum(world: &World) -> String {
    use maitrise::accounts::model::Role::{Auditor, EmployerManager, NationalAdmin, Trainer};
    use maitrise::accounts::principal::Scope;
    let who = world.admit("factotum").await;
    let provider = world.provider("local:demonstration").await;
    for (role, scope) in [
        (Trainer, provider),
        (EmployerManager, world.organisation("insee:35021").await),
        (NationalAdmin, Scope::National),
        (Auditor, Scope::National),
    ] {
        world.give(who.account_id, role, scope, None).await;
    }
    who.token
}

#[tokio::test]
async fn a_parameter_of_an_address_that_is_nothing_finds_nothing() {
    let world = World::new().await;
    let (token, before) = (factotum(&world).await, Tally::of(&world).await);
    for (method, template) in PARAMETERS {
        for strange in STRANGE {
            let path = template.replace("{}", strange);
            // As it stands on the wire: a client would mend what it can.
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                 Authorization: Bearer {token}\r\nContent-Length: 0\r\n\r\n"
            );
            let answer = exchange(&world, &request).await;
            let status = answer.get(9..12).unwrap_or_default();
            assert!(["400", "404", "422"].contains(&status), "{method} {path}: {answer}");
            assert!(answer.contains("content-type: application/problem+json"), "{path}: {answer}");
            let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
            assert!(!body.contains("DROP") && !body.contains('<'), "{path} is echoed: {answer}");
        }
    }
    world.is_as_before(&before).await;
}

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
        let known = answer.contains("\"status\":\"unknown\"") || answer.contains("\"not-found\"");
        assert!(known && !answer.contains("<script"), "{strange}: {answer}");
        for path in [format!("/verifier/{strange}"), format!("/verifier?code={strange}")] {
            let answer = get(path).await;
            let status = answer.get(9..12).unwrap_or_default();
            assert!(["200", "400", "404"].contains(&status), "{strange}: {answer}");
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
            let answer = call(&world.api, method, path).await;
            refused(&answer, 404, "not-found", &format!("{method} {path:.60}"));
        }
    }
}

#[tokio::test]
async fn another_method_than_those_offered_is_a_problem_that_lists_them() {
    let world = World::new().await;
    let before = Tally::of(&world).await;
    for (method, path, allowed) in [
        ("DELETE", "/api/v1/me", "GET"),
        ("POST", "/api/v1/me", "GET"),
        ("GET", "/api/v1/sign-in", "POST"),
        ("PUT", "/api/v1/modules", "GET, POST"),
        ("PATCH", "/api/v1/modules/E1", "GET"),
        ("POST", "/api/v1/modules/E1/draft/files", "DELETE, GET, PUT"),
        ("DELETE", "/livez", "GET"),
        ("POST", "/.well-known/jwks.json", "GET"),
    ] {
        let answer = call(&world.api, method, path).await;
        refused(&answer, 405, "method-not-allowed", &format!("{method} {path}"));
        let mut methods: Vec<_> = answer.header("allow").expect("methods").split(", ").collect();
        methods.sort_unstable();
        assert_eq!(methods.join(", "), allowed, "{method} {path}");
    }
    for (method, path) in [("POST", "/verifier"), ("DELETE", "/liens/x")] {
        refused(&call(&world.api, method, path).await, 405, "method-not-allowed", path);
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
