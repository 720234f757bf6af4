//! Anyone may ask for an account: one answer for all, and one account for an address.

use chrono::Duration;
use maitrise::accounts::model::account;
use maitrise::capacities::tidy;
use sea_orm::{EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{HERE, mails, mails_to, mine};
use crate::bad_input::tally::Tally;
use crate::sign_in::{choose, credentials};
use crate::support::Answer;
use crate::world::World;

const ADDRESS: &str = "noella.legoff@mairie.example";
const PASSWORD: &str = "une phrase entière convient";

fn wish(address: &str) -> Value {
    json!({
        "given_name": "Noëlla", "family_name": "Le Goff", "email": address,
        "organisation": "insee:35021", "kind": "elu", "function": "2e adjointe",
    })
}

async fn ask(world: &World, wish: &Value) -> Answer {
    world.api.post("/api/v1/account-requests").json(wish).await
}

fn link(mail: &str) -> &str {
    let token = mail.split("/liens/").nth(1).and_then(|rest| rest.split_whitespace().next());
    token.expect("a link")
}

async fn waiting(world: &World) -> usize {
    let employer = world.known("employeur@demonstration.example").await.token;
    let claims = world.api.get(&format!("{HERE}/claims")).bearer(&employer).await.expect(200);
    claims.json()["items"].as_array().expect("claims").len()
}

async fn account(world: &World, address: &str) -> Option<account::Model> {
    let found = account::Entity::find().filter(account::COLUMN.sign_in_name.eq(address));
    found.one(world.app.db.read()).await.expect("accounts")
}

#[tokio::test]
async fn who_asks_for_an_account_learns_at_once_and_waits_to_be_confirmed() {
    let world = World::new().await;
    ask(&world, &wish("Noella.LeGoff@mairie.example")).await.expect(202);
    assert_eq!(waiting(&world).await, 0, "an address that nobody proved tells an employer nothing");
    let roster = world.api.get(&format!("{HERE}/people"));
    let employer = world.known("employeur@demonstration.example").await.token;
    let roster = roster.bearer(&employer).await.expect(200);
    assert!(!roster.body.contains("Le Goff"), "{}", roster.body);

    let mails = mails_to(&world, ADDRESS).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("Beaucé") && mails[0].contains("trente jours"), "{}", mails[0]);
    choose(&world, link(&mails[0]), PASSWORD, PASSWORD).await.expect(200);
    choose(&world, link(&mails[0]), PASSWORD, PASSWORD).await.expect(410);
    let body = json!({ "login": ADDRESS, "password": PASSWORD });
    let tokens = world.api.post("/api/v1/sign-in").json(&body).await.expect(200).json();
    let token = tokens["access_token"].as_str().expect("a token");
    let held = mine(&world, token).await;
    assert_eq!(held.len(), 1);
    assert_eq!(
        (&held[0]["standing"], &held[0]["function"]),
        (&json!("declared"), &json!("2e adjointe"))
    );
    assert_eq!(held[0]["claim"]["state"], "pending");
    assert_eq!(waiting(&world).await, 1);
    let enrol = world.api.post("/api/v1/modules/E1/enrolments").bearer(token);
    enrol.json(&json!({})).await.expect(201);
}

#[tokio::test]
async fn nothing_but_the_mail_tells_whether_an_address_is_known() {
    let world = World::new().await;
    let (known, password) = credentials(&world, "elue");
    let before = account(&world, &known).await;
    let answers = [ask(&world, &wish(&known)).await, ask(&world, &wish(ADDRESS)).await];
    for answer in &answers {
        assert_eq!((answer.status, answer.body.as_str()), (202, ""));
    }
    ask(&world, &wish(&known)).await.expect(202);
    let told = mails_to(&world, &known).await;
    assert_eq!(told.len(), 1, "not a flood: {told:?}");
    assert!(
        told[0].contains("Vous en avez déjà un") && !told[0].contains("/liens/"),
        "{}",
        told[0]
    );
    assert_eq!(account(&world, &known).await, before, "nothing was changed");
    let body = json!({ "login": known, "password": password });
    world.api.post("/api/v1/sign-in").json(&body).await.expect(200);
}

