//! Too much, too slow, or never finished.

use std::time::{Duration, Instant};

use super::answers::refused;
use super::tally::Tally;
use super::wire::{Wire, exchange};
use crate::world::World;

const BLOCK: usize = 1 << 16;
const FIFTY_MEGABYTES: usize = 50 << 20;

fn head(more: &str) -> String {
    format!(
        "POST /api/v1/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}\r\n"
    )
}

#[tokio::test]
async fn a_body_of_fifty_megabytes_is_refused_without_being_read() {
    let world = World::new().await;
    let before = Tally::of(&world).await;
    let answer = world.api.post("/api/v1/sign-in").header("Content-Type", "application/json");
    let answer = answer.body(vec![b' '; FIFTY_MEGABYTES]).await;
    refused(&answer, 413, "too-large", "with its length");

    let mut wire = Wire::to(&world).await;
    wire.send(head(&format!("Content-Length: {FIFTY_MEGABYTES}\r\n")).as_bytes()).await;
    let answer = wire.flood(&[b' '; BLOCK], FIFTY_MEGABYTES / BLOCK).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");

    let mut wire = Wire::to(&world).await;
    wire.send(head("Transfer-Encoding: chunked\r\n").as_bytes()).await;
    let mut chunk = format!("{BLOCK:x}\r\n").into_bytes();
    chunk.extend([b' '; BLOCK]);
    chunk.extend(b"\r\n");
    let answer = wire.flood(&chunk, FIFTY_MEGABYTES / BLOCK).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\"code\":\"too-large\""), "{answer}");
    world.is_as_before(&before).await;
}

#[tokio::test]
async fn a_file_of_a_draft_is_bounded_too() {
    let world = World::new().await;
    let trainer = world.known("formatrice@demonstration.example").await.token;
    let before = Tally::of(&world).await;
    let put = world.api.put("/api/v1/modules/PREMIERS-PAS/draft/files?path=lessons/02-long.md");
    let put = put.bearer(&trainer).header("Content-Type", "text/plain").header("If-Match", "\"1\"");
    refused(&put.body(vec![b'a'; 2 << 20]).await, 413, "too-large", "two megabytes of lesson");
    world.is_as_before(&before).await;
}

#[tokio::test]
async fn a_length_that_lies_hurts_nobody_else() {
    let world = World::new().await;
    for lie in ["Content-Length: -1", "Content-Length: x", "Content-Length: 1\r\nContent-Length: 2"]
    {
        let answer = exchange(&world, &head(&format!("{lie}\r\n"))).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{lie}: {answer}");
    }
    let mut wire = Wire::to(&world).await;
    wire.send(head("Transfer-Encoding: chunked\r\n").as_bytes()).await;
    wire.send(b"zz\r\nnot a chunk").await;
    let answer = wire.answer().await;
    assert!(answer.starts_with("HTTP/1.1 400 ") || answer.is_empty(), "{answer}");
    world.api.get("/livez").await.expect(200);
}

#[tokio::test]
async fn clients_that_never_finish_do_not_hold_the_others_up() {
    let world = World::with(|settings| settings.http.request_timeout_seconds = 1).await;
    let mut slow = Vec::new();
    for _ in 0..20 {
        let mut body = Wire::to(&world).await;
        body.send(head("Content-Length: 100\r\n").as_bytes()).await;
        body.send(b"{\"login\":").await;
        let mut headers = Wire::to(&world).await;
        headers.send(b"GET /livez HTTP/1.1\r\nHost: loc").await;
        slow.push((body, headers));
    }
    let asked = Instant::now();
    world.api.get("/livez").await.expect(200);
    world.api.get("/api/v1/modules").await.expect(200);
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    for (body, _headers) in slow {
        let answer = body.answer().await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains("\"code\":\"timeout\""), "{answer}");
    }
    world.api.get("/livez").await.expect(200);
}
