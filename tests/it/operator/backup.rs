//! Losing a database and going on: a backup under load, a restore, and the story where it was.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use maitrise::content::Module;
use serde_json::{Value, json};

use super::backup_kit::{contents, holds, secrets, watch_command_lines};
use super::{Machine, PATIENCE, link_token};
use crate::deeds::{answer, answers, shipped};
use crate::support::{Api, Engine, Sink};

pub(super) const ELUE: &str = "elue@demonstration.example";
/// Trusted by the test server, which asks for none: only where it shows matters.
const DATABASE_PASSWORD: &str = "sesame-de-la-base";

/// The tokens of someone who signs in.
pub(super) struct Session {
    pub(super) access: String,
    refresh: String,
}

pub(super) async fn sign_in(api: &Api, login: &str, password: &str) -> Session {
    let body = json!({ "login": login, "password": password });
    let tokens = api.post("/api/v1/sign-in").json(&body).await.expect(200).json();
    let text = |name: &str| tokens[name].as_str().expect("a token").to_owned();
    Session { access: text("access_token"), refresh: text("refresh_token") }
}

/// Begins the story: enrolled with a deadline, two lessons read, a quiz begun.
pub(super) struct Begun {
    pub(super) enrolment: String,
    pub(super) attempt: String,
    pub(super) lessons: Vec<String>,
    /// E1 as it was started: what its questions are answered by.
    pub(super) module: Arc<Module>,
}

impl Begun {
    /// Where the first question of the attempt, as shown, is answered, and the right answer.
    fn first_answer(&self, shown: &Value) -> (String, Value) {
        let asked = &shown["questions"][0];
        let path = format!("{}/answers/{}", self.attempt, asked["id"].as_str().expect("an id"));
        (path, json!({ "choices": answer(&self.module, asked, true) }))
    }
}

async fn begin(api: &Api, token: &str) -> Begun {
    let due = maitrise::clock::Clock::default().now().with_timezone(&chrono_tz::Europe::Paris)
        + chrono::Duration::days(7);
    let wish = json!({ "due_on": due.date_naive() });
    let enrol = api.post("/api/v1/modules/E1/enrolments").bearer(token).json(&wish);
    let enrolled = enrol.await.expect(201);
    let enrolment = enrolled.location();
    let slugs = enrolled.json()["lessons"].as_array().expect("lessons").clone();
    let lessons: Vec<String> =
        slugs.iter().map(|l| l["slug"].as_str().expect("a slug").to_owned()).collect();
    for slug in &lessons[..2] {
        read(api, token, &enrolment, slug).await;
    }
    let started = api.post(&format!("{enrolment}/attempts")).bearer(token).await.expect(201);
    let (attempt, shown) = (started.location(), started.json());
    let begun = Begun { enrolment, attempt, lessons, module: Arc::new(shipped("E1")) };
    let (path, answer) = begun.first_answer(&shown);
    api.put(&path).bearer(token).json(&answer).await.expect(200);
    begun
}

async fn read(api: &Api, token: &str, enrolment: &str, slug: &str) -> Value {
    let done = api.post(&format!("{enrolment}/lessons/{slug}/done")).bearer(token);
    done.await.expect(200).json()
}

/// Goes on where the backup left her; answers the code of the attestation.
pub(super) async fn finish(api: &Api, token: &str, begun: &Begun) -> String {
    let shown = api.get(&begun.enrolment).bearer(token).await.expect(200).json();
    let lessons = shown["lessons"].as_array().expect("lessons");
    let read_before = lessons.iter().filter(|lesson| lesson["done"] == true).count();
    assert_eq!(read_before, 2, "what was done since the backup is lost, no more: {shown}");
    for slug in &begun.lessons {
        read(api, token, &begun.enrolment, slug).await;
    }
    let again = api.post(&format!("{}/attempts", begun.enrolment)).bearer(token);
    let again = again.await.expect(200);
    assert_eq!(again.location(), begun.attempt, "the quiz begun is gone on with");
    let again = again.json();
    let mut rest = answers(&begun.module, &again, true);
    let kept = again["questions"].as_array().expect("questions").iter();
    let kept = kept.filter(|q| q["answer"].as_array().is_some_and(|given| !given.is_empty()));
    let kept: Vec<&str> = kept.filter_map(|q| q["id"].as_str()).collect();
    assert_eq!(kept.len(), 1, "what was answered since the backup is lost, no more: {again}");
    rest.remove(kept[0]);
    let rest = json!({ "answers": rest });
    let submit = api.post(&format!("{}/submit", begun.attempt)).bearer(token).json(&rest);
    let submitted = submit.await.expect(200).json();
    assert_eq!(submitted["result"]["percent"], 100, "the answer kept before counts: {submitted}");
    assert_eq!(submitted["result"]["progress"]["state"], "completed");
    let mine = api.get("/api/v1/me/attestations").bearer(token).await.expect(200).json();
    mine["items"][0]["code"].as_str().expect("a code").to_owned()
}

