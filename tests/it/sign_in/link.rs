//! The page of a one-use link: looking consumes nothing, choosing consumes once, and nothing but the
//! link as it was mailed opens it.

use chrono::Duration;
use maitrise::accounts::model::LinkKind;

use super::{PASSWORD, choose, encoded, link_of, look, open, sign_in, with_link};
use crate::world::World;

const LOGIN: &str = "soazig@mairie.example";

#[tokio::test]
async fn a_password_that_does_not_fit_is_explained_and_the_link_stays_good() {
    let world = World::new().await;
    let token = with_link(&world, LOGIN).await;
    for _ in 0..2 {
        let page = look(&world, &token).await.expect(200);
        assert!(page.body.contains("Choisissez un nouveau mot de passe"), "{}", page.body);
    }
    let (short, long) = ("onze lettre", "é".repeat(257));
    for (password, again, reason) in [
        (short, short, "entre 12 et 256 caractères"),
        ("", "", "entre 12 et 256 caractères"),
        (&long, &long, "entre 12 et 256 caractères"),
        (LOGIN, LOGIN, "différent de l&#39;identifiant"),
        (&LOGIN.to_uppercase(), &LOGIN.to_uppercase(), "différent de l&#39;identifiant"),
        ("une phrase qui convient", "une phrase autrement", "ne sont pas les mêmes"),
    ] {
        let page = choose(&world, &token, password, again).await.expect(422);
        assert!(page.body.contains(reason), "{reason}: {}", page.body);
        assert!(page.body.contains("role=\"alert\""), "read aloud: {}", page.body);
        assert!(page.body.contains("<form method=\"post\""), "to be tried again: {}", page.body);
        let typed = [password, again].into_iter().filter(|p| !p.is_empty() && *p != LOGIN);
        assert!(typed.into_iter().all(|p| !page.body.contains(p)), "nothing is repeated");
    }
    sign_in(&world, LOGIN, PASSWORD).await.expect(200);
    let twelve = "douze lettre";
    choose(&world, &token, twelve, twelve).await.expect(200);
    sign_in(&world, LOGIN, twelve).await.expect(200);
}

#[tokio::test]
async fn a_form_that_is_none_changes_nothing_and_leaves_the_link_good() {
    let world = World::new().await;
    let token = with_link(&world, LOGIN).await;
    let page = format!("/liens/{token}");
    let form = "application/x-www-form-urlencoded";
    let sent = encoded(PASSWORD);
    for (kind, body) in [
        (form, format!("password={sent}")),
        (form, String::new()),
        (form, "password=%FF%FE&again=%FF%FE".to_owned()),
        ("application/json", format!("{{\"password\":\"{PASSWORD}\",\"again\":\"{PASSWORD}\"}}")),
        ("text/plain", "password".to_owned()),
    ] {
        let answer = world.api.post(&page).header("content-type", kind).body(body.clone()).await;
        assert!((400..500).contains(&answer.status), "{body}: {}", answer.status);
    }
    choose(&world, &token, "un autre mot de passe", "un autre mot de passe").await.expect(200);
}

#[tokio::test]
async fn a_link_altered_by_one_byte_opens_nothing_and_says_no_more_than_an_unknown_one() {
    let world = World::new().await;
    let token = with_link(&world, LOGIN).await;
    let unknown = maitrise::mail::link::token(&world.app.keys, maitrise::clock::new_id());
    let refused = look(&world, &unknown).await.expect(410);
    assert!(refused.body.contains("n&#39;est plus valable"), "{}", refused.body);
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        // The last character holds four bits only: another may stand for the same bytes, and is
        // refused too because it is not what was mailed.
        bytes[at] = if bytes[at] == b'b' { b'c' } else { b'b' };
        let altered = String::from_utf8(bytes).expect("ASCII");
        let page = look(&world, &altered).await;
        assert_eq!((page.status, &page.body), (410, &refused.body), "at {at}");
    }
    let (id, code) = token.split_once('.').expect("two parts");
    for forged in [
        id.to_owned(),
        format!("{id}."),
        format!("{token}A"),
        format!("{token}="),
        token.to_uppercase(),
        format!("{}.{code}", id.replace('-', "")),
        encoded("<script>alert(1)</script>"),
        "%FF%00".to_owned(),
        "x".repeat(5000),
    ] {
        let page = look(&world, &forged).await;
        assert!(matches!(page.status, 400 | 404 | 410), "{forged}: {}", page.status);
        assert!(!page.body.contains("<script>"), "{}", page.body);
        let page = choose(&world, &forged, PASSWORD, PASSWORD).await;
        assert!(matches!(page.status, 400 | 404 | 410), "{forged}: {}", page.status);
    }
    look(&world, &token).await.expect(200);
}

#[tokio::test]
async fn a_link_is_good_until_its_hour_and_no_longer() {
    let world = World::new().await;
    let token = with_link(&world, LOGIN).await;
    let invited = open(&world, "invitee@mairie.example", None).await;
    let invitation = link_of(&world, &invited, LinkKind::Invitation).await;
    world.app.clock.advance(Duration::minutes(59));
    look(&world, &token).await.expect(200);
    world.app.clock.advance(Duration::minutes(2));
    look(&world, &token).await.expect(410);
    choose(&world, &token, "trop tard pour cela", "trop tard pour cela").await.expect(410);
    sign_in(&world, LOGIN, PASSWORD).await.expect(200);
    let page = look(&world, &invitation).await.expect(200);
    assert!(page.body.contains("Bienvenue"), "an invitation waits for days: {}", page.body);
    world.app.clock.advance(Duration::days(14));
    look(&world, &invitation).await.expect(410);
}

#[tokio::test]
async fn a_link_used_twice_at_once_is_used_once() {
    let world = World::new().await;
    let token = with_link(&world, LOGIN).await;
    let (one, other) = tokio::join!(
        choose(&world, &token, "la première phrase", "la première phrase"),
        choose(&world, &token, "la seconde phrase", "la seconde phrase"),
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
    let first = sign_in(&world, LOGIN, "la première phrase").await.status;
    let second = sign_in(&world, LOGIN, "la seconde phrase").await.status;
    assert_eq!((first, second), if one.status == 200 { (200, 401) } else { (401, 200) });
}

#[tokio::test]
async fn a_scanner_that_looks_in_every_way_consumes_nothing_and_a_link_is_good_once() {
    let world = World::new().await;
    let token = with_link(&world, LOGIN).await;
    let page = format!("/liens/{token}");
    for _ in 0..3 {
        let head = world.api.head(&page).await.expect(200);
        assert_eq!(head.body, "");
        look(&world, &token).await.expect(200);
        world.api.get(&format!("{page}?utm_source=antivirus")).await.expect(200);
        world.api.options(&page).await.expect(405);
        world.api.delete(&page).await.expect(405);
    }
    sign_in(&world, LOGIN, PASSWORD).await.expect(200);
    let chosen = "une phrase choisie une fois";
    choose(&world, &token, chosen, chosen).await.expect(200);
    for again in [chosen, "une autre phrase, trop tard"] {
        choose(&world, &token, again, again).await.expect(410);
        look(&world, &token).await.expect(410);
        world.api.head(&page).await.expect(410);
    }
    sign_in(&world, LOGIN, chosen).await.expect(200);
}
