//! The story: the main job, end to end, on the real binary as a process, over a real socket, with
//! mail received by a real SMTP listener. Two processes on one database play it too
//! (`failures/two_processes.rs`).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Answer, Api, Database, Engine, Server, Settings, Sink};

const PATIENCE: Duration = Duration::from_secs(120);
const MODULE: &str = "PREMIERS-PAS";

/// A service, in as many processes as there are, its mail going to a listener.
pub struct Stage {
    /// The processes.
    pub servers: Vec<Server>,
    /// A client of them.
    pub api: Api,
    /// Where mail goes.
    pub sink: Sink,
    /// The password of each of the cast, by the word of their part.
    pub passwords: BTreeMap<String, String>,
    /// What was handed to people and is theirs alone: passwords and tokens.
    pub handed: Mutex<Vec<String>>,
}

/// A demonstration in a folder of its own, with more settings; and its database, where that is
/// PostgreSQL's.
pub async fn demonstration(folder: &Path, more: &[(&str, &str)]) -> (Stage, Option<Database>) {
    let sink = Sink::start();
    let data = folder.display().to_string();
    let mut env = vec![
        ("MAITRISE__HTTP__LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
        ("MAITRISE__MAIL__TRANSPORT".to_owned(), "smtp".to_owned()),
        ("MAITRISE__MAIL__SMTP_HOST".to_owned(), "127.0.0.1".to_owned()),
        ("MAITRISE__MAIL__SMTP_PORT".to_owned(), sink.port().to_string()),
        ("MAITRISE__MAIL__SMTP_SECURITY".to_owned(), "none".to_owned()),
    ];
    let database = (Engine::of_this_run() == Engine::Postgres).then(|| Database::empty("story"));
    let url = database.iter().map(|it| it.url().to_owned());
    env.extend(url.map(|url| ("MAITRISE__DATABASE__URL".to_owned(), url)));
    env.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let mut server = Server::start(&Settings {
        program: env!("CARGO_BIN_EXE_maitrise").into(),
        args: vec!["demo".to_owned(), "--data-dir".to_owned(), data],
        env,
        dir: Some(folder.to_owned()),
    });
    server.wait_for_line("Stop with Ctrl-C", PATIENCE).await;
    let line = server.wait_for_line("API  ", PATIENCE).await;
    let base = line.split_whitespace().nth(1).and_then(|url| url.strip_suffix("/api/v1/modules"));
    let api = Api::new(base.expect("the address of the API"));
    // Printed for whoever visits: a sign-in name, then a password.
    let printed = |line: &str| {
        let mut words = line.split_whitespace();
        let part = words.next()?.strip_suffix("@demonstration.example")?.to_owned();
        Some((part, words.next()?.to_owned()))
    };
    let passwords = server.output().lines().filter_map(printed).collect();
    (Stage { servers: vec![server], api, sink, passwords, handed: Mutex::default() }, database)
}

impl Stage {
    /// Signs someone of the cast in; answers the access token.
    pub async fn sign_in(&self, word: &str) -> String {
        let login = format!("{word}@demonstration.example");
        let password = &self.passwords[word];
        let body = json!({ "login": login, "password": password });
        let answer = self.api.post("/api/v1/sign-in").json(&body).await.expect(200);
        let token = |name: &str| answer.json()[name].as_str().expect("a token").to_owned();
        let handed = [password.clone(), token("access_token"), token("refresh_token")];
        self.handed.lock().expect("no test panics with it").extend(handed);
        token("access_token")
    }

    async fn total(&self, token: &str, perimeter: &str) -> Value {
        let path = format!("/api/v1/statistics/completions?perimeter={perimeter}");
        let answer = self.api.get(&path).bearer(token).await.expect(200).json();
        for line in answer["lines"].as_array().expect("lines") {
            let persons = line["enrolled"].as_i64();
            assert!(persons.is_none_or(|n| n >= 5), "a line below five persons is shown: {line}");
        }
        answer["total"].clone()
    }

    async fn post(&self, token: &str, path: &str, body: Value) -> Answer {
        self.api.post(path).bearer(token).json(&body).await
    }
}

/// A trainer's draft is reviewed by another and published by a third.
async fn publish(stage: &Stage) {
    let (trainer, reviewer, publisher) = (
        stage.sign_in("formatrice").await,
        stage.sign_in("relecteur").await,
        stage.sign_in("editrice").await,
    );
    let draft = format!("/api/v1/modules/{MODULE}/draft");
    let submitted = stage.api.post(&format!("{draft}/submit")).bearer(&trainer).await.expect(200);
    let digest = submitted.json()["digest"].clone();
    let review =
        json!({ "digest": digest, "verdict": "accepted", "comment": "Relu, rien à redire." });
    stage.post(&reviewer, &format!("{draft}/review"), review).await.expect(200);
    let change = json!({ "change": "substantive" });
    let preview =
        stage.post(&publisher, &format!("{draft}/publish/preview"), change).await.expect(200);
    let publish = json!({ "change": "substantive", "digest": preview.json()["digest"] });
    stage.post(&publisher, &format!("{draft}/publish"), publish).await.expect(201);
    is_seen_by_all(stage).await;
}

/// A publication is seen by the process that published at once, by the others within a second.
async fn is_seen_by_all(stage: &Stage) {
    let (published, mut seen) = (Instant::now(), 0);
    // As many times in a row as there are processes, each of which is asked in its turn.
    while seen < stage.servers.len() {
        if stage.api.get(&format!("/api/v1/modules/{MODULE}")).await.status == 200 {
            seen += 1;
            continue;
        }
        let waited = published.elapsed();
        assert!(stage.servers.len() > 1 && waited < Duration::from_secs(1), "{waited:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
        seen = 0;
    }
}

/// Reads, is reminded, passes; answers the path of the enrolment.
async fn learn(stage: &Stage, elue: &str) -> String {
    let due = (maitrise::clock::Clock::default().now().with_timezone(&chrono_tz::Europe::Paris)
        + chrono::Duration::days(7))
    .date_naive();
    let wish = json!({ "due_on": due });
    let path = format!("/api/v1/modules/{MODULE}/enrolments");
    let enrolled = stage.post(elue, &path, wish.clone()).await.expect(201);
    let again = stage.post(elue, &path, wish).await.expect(200);
    assert_eq!(enrolled.location(), again.location(), "enrolling twice is enrolling once");
    let enrolment = enrolled.location();
    let reminder = stage
        .sink
        .wait_for(|mail| mail.to == ["elue@demonstration.example"], Duration::from_secs(20))
        .await;
    let title = enrolled.json()["title"].as_str().expect("a title").to_owned();
    assert!(reminder.text().contains(&title), "{}", reminder.text());
    assert!(reminder.text().contains("Camille Fictif"), "{}", reminder.text());
    for lesson in enrolled.json()["lessons"].as_array().expect("lessons") {
        let slug = lesson["slug"].as_str().expect("a slug");
        let lesson = format!("{enrolment}/lessons/{slug}");
        let read = stage.api.get(&lesson).bearer(elue).await.expect(200).json();
        assert!(read["html"].as_str().is_some_and(|html| html.contains("<p>")));
        stage.api.post(&format!("{lesson}/done")).bearer(elue).await.expect(200);
    }
    enrolment
}

async fn pass(stage: &Stage, elue: &str, enrolment: &str) {
    let started = stage.api.post(&format!("{enrolment}/attempts")).bearer(elue).await.expect(201);
    assert!(!started.body.contains("correct"), "no key before submission: {}", started.body);
    let attempt = started.location();
    let keep = json!({ "choices": ["b"] });
    let kept = stage.api.put(&format!("{attempt}/answers/q1")).bearer(elue).json(&keep).await;
    kept.expect(200);
    let rest = json!({ "answers": { "q2": ["c"], "q3": ["a"] } });
    let submitted = stage.post(elue, &format!("{attempt}/submit"), rest).await.expect(200).json();
    assert_eq!(submitted["result"]["percent"], 100);
    assert_eq!(submitted["result"]["progress"]["state"], "completed");
    assert!(submitted["questions"][0]["correction"]["explanation"].is_string());
}

/// The whole of it, whoever answers; answers the code of the attestation.
pub async fn play(stage: &Stage) -> String {
    publish(stage).await;
    let (near, far) = (stage.sign_in("cdg35").await, stage.sign_in("cdg33").await);
    let (before, far_before) =
        (stage.total(&near, "cdg:CDG-35").await, stage.total(&far, "cdg:CDG-33").await);
    assert!(before["enrolled"].as_i64() >= Some(30), "{before}");
    let elue = stage.sign_in("elue").await;
    let enrolment = learn(stage, &elue).await;
    pass(stage, &elue, &enrolment).await;
    let mine = stage.api.get("/api/v1/me/attestations").bearer(&elue).await.expect(200).json();
    let code = mine["items"][0]["code"].as_str().expect("a code").to_owned();
    let verified = stage.api.get(&format!("/api/v1/verify/{code}")).await.expect(200);
    assert_eq!(verified.json()["status"], "genuine");
    assert!(!verified.body.contains("Camille"), "verification says nothing of the person");
    let page = stage.api.get(&format!("/verifier/{code}")).await.expect(200);
    assert!(page.body.contains("Cette attestation est authentique"));
    let unknown = stage.api.get(&format!("/api/v1/verify/{}", "0".repeat(26))).await.expect(200);
    assert_eq!(unknown.json()["status"], "unknown");
    let after = stage.total(&near, "cdg:CDG-35").await;
    assert_eq!(after["completed"].as_i64(), before["completed"].as_i64().map(|n| n + 1));
    assert_eq!(stage.total(&far, "cdg:CDG-33").await, far_before, "the CDG next door sees nothing");
    let path = "/api/v1/statistics/completions?perimeter=cdg:CDG-35";
    stage.api.get(path).bearer(&far).await.expect(404);
    assert_eq!(stage.sink.messages().len(), 1, "mail goes out once");
    code
}

#[tokio::test]
async fn a_module_is_published_learnt_reminded_passed_attested_and_counted_for_its_cdg_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut stage, _database) = demonstration(folder.path(), &[]).await;
    play(&stage).await;
    let server = stage.servers.pop().expect("a process");
    let (status, output) = server.terminate_with_output().await;
    assert!(status.success(), "{output}");
}