pub(super) async fn status_of(api: &Api, code: &str) -> Value {
    api.get(&format!("/api/v1/verify/{code}")).await.expect(200).json()["status"].clone()
}

/// Backs up while someone writes without a pause; answers the folder.
async fn backup_under_load(machine: &Machine, api: &Api, token: &str, begun: &Begun) -> PathBuf {
    let over = Arc::new(AtomicBool::new(false));
    let (api, token, stop) = (api.clone(), token.to_owned(), Arc::clone(&over));
    let shown = api.get(&begun.attempt).bearer(&token).await.expect(200).json();
    let (path, answer) = begun.first_answer(&shown);
    let writing = tokio::spawn(async move {
        let mut written = 0;
        while !stop.load(Ordering::SeqCst) {
            let put = api.put(&path).bearer(&token).json(&answer);
            put.await.expect(200);
            written += 1;
        }
        written
    });
    let watching = watch_command_lines(Arc::clone(&over));
    let folder = machine.backup("of-the-day").await;
    over.store(true, Ordering::SeqCst);
    let written = writing.await.expect("every write succeeds");
    assert!(written >= 3, "{written} writes while the backup was made");
    let seen = watching.join().expect("a watcher");
    assert!(!seen.iter().any(|line| line.contains(DATABASE_PASSWORD)), "{seen:?}");
    let dumps = seen.iter().any(|line| line.contains("--format=custom"));
    assert_eq!(dumps, Engine::of_this_run() == Engine::Postgres, "{seen:?}");
    folder
}

#[tokio::test]
async fn a_database_that_is_lost_is_restored_and_the_story_goes_on_where_it_was() {
    let sink = Sink::start();
    let mut machine = Machine::peopled().await;
    machine.mail_to(&sink);
    machine.set("WORKER__TICK_SECONDS", "1");
    machine.set("HTTP__PUBLIC_URL", "http://formation.example");
    if let Some((_, url)) = machine.env.iter_mut().find(|(n, _)| n.ends_with("DATABASE__URL")) {
        *url = url.replacen("postgres@", &format!("postgres:{DATABASE_PASSWORD}@"), 1);
    }
    // What the backup holds waits for a worker: a reset to be sent, a reminder to be planned.
    machine.set("WORKER__ENABLED", "false");
    let (server, api) = machine.serve().await;
    let password = machine.password("elue");
    let session = sign_in(&api, ELUE, &password).await;
    let begun = begin(&api, &session.access).await;
    let made = api.post("/api/v1/me/calendar").bearer(&session.access).await.expect(201).json();
    let calendar = made["url"].as_str().expect("an address").to_owned();
    let calendar = calendar.strip_prefix("http://formation.example").expect("ours").to_owned();
    api.post("/api/v1/password-resets").json(&json!({ "login": ELUE })).await.expect(202);
    let backup = backup_under_load(&machine, &api, &session.access, &begun).await;
    let old_code = machine.asked("SELECT code FROM attestation ORDER BY id").await;
    assert!(server.terminate().await.success());

    // Life goes on after the backup: both mails leave, a lesson is read, the session is renewed.
    machine.set("WORKER__ENABLED", "true");
    let (server, api) = machine.serve().await;
    let reset = sink.wait_for(|mail| mail.text().contains("/liens/"), PATIENCE).await;
    let link = link_token(&reset.text());
    sink.wait_for(|mail| !mail.text().contains("/liens/"), PATIENCE).await;
    read(&api, &session.access, &begun.enrolment, &begun.lessons[2]).await;
    let renew = json!({ "refresh_token": session.refresh });
    let renewed = api.post("/api/v1/token/refresh").json(&renew).await.expect(200).json();
    api.get(&format!("/liens/{link}")).await.expect(200);
    api.get(&calendar).await.expect(200);
    let secret = calendar.rsplit('/').next().and_then(|file| file.strip_suffix(".ics"));
    let secret = secret.expect("a secret").to_owned();
    let handed = [&link, &session.refresh, &session.access, &password, &secret];
    holds_no_secret(&machine, &backup, handed).await;
    server.kill9().await;

    machine.lose_database();
    let said = machine.ok(&["restore", &backup.display().to_string()]).await;
    assert!(said.contains("1 one-use links, 1 calendar addresses; mail: 1 unknown"), "{said}");
    assert!(said.contains("reminders: 1 recorded as missed"), "{said}");
    assert!(!said.contains("WARNING") && said.contains("ok    migrations: up to date"), "{said}");

    let (server, api) = machine.serve().await;
    for token in [&session.refresh, renewed["refresh_token"].as_str().expect("a token")] {
        let again = json!({ "refresh_token": token });
        api.post("/api/v1/token/refresh").json(&again).await.expect(401);
    }
    api.get("/api/v1/me").bearer(&session.access).await.expect(401);
    api.get(&format!("/liens/{link}")).await.expect(410);
    api.get(&calendar).await.expect(404);
    let session = sign_in(&api, ELUE, &password).await;
    let code = finish(&api, &session.access, &begun).await;
    assert_eq!(status_of(&api, &code).await, "genuine");
    assert_eq!(status_of(&api, &old_code).await, "genuine", "what was attested before is");

    // A worker has been round: nothing went out a second time, and what is asked now does go.
    while api.get("/readyz").await.expect(200).json()["worker_seconds"].is_null() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(sink.messages().len(), 2, "mail goes out once, whatever was restored");
    api.post("/api/v1/password-resets").json(&json!({ "login": ELUE })).await.expect(202);
    let is_new = |text: &str| text.contains("/liens/") && !text.contains(&link);
    sink.wait_for(|mail| is_new(&mail.text()), PATIENCE).await;
    assert_eq!(sink.messages().len(), 3);
    let journalled = "SELECT action FROM journal_entry ORDER BY id DESC LIMIT 1";
    assert_eq!(machine.asked(journalled).await, "instance.restore");
    assert!(server.terminate().await.success());
}

