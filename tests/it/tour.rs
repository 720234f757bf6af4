//! The guided tour that the demonstration prints is pasted, step by step, into a shell.

use std::time::Duration;

use crate::pages::browse::Browser;
use crate::support::{Api, Database, Engine, Server, Settings, run};

const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test]
async fn the_tour_that_the_demonstration_prints_performs_the_story_when_pasted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut env = vec![("MAITRISE__HTTP__LISTEN".to_owned(), "127.0.0.1:0".to_owned())];
    let database = (Engine::of_this_run() == Engine::Postgres).then(|| Database::empty("tour"));
    if let Some(database) = &database {
        env.push(("MAITRISE__DATABASE__URL".to_owned(), database.url().to_owned()));
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
    opens_the_pages(&output).await;
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

/// The pages that are printed open for those who are named beside them, with the printed passwords.
async fn opens_the_pages(output: &str) {
    let printed = output.split("In a browser, signed in as:\n").nth(1).expect("the pages");
    let rows = printed.lines().take_while(|line| !line.is_empty());
    let mut opened = Vec::new();
    for row in rows {
        let mut words = row.split_whitespace();
        let (who, address) = (words.next().expect("who"), words.next().expect("an address"));
        let (scheme, rest) = address.split_once("://").expect("an address");
        let (host, path) = rest.split_once('/').expect("a path");
        let mut browser = Browser::on(&Api::new(&format!("{scheme}://{host}")));
        if who != "anyone" {
            let login = format!("{who}@demonstration.example");
            let mut line = output.lines().filter(|line| line.trim_start().starts_with(&login));
            let password = line.next().and_then(|line| line.split_whitespace().nth(1));
            let sent = browser.sign_in(&login, password.expect("a password"), "/").await;
            sent.expect(303);
        }
        let page = browser.get(&format!("/{path}")).await.expect(200);
        assert_eq!(page.body.contains("Se déconnecter"), who != "anyone", "{row}");
        opened.push(who.to_owned());
    }
    for who in ["anyone", "formatrice", "relecteur", "editrice", "elue"] {
        assert!(opened.iter().any(|known| known == who), "{who}: {opened:?}");
    }
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
