//! Bodies that never arrive whole: cut, shorter or longer than announced, or a byte at a time.

use futures_util::future::join_all;

use super::subject::{Subject, subjects};
use crate::access::stage::Stage;
use crate::bad_input::tally::Tally;
use crate::bad_input::wire::Wire;
use crate::world::World;

/// The head of a request, announcing that many bytes.
fn head(subject: &Subject, length: usize) -> String {
    let ready = &subject.ready;
    let mut head = format!(
        "{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n",
        ready.method, ready.path
    );
    let tag = ready.tag.as_ref().map(|tag| ("If-Match", tag.clone()));
    let token = ready.token.as_ref().map(|token| ("Authorization", format!("Bearer {token}")));
    for (name, value) in subject.headers.iter().cloned().chain(tag).chain(token) {
        head += &format!("{name}: {value}\r\n");
    }
    head + "\r\n"
}

/// Sends one request that lacks something; answers what came back.
async fn broken(world: &World, subject: &Subject, how: &str) -> String {
    let body = subject.bytes().expect("a body");
    let mut wire = Wire::to(world).await;
    match how {
        "cut" => {
            wire.send(head(subject, body.len()).as_bytes()).await;
            wire.send(&body[..body.len() / 2]).await;
            wire.hang_up().await;
        }
        "longer" => {
            wire.send(head(subject, body.len() / 2).as_bytes()).await;
            wire.send(&body).await;
        }
        "drip" => {
            wire.send(head(subject, body.len()).as_bytes()).await;
            return wire.drip(&body).await;
        }
        _ => {
            wire.send(head(subject, body.len() + 10).as_bytes()).await;
            wire.send(&body).await;
        }
    }
    wire.answer().await
}

#[tokio::test]
async fn a_body_that_never_arrives_whole_does_nothing_and_is_not_waited_for() {
    let stage = Stage::with(|settings| settings.http.request_timeout_seconds = 3).await;
    let subjects = subjects(&stage).await;
    let reading: Vec<&Subject> = subjects.iter().filter(|s| s.schema().is_some()).collect();
    let before = Tally::of(&stage.world).await;
    let mut flaws = Vec::new();
    for (how, expected) in [
        ("cut", ["", "unreadable-body"]),
        ("longer", ["unreadable-body", "unreadable-body"]),
        ("shorter", ["timeout", "timeout"]),
        ("drip", ["timeout", "timeout"]),
    ] {
        let sent = reading.iter().map(|subject| broken(&stage.world, subject, how));
        for (subject, answer) in reading.iter().zip(join_all(sent).await) {
            let code = answer.split("\"code\":\"").nth(1).and_then(|rest| rest.split('"').next());
            if !expected.contains(&code.unwrap_or_default()) {
                flaws.push(format!("{how}: {} → {answer:.300}", subject.id));
            }
        }
    }
    super::none(&flaws, reading.len() * 4);
    stage.world.is_as_before(&before).await;
}
