//! Keys: made by the operator, private, rotated, retired without losing what they signed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use super::{Machine, PATIENCE, link_token};
use crate::support::{Api, Sink};

pub(super) fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

/// The key identifiers of one use that `keys list` shows, with their lines.
async fn listed(machine: &Machine, usage: &str) -> Vec<(String, String)> {
    let lines = machine.ok(&["keys", "list"]).await;
    let ours = lines.lines().filter(|line| line.starts_with(usage));
    let kid = |line: &str| line.split_whitespace().nth(1).expect("a kid").to_owned();
    ours.map(|line| (kid(line), line.to_owned())).collect()
}

async fn public_kids(api: &Api) -> Vec<Value> {
    let set = api.get("/.well-known/jwks.json").await.expect(200).json();
    let keys = set["keys"].as_array().expect("keys").iter();
    keys.map(|key| key["kid"].clone()).collect()
}

/// The key that signed a token.
fn signed_by(session: &Value) -> String {
    let token = session["access_token"].as_str().expect("a token");
    jsonwebtoken::decode_header(token).expect("a header").kid.expect("a kid")
}

async fn me(api: &Api, session: &Value) -> u16 {
    let token = session["access_token"].as_str().expect("a token");
    api.get("/api/v1/me").bearer(token).await.status
}

async fn refreshed(api: &Api, session: &Value) -> Value {
    let spent = json!({ "refresh_token": session["refresh_token"] });
    api.post("/api/v1/token/refresh").json(&spent).await.expect(200).json()
}

#[tokio::test]
async fn another_access_key_signs_nobody_out_and_a_retired_one_opens_nothing() {
    let mut machine = Machine::with_database();
    let sink = Sink::start();
    machine.mail_to(&sink);
    // The issuer of the tokens: the same whatever port each server is given.
    machine.set("HTTP__PUBLIC_URL", "http://formation.example");
    machine.make_keys().await;
    let old = listed(&machine, "access").await.remove(0).0;
    let pem = machine.data().join(format!("keys/access-{old}.pem"));
    let (server, api) = machine.serve().await;
    let before = admitted(&machine, &sink, &api).await;
    assert_eq!((signed_by(&before), me(&api, &before).await), (old.clone(), 200));
    assert!(pem.exists() && server.terminate().await.success());

    machine.ok(&["keys", "new", "access"]).await;
    let new = listed(&machine, "access").await.remove(1).0;
    let (server, api) = machine.serve().await;
    assert_eq!(me(&api, &before).await, 200, "nobody is signed out");
    let between = refreshed(&api, &before).await;
    assert_eq!((signed_by(&between), me(&api, &between).await), (new.clone(), 200));
    assert_eq!(public_kids(&api).await, [json!(old), json!(new)], "both verify");
    assert!(server.terminate().await.success());

    let said = machine.ok(&["keys", "retire", &old]).await;
    assert!(said.contains("open nothing"), "{said}");
    assert!(!pem.exists(), "the private file is destroyed");
    let lines = listed(&machine, "access").await;
    assert!(lines[0].0 == old && lines[0].1.contains("retired"), "{lines:?}");
    assert!(lines[1].1.contains("in force") && lines[1].1.contains("made by an operator"));
    machine.refused_saying(&["keys", "retire", &old], &[&old, "keys list"]).await;
    machine.refused_saying(&["keys", "retire", "inconnue"], &["inconnue", "keys list"]).await;
    let (server, api) = machine.serve().await;
    assert_eq!(me(&api, &before).await, 401, "its tokens are refused");
    assert_eq!(me(&api, &between).await, 200);
    let after = refreshed(&api, &between).await;
    assert_eq!((signed_by(&after), me(&api, &after).await), (new.clone(), 200));
    assert_eq!(public_kids(&api).await, [json!(new)], "what signs nobody in is not published");
    assert!(server.terminate().await.success());
}

/// The tokens of someone invited.
async fn admitted(machine: &Machine, sink: &Sink, api: &Api) -> Value {
    let (email, password) = ("nolwenn@cdg.example", "douze caractères");
    machine.invite(email).await;
    let mail = sink.wait_for(|mail| mail.to == [email], PATIENCE).await;
    let chosen = api.post(&format!("/liens/{}", link_token(&mail.text())));
    let chosen = chosen.header("content-type", "application/x-www-form-urlencoded");
    chosen.body("password=douze+caract%C3%A8res&again=douze+caract%C3%A8res").await.expect(200);
    let body = json!({ "login": email, "password": password });
    api.post("/api/v1/sign-in").json(&body).await.expect(200).json()
}

#[tokio::test]
async fn without_its_last_key_a_service_says_which_command_makes_one() {
    let mut machine = Machine::new();
    machine.fit_for_production();
    machine.make_keys().await;
    let attestation = listed(&machine, "attestation").await.remove(0).0;
    machine.ok(&["keys", "retire", &attestation]).await;
    machine.refused_saying(&["serve"], &["maitrise keys new attestation"]).await;
    let checked = machine.run(&["check"]).await;
    assert!(checked.stdout.contains("FAIL  keys: "), "{checked:?}");
    assert!(checked.stdout.contains("maitrise keys new attestation"), "{checked:?}");
}

#[tokio::test]
async fn a_key_file_that_is_damaged_or_not_its_own_is_refused_by_its_name() {
    let mut machine = Machine::new();
    machine.fit_for_production();
    machine.make_keys().await;
    let keys = machine.data().join("keys");
    let first = listed(&machine, "access").await.remove(0).0;
    machine.ok(&["keys", "new", "access"]).await;
    let second = listed(&machine, "access").await.remove(1).0;
    let pem = |kid: &str| keys.join(format!("access-{kid}.pem"));
    let whole = fs::read(pem(&first)).expect("a key");
    fs::copy(pem(&second), pem(&first)).expect("a copy");
    machine.refused_saying(&["serve"], &[&first, "does not match"]).await;
    fs::write(pem(&first), "no key\n").expect("a file");
    let said = machine.refused(&["serve"]).await;
    assert!(said.contains(&first) && !said.contains("no key\n"), "{said}");
    fs::write(pem(&first), whole).expect("a file");
    fs::write(keys.join("link.secret"), "short\n").expect("a file");
    machine.refused_saying(&["serve"], &["link.secret", "32 bytes"]).await;
}

#[tokio::test]
async fn what_the_program_makes_is_for_its_owner_only() {
    let mut machine = Machine::with_database();
    machine.set("WORKER__TICK_SECONDS", "1");
    machine.ok(&["migrate"]).await;
    assert_eq!(mode(&machine.data()), 0o700, "made by `migrate`");
    let database = machine.data().join("maitrise.sqlite3");
    assert!(!database.exists() || mode(&database) == 0o600, "SQLite's file, where there is one");
    machine.make_keys().await;
    let keys = machine.data().join("keys");
    assert_eq!(mode(&keys), 0o700);
    for file in fs::read_dir(&keys).expect("keys") {
        let path = file.expect("a file").path();
        let public = path.ends_with("keys.toml");
        assert!(public || mode(&path) == 0o600, "{}", path.display());
    }
    machine.invite("yann@cdg.example").await;
    let mut server = machine.serve().await.0;
    server.wait_for_line("mail handled", PATIENCE).await;
    assert_eq!(mode(&machine.data().join("mail")), 0o700);

    let elsewhere = Machine::new();
    elsewhere.ok(&["keys", "new", "link"]).await;
    assert_eq!(mode(&elsewhere.data()), 0o700, "made by `keys new`");
}