/// That neither the keys nor what was handed to people is in a backup, which is its owner's alone.
async fn holds_no_secret(machine: &Machine, backup: &Path, handed: [&String; 5]) {
    let all = contents(backup).await;
    assert!(holds(&all, ELUE.as_bytes()), "what is looked for would be found");
    for secret in secrets(&machine.data().join("keys")) {
        assert!(!holds(&all, &secret), "a private key or the link secret is in the backup");
    }
    for handed in handed {
        let secret = handed.rsplit('.').next().expect("its secret half");
        assert!(!holds(&all, secret.as_bytes()), "{handed} is in the backup");
    }
    assert!(!holds(&all, DATABASE_PASSWORD.as_bytes()));
    assert_eq!(super::keys::mode(backup), 0o700);
    for file in fs::read_dir(backup).expect("a backup") {
        let path = file.expect("a file").path();
        assert_eq!(super::keys::mode(&path), 0o600, "{}", path.display());
    }
}

#[tokio::test]
async fn a_machine_without_the_keys_says_how_what_they_signed_verifies_again() {
    let lost = Machine::peopled().await;
    let backup = lost.backup("drill").await;
    let code = lost.asked("SELECT code FROM attestation ORDER BY id").await;
    let other = Machine::with_database();
    other.make_keys().await;
    let said = other.ok(&["restore", &backup.display().to_string()]).await;
    let warning = said.lines().find(|line| line.starts_with("WARNING")).expect("a warning");
    let kid = lost.asked("SELECT kid FROM attestation").await;
    assert!(warning.contains(&kid) && warning.contains("keys.toml"), "{warning}");
    let (server, api) = other.serve().await;
    assert_eq!(status_of(&api, &code).await, "unknown");
    assert!(server.terminate().await.success());

    // As the warning says, to the letter.
    let public = fs::read_to_string(backup.join("keys.toml")).expect("public keys");
    let mut entries = public.split("[[key]]");
    let entry = entries.find(|entry| entry.contains(&kid)).expect("the entry");
    let retired = warning.split('`').nth(1).expect("a line");
    let known = other.data().join("keys/keys.toml");
    let mut text = fs::read_to_string(&known).expect("keys");
    text.push_str(&format!("\n[[key]]{entry}\n{retired}\n"));
    fs::write(&known, text).expect("written");
    let (server, api) = other.serve().await;
    assert_eq!(status_of(&api, &code).await, "genuine");
    assert!(server.terminate().await.success());
}
