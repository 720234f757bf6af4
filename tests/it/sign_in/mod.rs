//! Signing in as a client does it, over HTTP: passwords, tokens, limits and one-use links.

mod invitation;
mod limits;
mod link;
mod password;
mod reset;
mod session;
mod token;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maitrise::accounts::{invite, links, model::LinkKind, model::account, password as hashing};
use maitrise::demo::cast::CAST;
use maitrise::mail;
use maitrise::people::identity::NewPerson;
use serde_json::{Value, json};

use crate::support::Answer;
use crate::world::World;

/// A password that fits.
const PASSWORD: &str = "une phrase entière convient";

/// The sign-in name and password of someone of the cast.
pub fn credentials(world: &World, word: &str) -> (String, String) {
    let part = CAST.iter().find(|part| part.word == word).expect("someone of the cast");
    (part.login(), part.password(&world.app))
}

/// Tries to sign in.
async fn sign_in(world: &World, login: &str, password: &str) -> Answer {
    let body = json!({ "login": login, "password": password });
    world.api.post("/api/v1/sign-in").json(&body).await
}

/// Comes back with a refresh token.
async fn refresh(world: &World, token: &Value) -> Answer {
    world.api.post("/api/v1/token/refresh").json(&json!({ "refresh_token": token })).await
}

/// Asks who is signed in.
async fn me(world: &World, access: &Value) -> Answer {
    world.api.get("/api/v1/me").bearer(access.as_str().expect("a token")).await
}

/// Opens an account with that sign-in name, and a password or none.
async fn open(world: &World, login: &str, password: Option<&str>) -> account::Model {
    let hashed = match password {
        Some(password) => Some(hashing::hash(password.to_owned()).await.expect("a hash")),
        None => None,
    };
    let new = NewPerson {
        given_name: "Anaïs".to_owned(),
        family_name: "Fictif".to_owned(),
        address: login.to_owned(),
        shared: false,
    };
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let opened = invite::open(&tx, &new, hashed, world.app.clock.now()).await.expect("an account");
    tx.commit().await.expect("committed");
    opened
}

/// Sends a link to an account; answers the secret that its mail will carry.
pub async fn link_of(world: &World, account: &account::Model, kind: LinkKind) -> String {
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let (tokens, now) = (&world.app.settings.tokens, world.app.clock.now());
    let id = links::send(&tx, account, kind, tokens, now).await.expect("a link");
    tx.commit().await.expect("committed");
    mail::link::token(&world.app.keys, id)
}

/// The account that everything happens to, and a reset link of it.
pub async fn with_link(world: &World, login: &str) -> String {
    let account = open(world, login, Some(PASSWORD)).await;
    link_of(world, &account, LinkKind::PasswordReset).await
}

/// Sends the form of a link's page, as a browser does.
pub async fn choose(world: &World, token: &str, password: &str, again: &str) -> Answer {
    let form = format!("password={}&again={}", encoded(password), encoded(again));
    let call = world.api.post(&format!("/liens/{token}"));
    call.header("content-type", "application/x-www-form-urlencoded").body(form).await
}

/// Looks at the page of a link.
pub async fn look(world: &World, token: &str) -> Answer {
    world.api.get(&format!("/liens/{token}")).await
}

/// A text as it stands in a form or an address.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The claims of a token, unverified.
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("three parts");
    let bytes = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// A problem without what is particular to this occurrence.
fn without_instance(answer: &Answer) -> Value {
    let mut body = answer.json();
    body.as_object_mut().expect("an object").remove("instance").expect("an instance");
    body
}