#[tokio::test]
async fn asked_for_by_many_at_once_an_address_has_one_account_and_one_mail() {
    let world = World::new().await;
    let asked = (0..12).map(|_| async { ask(&world, &wish(ADDRESS)).await.status });
    assert_eq!(futures_util::future::join_all(asked).await, [202; 12]);
    assert_eq!(mails_to(&world, ADDRESS).await.len(), 1);
    assert!(account(&world, ADDRESS).await.is_some());
    assert_eq!(mails(&world).await.len(), 1);
}

#[tokio::test]
async fn who_asks_last_is_the_one_named_until_the_address_is_proved() {
    let world = World::new().await;
    let mut other = wish(ADDRESS);
    other["family_name"] = json!("Usurpé");
    other["organisation"] = json!("insee:33522");
    ask(&world, &other).await.expect(202);
    let first = mails_to(&world, ADDRESS).await.remove(0);
    world.app.clock.advance(Duration::minutes(11));
    ask(&world, &wish(ADDRESS)).await.expect(202);
    let all = mails_to(&world, ADDRESS).await;
    let second = all.iter().find(|mail| link(mail) != link(&first)).expect("another link");
    choose(&world, link(&first), PASSWORD, PASSWORD).await.expect(410);
    choose(&world, link(second), PASSWORD, PASSWORD).await.expect(200);
    let account = account(&world, ADDRESS).await.expect("an account");
    let token = world.signed_in(&account).token;
    let me = world.api.get("/api/v1/me").bearer(&token).await.expect(200).json();
    assert_eq!(me["family_name"], "Le Goff");
    assert_eq!(me["capacities"].as_array().map(Vec::len), Some(1));
    assert_eq!(me["capacities"][0]["organisation"], "213500218");
    assert!(!Tally::of(&world).await.holds("Usurpé"), "nothing of it is kept");
}

#[tokio::test]
async fn a_request_that_nobody_opens_is_forgotten_after_thirty_days_and_not_before() {
    let world = World::new().await;
    ask(&world, &wish(ADDRESS)).await.expect(202);
    ask(&world, &wish("camille@mairie.example")).await.expect(202);
    let kept = mails_to(&world, "camille@mairie.example").await.remove(0);
    choose(&world, link(&kept), PASSWORD, PASSWORD).await.expect(200);
    let tidy = async |days: i64| {
        world.app.clock.advance(Duration::days(days));
        let tx = world.app.db.begin_write().await.expect("a transaction");
        let now = world.app.clock.now();
        let forgotten = tidy::forget_unproved(&tx, now).await.expect("tidied");
        tx.commit().await.expect("a commit");
        forgotten
    };
    assert_eq!(tidy(29).await, 0);
    assert!(Tally::of(&world).await.holds(ADDRESS));
    assert_eq!(tidy(1).await, 1);
    assert_eq!(tidy(1).await, 0);
    let rows = Tally::of(&world).await;
    assert!(!rows.holds(ADDRESS), "the address, the name and the function are gone");
    assert!(rows.holds("camille@mairie.example"), "who opened theirs stays");
    ask(&world, &wish(ADDRESS)).await.expect(202);
    assert!(account(&world, ADDRESS).await.is_some(), "and may ask again");
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_named_and_asking_too_often_is_slowed() {
    let world = World::with(|settings| settings.sign_in.per_account_and_address = 3).await;
    let before = Tally::of(&world).await;
    for (field, value) in [
        ("given_name", json!(" ")),
        ("email", json!("personne")),
        ("organisation", json!("insee:99999")),
        ("organisation", json!("Beaucé")),
        ("function", json!("\u{7}")),
    ] {
        let mut wrong = wish(ADDRESS);
        wrong[field] = value;
        let refused = ask(&world, &wrong).await.expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], format!("/{field}"), "{refused}");
    }
    world.is_as_before(&before).await;
    for _ in 0..3 {
        ask(&world, &wish(ADDRESS)).await.expect(202);
    }
    assert_eq!(ask(&world, &wish(ADDRESS)).await.expect(429).header("retry-after"), Some("60"));
}
