//! Guessing is slow; what another address may still do is covered beside the counters.

use super::{credentials, sign_in};
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn too_many_attempts_are_put_off_even_with_the_right_password_at_last() {
    let world = World::with(|settings| settings.sign_in.per_account_and_address = 2).await;
    let (login, password) = credentials(&world, "elue");
    for _ in 0..2 {
        sign_in(&world, &login, "un mauvais mot de passe").await.expect(401);
    }
    let refused = sign_in(&world, &login, &password).await.expect(429);
    assert_eq!(refused.problem_code(), "too-many-requests");
    assert_eq!(refused.header("retry-after"), Some("60"));
    assert!(refused.body.contains("réessayez"), "{}", refused.body);
    // The same account however it is typed, and whatever address is claimed by a stranger.
    sign_in(&world, &format!(" {}", login.to_uppercase()), &password).await.expect(429);
    let claimed = world.api.post("/api/v1/sign-in").header("x-forwarded-for", "192.0.2.9");
    claimed.json(&json!({ "login": login, "password": password })).await.expect(429);
    let forgotten = world.api.post("/api/v1/password-resets");
    forgotten.json(&json!({ "login": login })).await.expect(429);

    let (other, password) = credentials(&world, "cdg35");
    sign_in(&world, &other, &password).await.expect(200);
}

#[tokio::test]
async fn trying_many_names_from_one_address_is_put_off_too() {
    let world = World::with(|settings| settings.sign_in.per_address = 2).await;
    for name in ["un@mairie.example", "deux@mairie.example"] {
        sign_in(&world, name, "un mauvais mot de passe").await.expect(401);
    }
    let (login, password) = credentials(&world, "elue");
    sign_in(&world, &login, &password).await.expect(429);
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_a_limit_of_its_own() {
    let world = World::with(|settings| {
        settings.sign_in.per_account_and_address = 2;
        settings.http.trusted_proxies = vec!["127.0.0.1".to_owned()];
    })
    .await;
    let (login, password) = credentials(&world, "elue");
    let from = async |address: &str, password: &str| {
        let call = world.api.post("/api/v1/sign-in").header("x-forwarded-for", address);
        call.json(&json!({ "login": login, "password": password })).await.status
    };
    for _ in 0..2 {
        assert_eq!(from("192.0.2.1", "un mauvais mot de passe").await, 401);
    }
    assert_eq!(from("192.0.2.1", &password).await, 429);
    assert_eq!(from("198.51.100.7, 192.0.2.1", &password).await, 429, "a claim in front of it");
    assert_eq!(from("192.0.2.2", &password).await, 200, "the owner, elsewhere");
}

#[tokio::test]
async fn a_flood_of_wrong_passwords_locks_out_nobody_elsewhere_and_nobody_for_long() {
    let world = World::with(|settings| {
        settings.sign_in.per_account_and_address = 3;
        settings.sign_in.per_address = 100;
        settings.http.trusted_proxies = vec!["127.0.0.1".to_owned()];
    })
    .await;
    let (login, password) = credentials(&world, "elue");
    let from = async |address: &str, login: &str, password: &str| {
        let call = world.api.post("/api/v1/sign-in").header("x-forwarded-for", address);
        call.json(&json!({ "login": login, "password": password })).await.status
    };
    let flood = (0..30).map(|_| from("192.0.2.1", &login, "un mauvais mot de passe"));
    let statuses = futures_util::future::join_all(flood).await;
    let tried = statuses.iter().filter(|status| **status == 401).count();
    assert_eq!((tried, statuses.len()), (3, 30), "thirty at once are not thirty guesses");
    assert!(statuses.iter().all(|status| matches!(status, 401 | 429)), "{statuses:?}");

    assert_eq!(from("192.0.2.2", &login, &password).await, 200, "the owner, elsewhere");
    let (other, theirs) = credentials(&world, "cdg35");
    assert_eq!(from("192.0.2.1", &other, &theirs).await, 200, "somebody else, there");
    assert_eq!(from("192.0.2.1", &login, &password).await, 429, "the owner, there");
    world.app.clock.advance(chrono::Duration::seconds(20));
    assert_eq!(from("192.0.2.1", &login, &password).await, 200, "the owner, there, soon after");
}

#[tokio::test]
async fn signing_in_costs_no_attempt_and_asking_for_a_reset_does() {
    let world = World::with(|settings| settings.sign_in.per_account_and_address = 2).await;
    let (login, password) = credentials(&world, "elue");
    for _ in 0..5 {
        sign_in(&world, &login, &password).await.expect(200);
    }
    sign_in(&world, &login, "un mauvais mot de passe").await.expect(401);
    sign_in(&world, &login, &password).await.expect(200);
    sign_in(&world, &login, "un mauvais mot de passe").await.expect(401);
    sign_in(&world, &login, &password).await.expect(429);
    let (other, _) = credentials(&world, "cdg35");
    let forgotten = json!({ "login": other });
    for status in [202, 202, 429] {
        world.api.post("/api/v1/password-resets").json(&forgotten).await.expect(status);
    }
}

#[tokio::test]
async fn the_addresses_of_one_ipv6_subscriber_share_a_limit() {
    let world = World::with(|settings| {
        settings.sign_in.per_address = 2;
        settings.http.trusted_proxies = vec!["127.0.0.0/8".to_owned()];
    })
    .await;
    let (login, password) = credentials(&world, "elue");
    let from = async |address: &str, password: &str| {
        let call = world.api.post("/api/v1/sign-in").header("x-forwarded-for", address);
        call.json(&json!({ "login": login, "password": password })).await.status
    };
    for address in ["2001:db8:1:2::1", "2001:db8:1:2:aaaa::1, 127.0.0.9"] {
        assert_eq!(from(address, "un mauvais mot de passe").await, 401, "{address}");
    }
    assert_eq!(from("2001:db8:9::1, 2001:db8:1:2::ffff", &password).await, 429, "the same /64");
    assert_eq!(from("2001:db8:1:3::1", &password).await, 200, "the neighbour");
}
