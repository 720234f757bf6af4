//! Refresh tokens: good for one use, and a copy that comes back closes the session for everyone.

use chrono::Duration;
use maitrise::accounts::model::LinkKind;
use maitrise::accounts::session::{self, Refreshed};
use serde_json::{Value, json};

use super::{PASSWORD, choose, credentials, link_of, me, open, refresh, sign_in};
use crate::world::World;

async fn signed_in(world: &World) -> Value {
    let (login, password) = credentials(world, "elue");
    sign_in(world, &login, &password).await.expect(200).json()
}

#[tokio::test]
async fn a_refresh_token_gives_the_next_and_one_that_comes_back_closes_the_session() {
    let world = World::new().await;
    let (first, elsewhere) = (signed_in(&world).await, signed_in(&world).await);
    let second = refresh(&world, &first["refresh_token"]).await.expect(200).json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_ne!(second["access_token"], first["access_token"]);
    me(&world, &second["access_token"]).await.expect(200);
    let third = refresh(&world, &second["refresh_token"]).await.expect(200).json();

    let stolen = refresh(&world, &first["refresh_token"]).await.expect(401);
    assert_eq!(stolen.problem_code(), "invalid-refresh-token");
    for token in [&second, &third] {
        let refused = refresh(&world, &token["refresh_token"]).await.expect(401);
        assert_eq!(refused.problem_code(), "invalid-refresh-token");
    }
    refresh(&world, &elsewhere["refresh_token"]).await.expect(200);
}

#[tokio::test]
async fn a_refresh_token_presented_twice_at_once_is_honoured_at_most_once() {
    let world = World::new().await;
    let tokens = signed_in(&world).await;
    let token = &tokens["refresh_token"];
    let (one, other) = tokio::join!(refresh(&world, token), refresh(&world, token));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let next = if one.status == 200 { one } else { other };
    refresh(&world, &next.json()["refresh_token"]).await.expect(401);
}

#[tokio::test]
async fn signing_out_closes_the_session_and_is_harmless_twice() {
    let world = World::new().await;
    let (tokens, elsewhere) = (signed_in(&world).await, signed_in(&world).await);
    let next = refresh(&world, &tokens["refresh_token"]).await.expect(200).json();
    let out = json!({ "refresh_token": next["refresh_token"] });
    for _ in 0..2 {
        let done = world.api.post("/api/v1/sign-out").json(&out).await.expect(204);
        assert_eq!(done.body, "");
    }
    refresh(&world, &next["refresh_token"]).await.expect(401);
    refresh(&world, &elsewhere["refresh_token"]).await.expect(200);
    let nobody = json!({ "refresh_token": "inconnu" });
    world.api.post("/api/v1/sign-out").json(&nobody).await.expect(204);
}

#[tokio::test]
async fn time_ends_an_access_token_then_a_refresh_token() {
    let world = World::new().await;
    let tokens = signed_in(&world).await;
    assert_eq!(tokens["expires_in"], 900);
    world.app.clock.advance(Duration::seconds(899));
    me(&world, &tokens["access_token"]).await.expect(200);
    world.app.clock.advance(Duration::seconds(2));
    let refused = me(&world, &tokens["access_token"]).await.expect(401);
    assert_eq!(refused.problem_code(), "unauthenticated");
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    let next = refresh(&world, &tokens["refresh_token"]).await.expect(200).json();
    world.app.clock.advance(Duration::days(30));
    refresh(&world, &next["refresh_token"]).await.expect(401);
}

#[tokio::test]
async fn a_refresh_token_that_nobody_gave_is_refused_and_closes_nothing() {
    let world = World::new().await;
    let tokens = signed_in(&world).await;
    let genuine = tokens["refresh_token"].as_str().expect("a token");
    let (id, secret) = genuine.split_once('.').expect("two parts");
    let access = tokens["access_token"].as_str().expect("a token");
    for forged in [
        String::new(),
        ".".to_owned(),
        format!("{id}."),
        format!("{id}.{}", "A".repeat(43)),
        format!("{}.{secret}", "0".repeat(32)),
        format!("{genuine}A"),
        secret.to_owned(),
        "%00' OR 1=1".to_owned(),
        access[..200].to_owned(),
    ] {
        let refused = refresh(&world, &json!(forged)).await.expect(401);
        assert_eq!(refused.problem_code(), "invalid-refresh-token", "{forged:?}");
    }
    refresh(&world, &tokens["refresh_token"]).await.expect(200);
}

#[tokio::test]
async fn a_sign_in_under_way_does_not_outlive_the_password_that_proved_it() {
    let world = World::new().await;
    let account = open(&world, "lente@mairie.example", Some(PASSWORD)).await;
    let token = link_of(&world, &account, LinkKind::PasswordReset).await;
    let proved = session::prove(world.app.db.read(), &account.sign_in_name, PASSWORD.to_owned());
    let proved = proved.await.expect("the right password, then");
    let other = "une tout autre phrase";
    choose(&world, &token, other, other).await.expect(200);

    let tx = world.app.db.begin_write().await.expect("a transaction");
    let refused = session::open(&tx, proved, 30, world.app.clock.now()).await;
    assert!(refused.expect_err("revoked").to_string().starts_with("invalid-credentials"));
    drop(tx);
    sign_in(&world, &account.sign_in_name, other).await.expect(200);
}

#[tokio::test]
async fn a_session_renewed_while_another_password_is_chosen_is_closed_too() {
    let world = World::new().await;
    let account = open(&world, "pressee@mairie.example", Some(PASSWORD)).await;
    let token = link_of(&world, &account, LinkKind::PasswordReset).await;
    let signed = sign_in(&world, &account.sign_in_name, PASSWORD).await.expect(200).json();
    let presented = signed["refresh_token"].as_str().expect("a token");

    let tx = world.app.db.begin_write().await.expect("a transaction");
    let renewed = session::refresh(&tx, presented, 30, world.app.clock.now()).await;
    let Ok(Refreshed::Renewed(next)) = renewed else { panic!("{renewed:?}") };
    let other = "une tout autre phrase";
    let commits = async {
        // Long enough for the choice to reach what this transaction holds.
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        tx.commit().await.expect("committed");
    };
    let (chosen, ()) = tokio::join!(choose(&world, &token, other, other), commits);
    chosen.expect(200);
    refresh(&world, &json!(next.refresh_token)).await.expect(401);
}
