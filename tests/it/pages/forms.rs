//! Forms: nobody else's page sends one for us, and what was typed is not lost; errors are pages where
//! pages are.

use super::assert_is_a_page_of_ours;
use super::browse::Browser;
use crate::sign_in::credentials;
use crate::world::World;

const ELSEWHERE: [&[(&str, &str)]; 5] = [
    &[("origin", "https://ailleurs.example")],
    &[("origin", "null")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("origin", "https://ailleurs.example"), ("referer", "https://formation.example/")],
];

#[tokio::test]
async fn a_form_sent_from_another_site_changes_nothing_even_with_the_right_token() {
    let world = World::new().await;
    let mut browser = Browser::of(&world, "elue").await;
    let token = browser.token().await;
    for from in ELSEWHERE {
        let fields = [("jeton", token.as_str()), ("texte", "typed by another site")];
        let page = browser.post_from(from, "/deconnexion", &fields).await.expect(403);
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains("rien n’a été changé"), "{}", page.body);
        assert!(!page.body.contains("typed by another site"), "{}", page.body);
    }
    assert!(browser.is_signed_in().await);
    let (login, password) = credentials(&world, "elue");
    let mut stranger = Browser::new(&world);
    for from in ELSEWHERE.into_iter().chain([&[][..]]) {
        let fields = [("login", login.as_str()), ("password", &password)];
        let page = stranger.post_from(from, "/connexion", &fields).await.expect(403);
        assert!(page.header("set-cookie").is_none(), "{from:?}");
        assert!(!page.body.contains(&password), "{}", page.body);
    }
    let fields = [("login", login.as_str()), ("password", &password)];
    let ours = [("sec-fetch-site", "same-origin")];
    stranger.post_from(&ours, "/connexion", &fields).await.expect(303);
}

#[tokio::test]
async fn a_form_without_the_token_of_its_session_changes_nothing_and_loses_nothing() {
    let world = World::new().await;
    let mut browser = Browser::of(&world, "elue").await;
    let others = Browser::of(&world, "formatrice").await.token().await;
    let typed = "Première ligne\r\n<b>seconde</b>";
    for token in ["", "0123456789abcdef0123456789abcdef", &others] {
        let fields = [("jeton", token), ("texte", typed), ("password", "secret typed")];
        let page = browser.post("/deconnexion", &fields).await.expect(403);
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains("Première ligne\r\n&#60;b&#62;seconde"), "{}", page.body);
        assert!(page.body.contains("Envoyer de nouveau"), "{}", page.body);
        assert!(!page.body.contains("secret typed"), "{}", page.body);
    }
    assert!(browser.is_signed_in().await);
    // As the page offers: the same again, with a token that is right.
    let token = browser.token().await;
    browser.post("/deconnexion", &[("texte", typed), ("jeton", &token)]).await.expect(303);
    let page = browser.post("/deconnexion", &[("texte", typed), ("jeton", &token)]).await;
    let page = page.expect(403);
    assert!(page.body.contains("copiez-le avant de") && page.body.contains("Première ligne"));
}

#[tokio::test]
async fn only_a_form_is_read_as_one() {
    let world = World::new().await;
    let origin = world.app.settings.http.public_url.clone();
    for (kind, body, status) in [
        ("application/json", "{}", 415),
        ("text/plain", "login=a", 415),
        ("multipart/form-data; boundary=x", "--x--", 415),
        ("application/x-www-form-urlencoded", "login=%00", 400),
        ("application/x-www-form-urlencoded; charset=utf-8", "login=a&password=b", 422),
    ] {
        let call = world.api.post("/connexion").header("content-type", kind);
        call.header("origin", &origin).body(body).await.expect(status);
    }
    let big = world.api.post("/connexion").header("origin", &origin);
    let big = big.header("content-type", "application/x-www-form-urlencoded");
    big.body(vec![b'a'; 2 << 20]).await.expect(413);
}

#[tokio::test]
async fn a_browser_is_told_of_errors_by_pages_and_a_program_by_problems() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    for path in ["/nulle-part", "/%3Cscript%3E", "/verifier/a/b", "/atelier-inconnu/x?y=z"] {
        let page = browser.get(path).await.expect(404);
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains("<h1>Introuvable</h1>"), "{}", page.body);
        assert!(!page.body.contains("script&") && !page.body.contains("Se connecter"));
        assert_eq!(world.api.get(path).await.expect(404).problem_code(), "not-found");
    }
    let page = browser.get("/verifier?code=a&code=b").await.expect(400);
    assert_is_a_page_of_ours(&page);
    let posted = browser.post("/accessibilite", &[]).await.expect(405);
    assert_is_a_page_of_ours(&posted);
    assert_eq!(posted.header("allow"), Some("GET, HEAD"));
    for path in ["/api/v1/modules/RIEN", "/api/v1/me", "/api/nulle-part", "/media/x"] {
        let answer = browser.get(path).await;
        assert!(answer.status >= 400);
        answer.problem_code();
    }
}

#[tokio::test]
async fn the_pages_about_the_site_say_who_keeps_what() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    for path in ["/accessibilite", "/mentions-legales", "/donnees-personnelles"] {
        assert_is_a_page_of_ours(&browser.get(path).await.expect(200));
    }
    let page = browser.get("/donnees-personnelles").await.expect(200);
    for column in maitrise::people::personal::PERSONAL {
        assert!(page.body.contains(&column.purpose.replace('\'', "&#39;")), "{}", column.purpose);
    }
}
