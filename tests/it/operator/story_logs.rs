//! The logs of the whole story, at the level of debugging: every line is JSON, every request is told
//! with what an operator needs, and nothing of anybody but ids.

use std::collections::BTreeSet;
use std::path::Path;

use maitrise::config;
use maitrise::db::Db;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PATIENCE, link_token};
use crate::story::{self, Stage};
use crate::support::Database;

const ELUE: &str = "elue@demonstration.example";

/// What the demonstration says for a person to read, before it serves.
const SPOKEN: [&str; 4] = ["Loading ", "Publishing ", "Inventing ", "  "];

/// The columns that say who somebody is, or how they are reached.
const PERSONAL: [(&str, &str); 4] = [
    ("identity", "given_name"),
    ("identity", "family_name"),
    ("contact_address", "address"),
    ("account", "sign_in_name"),
];

async fn database(folder: &Path, url: Option<&str>) -> Db {
    let mut settings = config::load(None, Some(folder)).expect("settings");
    if let Some(url) = url {
        url.clone_into(&mut settings.database.url);
    }
    Db::connect(&settings.database).await.expect("a database")
}

/// Everyone's names, addresses and sign-in names, as the database has them.
async fn everyone(db: &Db) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (table, column) in PERSONAL {
        let sql = format!("SELECT DISTINCT {column} AS t FROM {table}");
        let rows = db.read().query_all_raw(Statement::from_string(db.backend(), sql)).await;
        let rows = rows.expect("its rows");
        assert!(rows.len() > 1, "{table}.{column} holds someone");
        all.extend(rows.iter().map(|row| row.try_get::<String>("", "t").expect("a text")));
    }
    all
}

/// Forgets a password and chooses another, is refused, and asks for what is not there; answers what
/// must not be told of it.
async fn err(stage: &Stage) -> Vec<String> {
    let (api, sink) = (&stage.api, &stage.sink);
    api.post("/api/v1/password-resets").json(&json!({ "login": ELUE })).await.expect(202);
    let mail = sink.wait_for(|mail| mail.text().contains("/liens/"), PATIENCE).await;
    let link = link_token(&mail.text());
    let form = |password: &str| {
        let call = api.post(&format!("/liens/{link}"));
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        call.body(format!("password={password}&again={password}"))
    };
    form("court").await.expect(422);
    form("sesameouvretoi").await.expect(200);
    form("sesameouvretoi").await.expect(410);
    let wrong = json!({ "login": ELUE, "password": "sesamefermetoi" });
    api.post("/api/v1/sign-in").json(&wrong).await.expect(401);
    api.post("/api/v1/sign-in").body(r#"{"login":"sesame"#).await;
    api.get(&format!("/api/v1/{ELUE}?login={ELUE}")).await.expect(404);
    vec![link, "sesame".to_owned()]
}

/// Takes the accounts away from under the server: what then fails is ours, and is logged as such.
async fn fail(stage: &Stage, db: &Db) {
    let tx = db.begin_write().await.expect("a transaction");
    tx.execute_unprepared("ALTER TABLE account RENAME TO hidden").await.expect("renamed");
    tx.commit().await.expect("committed");
    let body = json!({ "login": ELUE, "password": "sesameouvretoi" });
    let failed = stage.api.post("/api/v1/sign-in").json(&body).await.expect(500);
    assert_eq!(failed.problem_code(), "internal");
}

/// Whether `word` stands in `text` by itself, not as a part of another.
fn says(text: &str, word: &str) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| {
        let after = text[at + word.len()..].chars().next();
        !inside(text[..at].chars().next_back()) && !inside(after)
    })
}

