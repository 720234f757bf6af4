//! Dated sessions by their pages: asked for, waited for, given up; the calendar's address.

use super::super::assert_stays_here;
use super::super::atelier::{browser_of, send};
use super::super::html::elements;
use super::Browser;
use crate::sessions::{Room, plan};

const LINK: &str = "https://video.example/salle-42";

/// The page of one's own sessions.
async fn mine(browser: &mut Browser) -> String {
    let page = browser.get("/mes-sessions").await.expect(200);
    assert_stays_here(&page.body);
    assert_eq!(elements(&page.body, "h1").len(), 1);
    page.body
}

#[tokio::test]
async fn one_takes_the_seat_another_waits_and_is_promoted_when_it_is_given_up() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 1)).await;
    let (session, leave) = (format!("/sessions/{id}"), format!("/mes-sessions/{id}/quitter"));
    let ask = format!("{session}/inscription");
    let (first, second) = (room.agent("premiere").await, room.agent("second").await);
    let mut first = browser_of(&room.world, &first).await;
    let mut second = browser_of(&room.world, &second).await;
    let shown = first.get(&session).await.expect(200).body;
    assert!(shown.contains("M’inscrire") && shown.contains("de 9\u{a0}h à 12\u{a0}h"), "{shown}");
    assert!(!shown.contains(LINK) && !shown.contains("complet"), "{shown}");

    first.post(&ask, &[]).await.expect(403);
    for (browser, state) in [(&mut first, "seated"), (&mut second, "waiting")] {
        assert_eq!(send(browser, &ask, &[]).await.expect(303).location(), "/mes-sessions");
        assert_eq!(room.states(&id).await.last().map(String::as_str), Some(state));
    }
    let seated = mine(&mut first).await;
    assert!(seated.contains("une place vous est réservée") && seated.contains(LINK), "{seated}");
    let waiting = mine(&mut second).await;
    assert!(waiting.contains("en liste d’attente") && waiting.contains("rang 1"), "{waiting}");
    assert!(!waiting.contains(LINK), "{waiting}");
    let full = second.get(&session).await.expect(200).body;
    assert!(full.contains("complet") && !full.contains("M’inscrire") && !full.contains(LINK));

    let asked = first.get(&leave).await.expect(200).body;
    assert!(asked.contains("Libérer ma place"), "{asked}");
    first.post(&leave, &[]).await.expect(403);
    assert_eq!(room.states(&id).await, ["seated", "waiting"], "nothing without the token");
    send(&mut first, &leave, &[]).await.expect(303);
    assert_eq!(room.states(&id).await, ["withdrawn", "promoted"]);
    let gone = mine(&mut first).await;
    assert!(gone.contains("désisté") && !gone.contains(LINK) && !gone.contains(&leave), "{gone}");
    let promoted = mine(&mut second).await;
    assert!(promoted.contains("une place s’est libérée pour vous") && promoted.contains(LINK));
}

#[tokio::test]
async fn anyone_reads_what_is_announced_and_signs_in_to_register() {
    let room = Room::new().await;
    let mut anyone = Browser::new(&room.world);
    let module = anyone.get("/modules/E1").await.expect(200).body;
    assert!(!module.contains("/sessions?module=E1"), "no session yet");
    let none = anyone.get("/sessions").await.expect(200).body;
    assert!(none.contains("Aucune session"), "{none}");
    let made = room.create(plan(&room.world, 20, 1)).await.expect(201).json();
    let id = made["session"]["id"].as_str().expect("an id").to_owned();
    let page = format!("/sessions/{id}");
    anyone.get(&page).await.expect(404);
    room.turn(&id, "open").await.expect(200);

    let module = anyone.get("/modules/E1").await.expect(200).body;
    assert!(module.contains("/sessions?module=E1"), "{module}");
    for (list, there) in
        [("", true), ("?module=E1", true), ("?module=E2", false), ("?module=%21", false)]
    {
        let shown = anyone.get(&format!("/sessions{list}")).await.expect(200);
        assert_stays_here(&shown.body);
        assert_eq!(shown.body.contains(&page), there, "{list}");
    }
    let shown = anyone.get(&page).await.expect(200).body;
    let links = elements(&shown, "a").into_iter().filter_map(|link| link.get("href").cloned());
    let back = format!("/connexion?retour={}", crate::sign_in::encoded(&page));
    let plain = format!("/connexion?retour={page}");
    assert!(links.into_iter().any(|href| href == back || href == plain), "{shown}");
    assert!(!shown.contains("M’inscrire<") && !shown.contains(LINK), "{shown}");
    for own in ["/mes-sessions".to_owned(), format!("/mes-sessions/{id}/quitter")] {
        let sent = anyone.get(&own).await.expect(303);
        assert!(sent.location().starts_with("/connexion?retour="), "{own}");
    }
    for absent in ["/sessions/x", "/sessions/00000000-0000-0000-0000-000000000000"] {
        anyone.get(absent).await.expect(404);
    }
}

#[tokio::test]
async fn what_another_asked_for_is_not_there_and_a_closed_session_says_so_in_place() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 1)).await;
    let leave = format!("/mes-sessions/{id}/quitter");
    let (theirs, other) = (room.agent("inscrite").await, room.agent("voisine").await);
    room.register(&theirs.token, &id).await.expect(201);
    let mut other = browser_of(&room.world, &other).await;
    let absent = other.get(&leave).await.expect(404);
    assert!(absent.header("content-type").expect("a type").starts_with("text/html"));
    send(&mut other, &leave, &[]).await.expect(404);
    assert!(!mine(&mut other).await.contains(&id));
    assert_eq!(room.states(&id).await, ["seated"]);
    room.turn(&id, "close").await.expect(200);
    let ask = format!("/sessions/{id}/inscription");
    let refused = send(&mut other, &ask, &[]).await.expect(409).body;
    assert!(refused.contains("pas ouverte") && !refused.contains("M’inscrire<"), "{refused}");
    assert_eq!(room.states(&id).await, ["seated"]);
}

#[tokio::test]
async fn the_address_of_a_calendar_is_shown_once_renewed_and_ended() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 1)).await;
    let who = room.agent("agenda").await;
    room.register(&who.token, &id).await.expect(201);
    let mut browser = browser_of(&room.world, &who).await;
    browser.post("/mon-agenda", &[]).await.expect(403);
    let mut made = Vec::new();
    for _ in 0..2 {
        let shown = send(&mut browser, "/mon-agenda", &[]).await.expect(200);
        assert_eq!(shown.header("cache-control"), Some("no-store"));
        let (_, rest) = shown.body.split_once("/api/v1/calendar/").expect("an address");
        let secret = rest.split_once(".ics").expect("its end").0.to_owned();
        assert!(!mine(&mut browser).await.contains(&secret), "shown once");
        made.push(format!("/api/v1/calendar/{secret}.ics"));
    }
    room.world.api.get(&made[0]).await.expect(404);
    let feed = room.world.api.get(&made[1]).await.expect(200);
    assert!(feed.body.contains("BEGIN:VCALENDAR") && feed.body.contains("VEVENT"));
    send(&mut browser, "/mon-agenda/fin", &[]).await.expect(303);
    room.world.api.get(&made[1]).await.expect(404);
    assert!(mine(&mut browser).await.contains("Créer une adresse"));
}
