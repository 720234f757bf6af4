//! The process driver, with a shell in the place of the program.

use std::path::Path;
use std::time::Duration;

use super::super::{Output, Server, Settings, run};
use super::http::answering;
use super::{SOON, panic_of};

fn shell(script: &str) -> Settings {
    Settings {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), script.into()],
        env: vec![("MAITRISE__PUBLIC__NAME".into(), "Élus".into())],
        dir: Some("/".into()),
    }
}

#[tokio::test]
async fn a_command_receives_its_settings_and_its_input_and_its_outputs_are_kept_apart() {
    let script = "pwd; cat; echo $MAITRISE__PUBLIC__NAME >&2; exit 3";
    let Output { status, stdout, stderr } = run(&shell(script), "typed\n", SOON).await;
    assert_eq!(
        (status.code(), stdout.as_str(), stderr.as_str()),
        (Some(3), "/\ntyped\n", "Élus\n")
    );
}

#[tokio::test]
async fn a_command_that_does_not_end_in_time_is_reported_with_what_it_wrote() {
    let slow =
        async { run(&shell("echo begun; exec sleep 600"), "", Duration::from_secs(1)).await };
    let report = panic_of(slow).await;
    assert!(report.contains("does not end in 1s\nstdout:\nbegun\n"), "{report}");
}

#[tokio::test]
async fn a_server_asked_to_terminate_says_farewell_and_one_killed_does_not() {
    let script = "trap 'echo farewell; exit 7' TERM; echo up on 80; while :; do sleep 0.05; done";
    let mut server = Server::start(&shell(script));
    assert_eq!(server.wait_for_line("up on", SOON).await, "up on 80");
    let (status, output) = server.terminate_with_output().await;
    assert_eq!((status.code(), output.as_str()), (Some(7), "up on 80\nfarewell\n"));

    let mut server = Server::start(&shell(script));
    server.wait_for_line("up on", SOON).await;
    assert_eq!(server.kill9().await.code(), None, "a signal is no exit code");

    let mut ending = Server::start(&shell("trap '' TERM; echo up on 81; exit 5"));
    ending.wait_for_line("up on", SOON).await;
    assert_eq!(ending.terminate().await.code(), Some(5), "its own end stands");
}

#[tokio::test]
async fn a_server_that_ends_before_it_is_ready_is_reported_at_once_with_its_output() {
    let mut server = Server::start(&shell("echo 'the key is missing' >&2; exit 1"));
    let wait = async move { server.wait_ready("http://127.0.0.1:9/", SOON * 30).await };
    let report = panic_of(wait).await;
    assert!(
        report.contains("ended before 200") && report.contains("the key is missing"),
        "{report}"
    );
}

#[tokio::test]
async fn a_dropped_server_is_killed() {
    let server = Server::start(&shell("exec sleep 600"));
    let process = Path::new("/proc").join(server.id().to_string());
    assert!(process.exists());
    drop(server);
    assert!(!process.exists());
}

#[tokio::test]
async fn a_server_is_ready_when_it_answers_200() {
    let url = answering(&["503 Not yet\r\n\r\n", "200 OK\r\n\r\n"]);
    Server::start(&shell("exec sleep 600")).wait_ready(&url, SOON).await;
}
