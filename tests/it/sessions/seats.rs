//! Seats: whoever asked first, and then in the order of the list, whatever the processes.

use std::collections::BTreeSet;
use std::sync::Arc;

use maitrise::app::App;
use maitrise::db::Db;
use maitrise::http::serve;
use serde_json::json;

use super::{Room, in_days, new_session, plan, teach_at};

/// A provider that holds no agrément.
const NEW: &str = "local:neuf";
use crate::support::{Api, Engine};

/// The same installation served a second time: on PostgreSQL with connections of its own, as another
/// process has; SQLite has one process.
async fn a_second_process(room: &Room) -> Api {
    let app = &room.world.app;
    let mut settings = (*app.settings).clone();
    settings.http.listen = "127.0.0.1:0".parse().expect("an address");
    let mut other = App { settings: Arc::new(settings), ..app.clone() };
    if Engine::of_this_run() == Engine::Postgres {
        other.db = Db::connect(&app.settings.database).await.expect("a database");
    }
    let bound = serve::bind(&other).await.expect("a port");
    let address = format!("http://{}", bound.address);
    tokio::spawn(async move { serve::run(&other, bound, std::future::pending()).await });
    Api::alternating(&[&room.world.api.base(), &address])
}

#[tokio::test]
async fn twenty_people_three_seats_at_once_three_seated_seventeen_waiting_in_order() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 3)).await;
    let api = a_second_process(&room).await;
    let mut people = Vec::new();
    for n in 0..20 {
        people.push(room.agent(&format!("agent-{n}")).await);
    }
    let mut asked = tokio::task::JoinSet::new();
    for who in &people {
        let path = format!("/api/v1/sessions/{id}/registrations");
        let call = api.post(&path).bearer(&who.token).json(&json!({}));
        asked.spawn(async move { call.await.expect(201).json() });
    }
    let answers = asked.join_all().await;
    let states = room.states(&id).await;
    assert_eq!(states[..3], ["seated"; 3]);
    assert_eq!(states[3..], ["waiting"; 17]);
    let seated = answers.iter().filter(|answer| answer["state"] == "seated").count();
    let ranks: BTreeSet<u64> = answers.iter().filter_map(|a| a["rank"].as_u64()).collect();
    assert_eq!(seated, 3, "what people were told is what is kept");
    assert!(ranks.iter().all(|rank| (1..=17).contains(rank)), "{ranks:?}");
    let list = room.get("formatrice", &format!("/api/v1/sessions/{id}/registrations")).await;
    let list = list.expect(200).json();
    let numbers: Vec<u64> = list["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["number"].as_u64().expect("a number"))
        .collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>(), "no number is given twice or lost");
}

#[tokio::test]
async fn a_seat_that_is_freed_goes_to_the_first_who_waits_and_they_are_told_once() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 1)).await;
    let (one, two, three) =
        (room.agent("agent-1").await, room.agent("agent-2").await, room.agent("agent-3").await);
    assert_eq!(room.register(&one.token, &id).await.expect(201).json()["state"], "seated");
    let second = room.register(&two.token, &id).await.expect(201).json();
    assert_eq!((&second["state"], &second["rank"]), (&json!("waiting"), &json!(1)));
    assert_eq!(room.register(&three.token, &id).await.expect(201).json()["rank"], 2);
    let again = room.register(&two.token, &id).await.expect(200).json();
    assert_eq!(again["id"], second["id"], "asking twice is asking once");
    let left = room.withdraw(&one.token, &id).await.expect(200).json();
    assert_eq!(left["state"], "withdrawn");
    room.withdraw(&one.token, &id).await.expect(200);
    assert_eq!(room.states(&id).await, ["withdrawn", "promoted", "waiting"]);
    assert_eq!(room.told(&one).await, ["session_left", "session_reminder", "session_seated"]);
    assert_eq!(room.told(&two).await, ["session_reminder", "session_seated", "session_waiting"]);
    let back = room.register(&one.token, &id).await.expect(201).json();
    assert_eq!(back["rank"], 2, "who comes back is the last");
    assert_eq!(room.states(&id).await, ["withdrawn", "promoted", "waiting", "waiting"]);
    let mut wider = plan(&room.world, 20, 2);
    room.edit(&id, &wider).await.expect(200);
    assert_eq!(room.states(&id).await, ["withdrawn", "promoted", "promoted", "waiting"]);
    wider["capacity"] = json!(1);
    let refused = room.edit(&id, &wider).await.expect(422);
    assert_eq!(super::pointers(&refused), ["/capacity"]);
    let never = room.agent("agent-4").await;
    room.withdraw(&never.token, &id).await.expect(404);
}

