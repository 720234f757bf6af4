//! What the logs never hold: a token, the secret of a link, an address, a name, a password.

use serde_json::{Value, json};

use super::{Machine, PATIENCE, link_token};
use crate::support::{Api, Sink};

const LOGIN: &str = "gwenaelle.legoff@mairie.example";
const FORM: &str = "application/x-www-form-urlencoded";

/// Sends the form of a link's page.
async fn choose(api: &Api, token: &str, form: &str) -> u16 {
    let call = api.post(&format!("/liens/{token}")).header("content-type", FORM);
    call.body(form).await.status
}

/// A life in a few requests, some of them wrong; answers every secret that passed.
async fn live(machine: &Machine, api: &Api, sink: &Sink) -> Vec<String> {
    machine.invite(LOGIN).await;
    let mail = sink.wait_for(|mail| mail.to == [LOGIN], PATIENCE).await;
    let link = link_token(&mail.text());
    api.get(&format!("/liens/{link}")).await.expect(200);
    assert_eq!(choose(api, &link, "password=court&again=court").await, 422);
    assert_eq!(choose(api, &link, "password=sesameouvretoi&again=sesameouvretoi").await, 200);
    assert_eq!(choose(api, &link, "password=sesameouvretoi&again=sesameouvretoi").await, 410);
    let sign_in = json!({ "login": LOGIN, "password": "sesameouvretoi" });
    let tokens = api.post("/api/v1/sign-in").json(&sign_in).await.expect(200).json();
    let wrong = json!({ "login": LOGIN, "password": "sesamefermetoi" });
    api.post("/api/v1/sign-in").json(&wrong).await.expect(401);
    let said = |name: &str| tokens[name].as_str().expect("a token").to_owned();
    let (access, refresh) = (said("access_token"), said("refresh_token"));
    api.get("/api/v1/me").bearer(&access).await.expect(200);
    api.get(&format!("/api/v1/modules?search={LOGIN}")).await;
    api.get(&format!("/nulle/part/{refresh}?jeton={refresh}")).await.expect(404);
    let spent = json!({ "refresh_token": refresh });
    let renewed = api.post("/api/v1/token/refresh").json(&spent).await.expect(200).json();
    api.post("/api/v1/token/refresh").json(&spent).await.expect(401);
    let forgotten = json!({ "login": LOGIN });
    api.post("/api/v1/password-resets").json(&forgotten).await.expect(202);
    let is_reset = |text: &str| text.contains("nouveau mot de passe");
    let mail = sink.wait_for(|mail| is_reset(&mail.text()), PATIENCE).await;
    let reset = link_token(&mail.text());
    api.get(&format!("/liens/{reset}")).await.expect(200);
    let renewed = renewed["refresh_token"].as_str().expect("a token").to_owned();
    vec![link, reset, access, refresh, renewed, "sesame".to_owned()]
}

#[tokio::test]
async fn logs_hold_no_secret_and_nobodys_name_or_address() {
    let sink = Sink::start();
    let mut machine = Machine::with_database();
    machine.mail_to(&sink);
    machine.set("LOG__FORMAT", "json");
    machine.set("LOG__LEVEL", "maitrise=trace,sqlx=debug,info");
    machine.set("WORKER__TICK_SECONDS", "1");
    let (server, api) = machine.serve().await;
    let secrets = live(&machine, &api, &sink).await;
    let (status, output) = server.terminate_with_output().await;
    assert!(status.success(), "{output}");

    let lines: Vec<Value> = output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    let served = |operation: &str| {
        lines.iter().any(|l| l["span"]["operation"] == operation && l["fields"]["status"].is_u64())
    };
    for operation in ["sign_in", "me", "refresh_token", "ask_password_reset", "other"] {
        assert!(served(operation), "{operation} is not logged: {output}");
    }
    let halves = secrets.iter().flat_map(|secret| secret.split('.')).filter(|half| half.len() > 5);
    let mut forbidden: Vec<&str> = halves.collect();
    // A link is known by its id, which opens nothing without its code.
    forbidden.retain(|half| half.len() != 36);
    forbidden.extend(["gwenaelle", "legoff", "mairie.example", "Éloïse", "Quéméneur", "/liens/"]);
    for word in forbidden {
        assert!(!output.contains(word), "{word} is in the logs:\n{output}");
    }
}
