//! Bodies that cannot be read, or are of another shape, sent to every operation that reads one.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answers::{Tally, problem, refused};
use super::cast::{Reads, readers};
use crate::support::Answer;
use crate::world::World;

const JSON: &str = "application/json";

async fn send(world: &World, reads: &Reads, body: impl Into<Vec<u8>>) -> Answer {
    reads.call(&world.api).header("Content-Type", JSON).body(body).await
}

/// The body with every text in it changed.
fn with_texts(value: &Value, change: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => json!(change(text)),
        Value::Array(items) => items.iter().map(|item| with_texts(item, change)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            fields.map(|(name, value)| (name.clone(), with_texts(value, change))).collect()
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn every_operation_of_the_document_that_reads_json_is_sent_bad_bodies() {
    let world = World::new().await;
    let document = world.api.get("/openapi.json").await.expect(200).json();
    let mut expected = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            if operation["requestBody"]["content"].to_string().contains(JSON) {
                expected.insert(format!("{} {}", method.to_uppercase(), path.matches('/').count()));
            }
        }
    }
    let sent = readers(&world).await;
    let sent = sent.iter().map(|r| format!("{} {}", r.method, r.path.matches('/').count()));
    assert_eq!(sent.collect::<BTreeSet<_>>(), expected, "add what is missing to bad_input/cast.rs");
}

#[tokio::test]
async fn a_body_that_is_not_json_is_unreadable() {
    let world = World::new().await;
    let (readers, before) = (readers(&world).await, Tally::of(&world).await);
    for reads in &readers {
        let whole = reads.body.to_string();
        let key = reads.body.as_object().expect("an object").keys().next().expect("a field");
        let mut not_utf8 = format!("{{\"{key}\": \"").into_bytes();
        not_utf8.extend(b"\xc3\x28\xff\"}");
        for (what, body) in [
            ("malformed", b"{login: 'x'}".to_vec()),
            ("a second value", format!("{whole} {whole}").into_bytes()),
            ("truncated", whole.as_bytes()[..whole.len() - 1].to_vec()),
            ("10,000 levels", "[".repeat(10_000).into_bytes()),
            ("10,000 levels of objects", "{\"a\":".repeat(10_000).into_bytes()),
            ("a lone surrogate", format!("{{\"{key}\": \"\\ud800\"}}").into_bytes()),
            ("not UTF-8", not_utf8),
            ("UTF-16", whole.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("a byte order mark", format!("\u{feff}{whole}").into_bytes()),
        ] {
            let what = format!("{what}: {} {}", reads.method, reads.path);
            refused(&send(&world, reads, body).await, 400, "unreadable-body", &what);
        }
    }
    world.is_as_before(&before).await;
}

#[tokio::test]
async fn a_body_of_another_shape_is_invalid_and_names_the_field() {
    let world = World::new().await;
    let (readers, before) = (readers(&world).await, Tally::of(&world).await);
    for reads in &readers {
        let what = |what: &str| format!("{what}: {} {}", reads.method, reads.path);
        refused(&send(&world, reads, "").await, 422, "invalid-body", &what("empty"));
        for body in [json!(null), json!([]), json!(3), json!("texte"), json!([reads.body])] {
            let answer = send(&world, reads, body.to_string()).await;
            refused(&answer, 422, "invalid-body", &what(&body.to_string()));
        }
        let mut stranger = reads.body.clone();
        stranger["intrus"] = json!(1);
        let answer = send(&world, reads, stranger.to_string()).await;
        let code = problem(&answer, &what("an unknown field"));
        assert_eq!((answer.status, code.as_str()), (422, "invalid-body"), "{}", answer.body);
        for (field, value) in reads.body.as_object().expect("an object") {
            for other in [json!({ "a": [1] }), json!(["a"]), json!("a"), json!(1), json!(true)] {
                if std::mem::discriminant(&other) == std::mem::discriminant(value) {
                    continue;
                }
                let mut mistyped = reads.body.clone();
                mistyped[field] = other;
                let answer = send(&world, reads, mistyped.to_string()).await;
                refused(&answer, 422, "invalid-body", &what(field));
                let pointer = &answer.json()["errors"][0]["pointer"];
                assert!(pointer.is_string(), "{}: {}", what(field), answer.body);
            }
        }
    }
    let unknown = json!({ "login": "a", "password": "b", "admin": true });
    let answer = world.api.post("/api/v1/sign-in").json(&unknown).await;
    assert_eq!(answer.json()["errors"][0]["pointer"], "/admin", "{}", answer.body);
    let mistyped = json!({ "login": 3, "password": "b" });
    let answer = world.api.post("/api/v1/sign-in").json(&mistyped).await;
    assert_eq!(answer.json()["errors"][0]["pointer"], "/login", "{}", answer.body);
    world.is_as_before(&before).await;
}

#[tokio::test]
async fn strange_characters_in_any_text_are_refused_or_harmless() {
    let world = World::new().await;
    let (readers, before) = (readers(&world).await, Tally::of(&world).await);
    for reads in &readers {
        for strange in ["\0", "'; DROP TABLE account; --", "<script>alert(1)</script>", "\u{202e}"]
        {
            let body = with_texts(&reads.body, &|text| format!("{text}{strange}"));
            if body == reads.body {
                continue;
            }
            let answer = send(&world, reads, body.to_string()).await;
            let what = format!("{strange:?}: {} {}", reads.method, reads.path);
            match answer.status {
                // Forgetting a password, or signing out, answers the same whatever is sent.
                200..=299 if answer.body.is_empty() => {}
                _ => drop(problem(&answer, &what)),
            }
        }
    }
    world.is_as_before(&before).await;
}

#[tokio::test]
async fn a_body_of_another_type_or_without_one_is_not_read() {
    let world = World::new().await;
    let (readers, before) = (readers(&world).await, Tally::of(&world).await);
    for reads in &readers {
        let whole = reads.body.to_string();
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/xml", "?", ""]
        {
            let call = reads.call(&world.api).header("Content-Type", kind);
            let what = format!("{kind:?}: {} {}", reads.method, reads.path);
            refused(&call.body(whole.clone()).await, 415, "unsupported-media-type", &what);
        }
        let what = format!("nothing: {} {}", reads.method, reads.path);
        let nothing = reads.call(&world.api).await;
        refused(&nothing, 415, "unsupported-media-type", &what);
    }
    world.is_as_before(&before).await;
}
