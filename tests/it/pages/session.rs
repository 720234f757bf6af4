//! Signing in with a browser: the cookie, what ends it, and what others cannot do with it.

use chrono::Duration;
use maitrise::accounts::model::{access_grant, web_session};
use maitrise::accounts::web_session as sessions;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::assert_is_a_page_of_ours;
use super::browse::Browser;
use crate::sign_in::{choose, credentials, with_link};
use crate::support::capture_log;
use crate::world::World;

async fn open(world: &World) -> u64 {
    web_session::Entity::find().count(world.app.db.read()).await.expect("a count")
}

#[tokio::test]
async fn one_signs_in_comes_back_to_where_one_was_going_and_signs_out() {
    let world = World::new().await;
    let (login, password) = credentials(&world, "formatrice");
    let mut browser = Browser::new(&world);
    let form = browser.get("/connexion?retour=/verifier%3Fcode%3D1").await.expect(200);
    assert_is_a_page_of_ours(&form);
    assert!(form.body.contains(r#"value="/verifier?code=1""#), "{}", form.body);
    let sent = browser.sign_in(&login, &password, "/verifier?code=1").await.expect(303);
    assert_eq!(sent.location(), "/verifier?code=1");
    let cookie = sent.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("session=") && cookie.contains("; HttpOnly"), "{cookie}");
    assert!(cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/;"), "{cookie}");
    assert!(cookie.contains("Max-Age=43200") && !cookie.contains("Secure"), "{cookie}");

    let page = browser.get("/").await.expect(200);
    assert!(page.body.contains("Se déconnecter") && page.body.contains("Mon atelier"));
    assert!(!page.body.contains(&login), "a page holds no name: {}", page.body);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let again = browser.get("/connexion?retour=/verifier").await.expect(303);
    assert_eq!(again.location(), "/verifier");

    let stolen = browser.cookies["session"].clone();
    let token = browser.token().await;
    let out = browser.post("/deconnexion", &[("jeton", &token)]).await.expect(303);
    assert_eq!(out.location(), "/");
    let said = browser.get("/").await.expect(200);
    assert!(said.body.contains("Vous êtes déconnecté."), "{}", said.body);
    assert!(said.body.contains("Se connecter"), "{}", said.body);
    assert!(!browser.get("/").await.body.contains("Vous êtes déconnecté."), "said once");
    browser.cookies.insert("session".to_owned(), stolen);
    assert!(!browser.is_signed_in().await, "its row is gone");
    assert_eq!(open(&world).await, 0);
    browser.get("/deconnexion").await.expect(405);
}

#[tokio::test]
async fn only_who_teaches_is_shown_the_workbench_and_only_while_they_do() {
    let world = World::new().await;
    for (word, works) in
        [("formatrice", true), ("relecteur", true), ("editrice", true), ("elue", false)]
    {
        let page = Browser::of(&world, word).await.get("/").await.expect(200);
        assert_eq!(page.body.contains("Mon atelier"), works, "{word}");
    }
    let mut trainer = Browser::of(&world, "formatrice").await;
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let now = world.app.clock.now();
    access_grant::Entity::update_many()
        .col_expr(access_grant::Column::RevokedAt, Expr::value(now))
        .exec(&tx)
        .await
        .expect("revoked");
    tx.commit().await.expect("committed");
    let page = trainer.get("/").await.expect(200);
    assert!(!page.body.contains("Mon atelier") && page.body.contains("Se déconnecter"));
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_refused_alike_and_the_name_is_kept() {
    let world = World::new().await;
    let (login, password) = credentials(&world, "elue");
    let mut browser = Browser::new(&world);
    let long = "x".repeat(1025);
    let mut bodies = Vec::new();
    for (login, password) in [
        (login.as_str(), "pas celui-là du tout"),
        ("personne@mairie.example", "pas celui-là du tout"),
        (login.as_str(), ""),
        (login.as_str(), long.as_str()),
    ] {
        let page = browser.sign_in(login, password, "/verifier").await.expect(422);
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains("Identifiant ou mot de passe incorrect"), "{}", page.body);
        assert!(page.body.contains(&format!("value=\"{login}\"")), "{}", page.body);
        assert!(page.body.contains("aria-invalid=\"true\""), "{}", page.body);
        assert!(page.body.contains(r#"value="/verifier""#), "{}", page.body);
        bodies.push(page.body.replace(login, ""));
    }
    assert!(bodies.windows(2).all(|two| two[0] == two[1]), "nothing tells them apart");
    let odd = browser.sign_in("\"><script>alert(1)</script>", "x", "/").await.expect(422);
    assert_is_a_page_of_ours(&odd);
    browser.sign_in(&"x".repeat(300), &password, "/").await.expect(422);
    assert_eq!(open(&world).await, 0);
    browser.sign_in(&format!("  {} ", login.to_uppercase()), &password, "/").await.expect(303);
}

#[tokio::test]
async fn nobody_is_sent_elsewhere_after_signing_in() {
    let world = World::new().await;
    let (login, password) = credentials(&world, "elue");
    for away in ["//ailleurs.example", "https://ailleurs.example", "/\\ailleurs.example", "x"] {
        let mut browser = Browser::new(&world);
        let path = format!("/connexion?retour={}", crate::sign_in::encoded(away));
        let form = browser.get(&path).await.expect(200);
        assert!(!form.body.contains("ailleurs"), "{}", form.body);
        let sent = browser.sign_in(&login, &password, away).await.expect(303);
        assert_eq!(sent.location(), "/", "{away}");
    }
}

#[tokio::test]
async fn guessing_is_slow_and_says_when_to_come_back() {
    let world = World::with(|settings| settings.sign_in.per_account_and_address = 3).await;
    let (login, password) = credentials(&world, "elue");
    let mut browser = Browser::new(&world);
    for _ in 0..3 {
        browser.sign_in(&login, "une phrase au hasard", "/").await.expect(422);
    }
    let slowed = browser.sign_in(&login, &password, "/").await.expect(429);
    assert_is_a_page_of_ours(&slowed);
    assert_eq!(slowed.header("retry-after"), Some("60"));
    assert!(slowed.body.contains("réessayez dans une minute"), "{}", slowed.body);
    let body = serde_json::json!({ "login": login, "password": password });
    world.api.post("/api/v1/sign-in").json(&body).await.expect(429);
}

#[tokio::test]
async fn every_sign_in_has_a_session_of_its_own_and_ends_the_one_at_hand() {
    let world = World::new().await;
    let (login, password) = credentials(&world, "elue");
    let mut browser = Browser::of(&world, "elue").await;
    let first = browser.cookies["session"].clone();
    browser.sign_in(&login, &password, "/").await.expect(303);
    let second = browser.cookies["session"].clone();
    assert_ne!(first, second);
    assert_eq!(open(&world).await, 1);
    let mut planted = Browser::new(&world);
    planted.cookies.insert("session".to_owned(), "choisi-par-un-autre".to_owned());
    planted.sign_in(&login, &password, "/").await.expect(303);
    assert_ne!(planted.cookies["session"], "choisi-par-un-autre");
    let kept = web_session::Entity::find().all(world.app.db.read()).await.expect("rows");
    assert!(kept.iter().all(|row| row.secret_digest.len() == 64 && row.secret_digest != second));
}

#[tokio::test]
async fn a_session_ends_with_its_day_its_silence_or_its_password() {
    let world = World::new().await;
    let mut silent = Browser::of(&world, "elue").await;
    world.app.clock.advance(Duration::hours(sessions::IDLE_HOURS) - Duration::minutes(1));
    assert!(silent.is_signed_in().await);
    world.app.clock.advance(Duration::minutes(90));
    assert!(silent.is_signed_in().await, "it was used since");
    world.app.clock.advance(Duration::hours(sessions::IDLE_HOURS));
    assert!(!silent.is_signed_in().await);

    let mut busy = Browser::of(&world, "elue").await;
    for _ in 0..11 {
        world.app.clock.advance(Duration::hours(1));
        assert!(busy.is_signed_in().await);
    }
    world.app.clock.advance(Duration::hours(1));
    assert!(!busy.is_signed_in().await, "twelve hours are the most");
    let tx = world.app.db.begin_write().await.expect("a transaction");
    sessions::forget_expired(&tx, world.app.clock.now()).await.expect("forgotten");
    tx.commit().await.expect("committed");
    assert_eq!(open(&world).await, 0);

    let link = with_link(&world, "maela@mairie.example").await;
    let mut other = Browser::new(&world);
    let old = "une phrase entière convient";
    other.sign_in("maela@mairie.example", old, "/").await.expect(303);
    assert!(other.is_signed_in().await);
    let new = "une tout autre phrase entière";
    choose(&world, &link, new, new).await.expect(200);
    assert!(!other.is_signed_in().await);
    assert_eq!(open(&world).await, 0);
}

#[tokio::test]
async fn over_https_the_cookie_is_for_this_host_and_encrypted_connections_only() {
    let https = "https://formation.example".to_owned();
    let world = World::with(|settings| settings.http.public_url = https).await;
    let (login, password) = credentials(&world, "elue");
    let mut browser = Browser::new(&world);
    let sent = browser.sign_in(&login, &password, "/").await.expect(303);
    let cookie = sent.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-session=") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(browser.is_signed_in().await);
    let secret = browser.cookies.remove("__Host-session").expect("a cookie");
    browser.cookies.insert("session".to_owned(), secret);
    assert!(!browser.is_signed_in().await, "a plain one could come from anywhere");
}

#[tokio::test]
async fn what_goes_wrong_is_logged_without_the_cookie() {
    let world = World::new().await;
    let mut browser = Browser::of(&world, "elue").await;
    let (log, _guard) = capture_log();
    world.app.db.clone().close().await.expect("closed");
    let page = browser.get("/").await.expect(503);
    assert!(page.body.contains("<h1>Service momentanément indisponible</h1>"), "{}", page.body);
    assert_eq!(page.header("retry-after"), Some("2"));
    let lines = log.lines();
    assert!(!lines.is_empty());
    for line in lines {
        assert!(!line.contains(&browser.cookies["session"]), "{line}");
    }
}

#[tokio::test]
async fn public_pages_are_shown_as_to_anybody_while_no_session_can_be_read_and_others_are_503() {
    let world = World::new().await;
    let mut browser = Browser::of(&world, "formatrice").await;
    let public = ["/", "/catalogue?q=ia", "/modules/E1", "/parcours", "/mentions-legales"];
    for path in public {
        browser.get(path).await.expect(200);
    }
    world.app.db.clone().close().await.expect("a closed database");
    for path in public {
        let page = browser.get(path).await.expect(200);
        assert!(page.body.contains("Se connecter"), "{path}: {}", page.body);
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}: kept by nobody");
    }
    for path in ["/atelier", "/atelier/a-revoir", "/atelier/PREMIERS-PAS"] {
        let page = browser.get(path).await.expect(503);
        assert!(page.header("retry-after").is_some(), "{path}");
    }
}