#[tokio::test]
async fn the_logs_of_the_whole_story_are_json_and_hold_ids_only() {
    let level = ("MAITRISE__LOG__LEVEL", "debug");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let more = [("MAITRISE__LOG__FORMAT", "json"), level];
    let (mut stage, kept) = story::demonstration(folder.path(), &more).await;
    let code = story::play(&stage).await;
    let mut forbidden = err(&stage).await;
    let db = database(folder.path(), kept.as_ref().map(Database::url)).await;
    forbidden.extend(everyone(&db).await);
    forbidden.push(code);
    fail(&stage, &db).await;
    db.close().await.expect("closed");
    let server = &mut stage.servers[0];
    assert!(server.stop().await.success());
    let log = server.log();
    let lines = read(&log);
    every_request_is_told(&lines);

    let handed = std::mem::take(&mut *stage.handed.lock().expect("nobody has it"));
    assert!(handed.len() > 15 && forbidden.len() > 100, "all were collected");
    for secret in handed.iter().flat_map(|secret| secret.split('.')).filter(|h| h.len() > 7) {
        assert!(!log.contains(secret), "{secret} is in the logs");
    }
    for word in &forbidden {
        let halves =
            word.split('.').filter(|half| half.len() > 20 && Uuid::parse_str(half).is_err());
        for half in halves {
            assert!(!log.contains(half), "{half} is in the logs");
        }
        let told: Vec<&str> = log.lines().filter(|line| says(line, word)).collect();
        assert!(told.is_empty(), "{word} is in the logs: {told:?}");
    }
    for shape in ["eyJ", "/liens/", "argon2", "sesame", "@"] {
        let told: Vec<&str> = log.lines().filter(|line| line.contains(shape)).collect();
        assert!(told.is_empty(), "{shape} is in the logs: {told:?}");
    }
}

/// The lines of the log; all of them JSON, but for what is said to a person.
fn read(log: &str) -> Vec<Value> {
    let written = log.lines().filter(|line| !SPOKEN.iter().any(|said| line.starts_with(said)));
    let parsed = written.map(|line| {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        for field in ["timestamp", "level", "target", "fields"] {
            assert!(!line[field].is_null(), "{field} lacks: {line}");
        }
        line
    });
    parsed.collect()
}

/// The operations that ask who is there, as the committed document says.
fn guarded() -> BTreeSet<String> {
    let document = include_str!("../../../openapi.json");
    let document: Value = serde_json::from_str(document).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").values();
    let operations = paths.flat_map(|path| path.as_object().expect("methods").values());
    let asking = operations.filter(|o| o["security"].as_array().is_some_and(|s| !s.is_empty()));
    asking.map(|o| o["operationId"].as_str().expect("an id").to_owned()).collect()
}

fn every_request_is_told(lines: &[Value]) {
    let served: Vec<&Value> = lines.iter().filter(|l| l["fields"]["message"] == "served").collect();
    assert!(served.len() > 30, "{} requests are told", served.len());
    let guarded = guarded();
    let (mut ids, mut known) = (BTreeSet::new(), BTreeSet::new());
    for line in served {
        let (span, fields) = (&line["span"], &line["fields"]);
        let id = span["id"].as_str().and_then(|id| Uuid::parse_str(id).ok());
        assert!(id.is_some_and(|id| ids.insert(id)), "its own request id: {line}");
        assert!(fields["status"].is_u64() && fields["milliseconds"].is_f64(), "{line}");
        let operation = span["operation"].as_str().expect("an operation");
        let answered = fields["status"].as_u64().is_some_and(|status| status < 400);
        let account = span["account"].as_str().map(|id| Uuid::parse_str(id).expect("an id only"));
        if guarded.contains(operation) {
            assert!(account.is_some() || !answered, "who was let in is told: {line}");
        } else {
            assert!(account.is_none(), "nobody was asked who they are: {line}");
        }
        known.extend(account);
    }
    assert!(known.len() >= 5, "everyone who signed in is told by an id: {known:?}");
    let failures: Vec<&Value> =
        lines.iter().filter(|l| l["fields"]["message"] == "database failure").collect();
    let ours = failures.iter().find(|l| l["span"]["operation"] == "sign_in").expect("the failure");
    assert_eq!(ours["level"], "ERROR");
    assert!(ours["span"]["id"].as_str().is_some_and(|id| Uuid::parse_str(id).is_ok()));
}
