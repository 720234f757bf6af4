//! The guided tour that the demonstration prints is pasted, step by step, into a shell.

use std::time::Duration;

use crate::support::{Cluster, Engine, Server, Settings, run};

const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test]
async fn the_tour_that_the_demonstration_prints_performs_the_story_when_pasted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut env = vec![("MAITRISE__HTTP__LISTEN".to_owned(), "127.0.0.1:0".to_owned())];
    if Engine::of_this_run() == Engine::Postgres {
        let name = format!("tour{}", maitrise::clock::new_id().simple());
        let url = Cluster::shared().create_database(&name);
        env.push(("MAITRISE__DATABASE__URL".to_owned(), url));
    }
    let data = folder.path().join("data").display().to_string();
    let settings = Settings {
        program: env!("CARGO_BIN_EXE_maitrise").into(),
        args: vec!["demo".to_owned(), "--data-dir".to_owned(), data],
        env,
        dir: Some(folder.path().to_owned()),
    };
    let mut server = Server::start(&settings);
    server.wait_for_line("Stop with Ctrl-C", PATIENCE).await;
    let output = server.output();
    let steps = output.matches("# Step ").count();
    assert!((1..=8).contains(&steps), "{steps} steps");
    let tour = output.split("# Step 1").nth(1).and_then(|t| t.split("Stop with Ctrl-C").next());
    let script = format!("# Step 1{}", tour.expect("a tour"));
    let shell = Settings { program: "/bin/sh".into(), ..Settings::default() };
    let pasted = run(&shell, &script, PATIENCE).await;
    for expected in [
        "signed in",
        r#"{"state":"reviewed"}"#,
        r#""version":1"#,
        r#""enrolled":36"#,
        r#""state":"in_progress""#,
        "Auto-Submitted: auto-generated",
        "Camille Fictif",
        r#""passed":true"#,
        r#""status":"genuine""#,
        r#""completed":13"#,
        "not-found",
    ] {
        assert!(
            pasted.stdout.contains(expected),
            "{expected} is missing of:\n{}\n{}",
            pasted.stdout,
            pasted.stderr
        );
    }
    assert!(server.terminate().await.success());
    runs_again_without_harm(&settings).await;
}

/// The second run finds everything there, and the same passwords.
async fn runs_again_without_harm(settings: &Settings) {
    let mut server = Server::start(settings);
    server.wait_for_line("Stop with Ctrl-C", PATIENCE).await;
    let output = server.output();
    assert_eq!(output.matches("already there").count(), 2, "{output}");
    assert!(output.contains("0 published"), "{output}");
    assert!(server.terminate().await.success());
}
