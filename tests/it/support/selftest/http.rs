//! The HTTP client, against canned answers.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::super::{Answer, Api};
use super::panic_of;

/// Answers each connection in turn with the next of `answers`, after which it closes it; what it was
/// asked is the body where the answer ends in `{}`.
pub fn answering(answers: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("a listener has an address");
    std::thread::spawn(move || {
        for (answer, stream) in answers.iter().zip(listener.incoming()) {
            let mut stream = stream.expect("a client connects");
            let mut request = [0; 4096];
            let mut length = stream.read(&mut request).expect("a client speaks");
            while !request[..length].ends_with(b"}") && answer.ends_with("{}") {
                length += stream.read(&mut request[length..]).expect("a client goes on");
            }
            let asked = String::from_utf8_lossy(&request[..length]);
            let answer = answer.replace("{}", &serde_json::json!({ "asked": asked }).to_string());
            let answer =
                format!("HTTP/1.1 {answer}").replacen("\r\n", "\r\nConnection: close\r\n", 1);
            stream.write_all(answer.as_bytes()).expect("a client listens");
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_call_carries_its_token_headers_and_body_and_its_answer_is_read() {
    let api = Api::new(&answering(&[
        "201 Created\r\nLocation: /v1/things/1\r\nETag: \"1\"\r\n\r\n{}",
        "303 See Other\r\nLocation: /elsewhere\r\n\r\n",
        "200 OK\r\n\r\n{}",
        "200 OK\r\n\r\n{}",
        "204 No Content\r\n\r\n",
    ]));
    let body = serde_json::json!({ "name": "Élu" });
    let call = api.post("/v1/things?a=b").bearer("secret").header("If-Match", "\"0\"").json(&body);
    let answer: Answer = call.await.expect(201);
    let asked = answer.json()["asked"].as_str().expect("the request is quoted").to_owned();
    let parts = ["POST /v1/things?a=b ", "authorization: Bearer secret\r", "if-match: \"0\"\r"];
    let all =
        parts.iter().all(|part| asked.contains(part)) && asked.ends_with("{\"name\":\"Élu\"}");
    assert!(all, "{asked}");
    assert_eq!((answer.location(), answer.etag()), ("/v1/things/1".into(), "\"1\"".into()));
    assert_eq!(answer.bytes, answer.body.as_bytes());

    assert_eq!(api.get("/moved").await.status, 303, "a redirect is not followed");
    for call in [api.put("/x"), api.patch("/x")] {
        let asked = call.body("{}").await.expect(200).body;
        assert!(asked.contains("\\r\\n\\r\\n{}"), "{asked}");
    }
    assert!(api.delete("/x").await.expect(204).headers.contains_key("connection"));
}

#[tokio::test]
async fn an_unexpected_status_shows_the_request_and_the_problem() {
    let api = Api::new(&answering(&[
        "409 Conflict\r\nContent-Type: application/problem+json\r\n\r\n{\"code\":\"session-full\"}",
    ]));
    let answer = api.get("/v1/sessions").await;
    assert_eq!(answer.problem_code(), "session-full");
    let report = panic_of(async { answer.expect(200) }).await;
    let all = ["GET /v1/sessions", "expected 200, got 409", "session-full"];
    assert!(all.iter().all(|part| report.contains(part)), "{report}");
}
