//! Two processes on one PostgreSQL are one service: every request goes to the other of the two.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use maitrise::demo::cast::CAST;
use serde_json::json;

use super::site::Site;
use crate::story::{self, Stage};
use crate::support::{Api, Engine, Sink};

/// People invited at once: more than one worker takes in hand at a time.
const INVITED: usize = 50;

/// Two processes with a worker each, and a client that speaks to them in turn.
pub async fn two() -> (Site, Stage) {
    let sink = Sink::start();
    let mut site = Site::new(None).await;
    site.mail_to(&sink);
    let app = &site.world.app;
    let passwords = CAST.iter().map(|part| (part.word.to_owned(), part.password(app))).collect();
    site.close().await;
    let (one, first) = site.start_another().await;
    let (other, second) = site.start_another().await;
    let api = Api::alternating(&[&first, &second]);
    let handed = Mutex::default();
    (site, Stage { servers: vec![one, other], api, sink, passwords, handed })
}

pub async fn stop(stage: Stage) {
    for server in stage.servers {
        let (status, output) = server.terminate_with_output().await;
        assert!(status.success(), "{output}");
    }
}

#[tokio::test]
async fn the_whole_story_is_played_with_every_request_going_to_the_other_process() {
    if Engine::of_this_run() != Engine::Postgres {
        return;
    }
    let (_site, stage) = two().await;
    story::play(&stage).await;
    stop(stage).await;
}

#[tokio::test]
async fn a_session_and_the_mail_of_two_workers_are_those_of_one_service() {
    if Engine::of_this_run() != Engine::Postgres {
        return;
    }
    let (_site, stage) = two().await;
    sessions(&stage).await;
    let manager = stage.sign_in("employeur").await;
    for number in 0..INVITED {
        let invitation = json!({
            "given_name": "Éloïse", "family_name": "Fictif", "capacity": "elu",
            "email": format!("invite{number}@essai.example"), "mandate": "conseiller municipal",
        });
        let invite = stage.api.post("/api/v1/organisations/insee:35021/people").bearer(&manager);
        invite.json(&invitation).await.expect(201);
    }
    let asked = Instant::now();
    while stage.sink.messages().len() < INVITED {
        assert!(asked.elapsed() < Duration::from_secs(30), "{}", stage.sink.messages().len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Two rounds of each worker more: whoever would send one again has the time to.
    tokio::time::sleep(Duration::from_millis(2_200)).await;
    let messages = stage.sink.messages();
    let to: BTreeSet<_> = messages.iter().map(|mail| mail.to.clone()).collect();
    assert_eq!((messages.len(), to.len()), (INVITED, INVITED), "each goes out once");
    stop(stage).await;
}

#[tokio::test]
async fn an_account_that_is_asked_of_both_at_once_is_one_account_and_one_mail() {
    if Engine::of_this_run() != Engine::Postgres {
        return;
    }
    let (_site, stage) = two().await;
    let wish = json!({
        "given_name": "Éloïse", "family_name": "Fictif", "email": "eloise@essai.example",
        "organisation": "insee:35021", "kind": "agent",
    });
    let asked = (0..12)
        .map(|_| async { stage.api.post("/api/v1/account-requests").json(&wish).await.status });
    assert_eq!(futures_util::future::join_all(asked).await, [202; 12]);
    let asked = Instant::now();
    while stage.sink.messages().is_empty() {
        assert!(asked.elapsed() < Duration::from_secs(30), "no mail");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_millis(2_200)).await;
    let messages = stage.sink.messages();
    assert_eq!(messages.len(), 1, "one link, once");
    stop(stage).await;
}

/// What one process gives, the other takes; what one has seen spent, the other does not take again.
async fn sessions(stage: &Stage) {
    let body =
        json!({ "login": "elue@demonstration.example", "password": stage.passwords["elue"] });
    let refresh = async |token: &serde_json::Value| {
        let body = json!({ "refresh_token": token });
        stage.api.post("/api/v1/token/refresh").json(&body).await
    };
    let signed_in = stage.api.post("/api/v1/sign-in").json(&body).await.expect(200).json();
    let refreshed = refresh(&signed_in["refresh_token"]).await.expect(200).json();
    let token = refreshed["access_token"].as_str().expect("a token");
    for _ in 0..2 {
        stage.api.get("/api/v1/me").bearer(token).await.expect(200);
    }
    let spent = refresh(&signed_in["refresh_token"]).await.expect(401);
    assert_eq!(spent.problem_code(), "invalid-refresh-token");
    refresh(&refreshed["refresh_token"]).await.expect(401);
    let again = stage.api.post("/api/v1/sign-in").json(&body).await.expect(200).json();
    let token = again["refresh_token"].clone();
    let out = json!({ "refresh_token": token });
    stage.api.post("/api/v1/sign-out").json(&out).await.expect(204);
    refresh(&token).await.expect(401);
}