#[tokio::test]
async fn many_who_leave_and_come_at_once_never_overfill_nor_leave_a_seat_empty() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 3)).await;
    let mut people = Vec::new();
    for n in 0..12 {
        let who = room.agent(&format!("agent-{n}")).await;
        if n < 6 {
            room.register(&who.token, &id).await.expect(201);
        }
        people.push(who);
    }
    let mut asked = tokio::task::JoinSet::new();
    for (n, who) in people.iter().enumerate() {
        let path = match n {
            0..3 => format!("/api/v1/sessions/{id}/registrations/withdraw"),
            _ => format!("/api/v1/sessions/{id}/registrations"),
        };
        let call = room.world.api.post(&path).bearer(&who.token);
        let call = if n < 3 { call } else { call.json(&json!({})) };
        asked.spawn(async move { call.await.status });
    }
    assert!(asked.join_all().await.iter().all(|status| matches!(status, 200 | 201)));
    let states = room.states(&id).await;
    let count = |wanted: &[&str]| states.iter().filter(|s| wanted.contains(&s.as_str())).count();
    assert_eq!(count(&["withdrawn"]), 3);
    assert_eq!(count(&["seated", "promoted"]), 3, "{states:?}");
    assert_eq!(count(&["waiting"]), 6);
    assert_eq!(states[3..6], ["promoted"; 3], "those who waited first: {states:?}");
}

#[tokio::test]
async fn registration_has_a_window_and_a_closed_session_still_gives_its_free_seats() {
    let room = Room::new().await;
    let now = room.world.app.clock.now();
    let mut windowed = plan(&room.world, 20, 1);
    windowed["opens_at"] = json!(now + chrono::Duration::days(2));
    windowed["closes_at"] = json!(now + chrono::Duration::days(9));
    let id = room.open(windowed).await;
    let (one, two) = (room.agent("agent-1").await, room.agent("agent-2").await);
    let early = room.register(&one.token, &id).await.expect(409);
    assert_eq!(early.problem_code(), "registration-closed");
    room.world.app.clock.advance(chrono::Duration::days(3));
    room.register(&room.fresh("agent-1").await, &id).await.expect(201);
    room.register(&room.fresh("agent-2").await, &id).await.expect(201);
    room.turn(&id, "close").await.expect(200);
    let closed = room.register(&room.agent("agent-3").await.token, &id).await.expect(409);
    assert_eq!(closed.problem_code(), "session-not-open");
    room.withdraw(&room.fresh("agent-1").await, &id).await.expect(200);
    assert_eq!(room.states(&id).await, ["withdrawn", "promoted"]);
    room.turn(&id, "open").await.expect(200);
    room.world.app.clock.advance(chrono::Duration::days(7));
    let late = room.register(&room.fresh("agent-3").await, &id).await.expect(409);
    assert_eq!(late.problem_code(), "registration-closed");
    room.world.app.clock.advance(chrono::Duration::days(11));
    let begun = room.withdraw(&room.fresh("agent-2").await, &id).await.expect(409);
    assert_eq!(begun.problem_code(), "session-begun");
    assert_eq!(room.told(&two).await.iter().filter(|t| *t == "session_seated").count(), 1);
}

/// Élus on public funds: the provider's agrément holds on each date, or they have no seat.
#[tokio::test]
async fn elus_attend_on_public_funds_only_where_the_agrement_holds_on_every_date() {
    let room = Room::new().await;
    let mut funded = plan(&room.world, 20, 5);
    funded["elus_on_public_funds"] = json!(true);
    teach_at(&room.world, NEW).await;
    let funded = new_session(NEW, funded);
    let made = room.post("formatrice", "/api/v1/sessions", &funded).await.expect(201).json();
    let id = made["session"]["id"].as_str().expect("an id").to_owned();
    let refused = room.turn(&id, "open").await.expect(409);
    assert_eq!(refused.problem_code(), "agrement-not-valid");
    // One that ends on the very day does not hold on it.
    agree(&room, "COURT", in_days(&room.world, 20)).await;
    room.turn(&id, "open").await.expect(409);
    let agreed =
        agree_from(&room, "LONG", in_days(&room.world, 20), in_days(&room.world, 400)).await;
    room.turn(&id, "open").await.expect(200);
    let elue = room.world.known("elue@demonstration.example").await;
    let agent = room.agent("agent-1").await;
    room.register(&elue.token, &id).await.expect(201);
    room.withdraw(&elue.token, &id).await.expect(200);
    let body = json!({ "from": in_days(&room.world, 20), "reason": "Décision d'essai" });
    let path = format!("/api/v1/providers/{NEW}/agrements/{agreed}/withdraw");
    room.post("national", &path, &body).await.expect(200);
    let refused = room.register(&elue.token, &id).await.expect(409);
    assert_eq!(refused.problem_code(), "agrement-not-valid");
    room.register(&agent.token, &id).await.expect(201);
    let other = new_session(NEW, plan(&room.world, 20, 5));
    let free = room.post("formatrice", "/api/v1/sessions", &other).await.expect(201).json();
    let free = free["session"]["id"].as_str().expect("an id");
    room.turn(free, "open").await.expect(200);
    room.register(&elue.token, free).await.expect(201);
}

async fn agree(room: &Room, number: &str, until: chrono::NaiveDate) -> String {
    agree_from(room, number, in_days(&room.world, 0), until).await
}

async fn agree_from(
    room: &Room,
    number: &str,
    from: chrono::NaiveDate,
    until: chrono::NaiveDate,
) -> String {
    let body = json!({
        "number": number, "granted_on": in_days(&room.world, -1), "valid_from": from,
        "valid_to": until,
    });
    let path = format!("/api/v1/providers/{NEW}/agrements");
    let granted = room.post("national", &path, &body).await.expect(201).json();
    let all = granted["agrements"].as_array().expect("agréments").clone();
    let ours = all.iter().find(|a| a["number"] == number).expect("ours");
    ours["id"].as_str().expect("an id").to_owned()
}
