//! Stopping: what is in flight is finished first.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Machine, PATIENCE};
use crate::support::Api;

#[tokio::test]
async fn a_slow_request_is_answered_before_a_server_asked_to_stop_ends() {
    let mut machine = Machine::with_database();
    machine.set("LOG__LEVEL", "maitrise=info,poem=info,warn");
    let (mut server, api) = machine.serve().await;
    let line = server.wait_for_line("serving address=", PATIENCE).await;
    let address = line.rsplit('=').next().expect("an address").to_owned();

    let body = r#"{"login":"personne@mairie.example","password":"un mot de passe"}"#;
    let head = format!(
        "POST /api/v1/sign-in HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         expect: 100-continue\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut slow = TcpStream::connect(&address).await.expect("a connection");
    slow.write_all(head.as_bytes()).await.expect("sent");
    // The server asks for the body once the request is in a handler's hands.
    let mut said = [0; 25];
    slow.read_exact(&mut said).await.expect("an interim answer");
    assert!(said.starts_with(b"HTTP/1.1 100 Continue"), "{said:?}");
    slow.write_all(&body.as_bytes()[..20]).await.expect("half of it");

    let pid = server.id().to_string();
    let asked = tokio::process::Command::new("sh").args(["-c", "kill -TERM $0", &pid]).status();
    assert!(asked.await.is_ok_and(|status| status.success()));
    server.wait_for_line("initiate graceful shutdown", PATIENCE).await;
    // Nobody new is let in.
    let refused = TcpStream::connect(&address).await;
    if let Ok(mut late) = refused {
        let mut nothing = Vec::new();
        let _ =
            late.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        let _ = late.read_to_end(&mut nothing).await;
        assert!(nothing.is_empty(), "{}", String::from_utf8_lossy(&nothing));
    }

    slow.write_all(&body.as_bytes()[20..]).await.expect("the rest");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains("invalid-credentials"), "{answer}");
    let (status, output) = server.terminate_with_output().await;
    assert!(status.success(), "{output}");
    drop::<Api>(api);
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_hold_a_server_beyond_its_grace() {
    let mut machine = Machine::with_database();
    machine.set("HTTP__SHUTDOWN_GRACE_SECONDS", "1");
    let (mut server, _api) = machine.serve().await;
    let line = server.wait_for_line("serving address=", PATIENCE).await;
    let address = line.rsplit('=').next().expect("an address").to_owned();
    let mut stuck = TcpStream::connect(&address).await.expect("a connection");
    let head = "POST /api/v1/sign-in HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n\
                content-type: application/json\r\ncontent-length: 1000\r\n\r\n";
    stuck.write_all(head.as_bytes()).await.expect("sent");
    let mut said = [0; 25];
    stuck.read_exact(&mut said).await.expect("an interim answer");
    let (status, output) = server.terminate_with_output().await;
    assert!(status.success(), "{output}");
}
