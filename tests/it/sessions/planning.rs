//! Planning: what holds together, who sees it, what is refused.

use serde_json::{Value, json};

use super::{HERE, Room, day, in_days, new_session, plan, pointers};
use crate::world::World;

#[tokio::test]
async fn a_session_is_planned_opened_and_found_by_anyone_without_its_link() {
    let room = Room::new().await;
    let made = room.create(plan(&room.world, 20, 3)).await.expect(201);
    let id = made.json()["session"]["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/sessions/{id}");
    assert_eq!(made.location(), path);
    assert_eq!(made.json()["link"], "https://video.example/salle-42");
    let api = &room.world.api;
    api.get(&path).await.expect(404);
    let listed = async |query: &str| {
        let listed = api.get(&format!("/api/v1/sessions?{query}")).await.expect(200).json();
        let items = listed["items"].as_array().expect("sessions").clone();
        items.into_iter().map(|s| s["id"].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(listed("module=E1").await, Vec::<Value>::new(), "a draft is nobody's business");
    let agent = room.agent("agent-1").await;
    room.register(&agent.token, &id).await.expect(404);
    let mine = room.get("editrice", &format!("/api/v1/providers/{HERE}/sessions")).await;
    assert_eq!(mine.expect(200).json()["items"][0]["state"], "draft");
    room.turn(&id, "open").await.expect(200);
    let seen = api.get(&path).await.expect(200);
    assert!(!seen.body.contains("salle-42"), "{}", seen.body);
    let seen = seen.json();
    for (field, expected) in [
        ("state", json!("open")),
        ("module", json!("E1")),
        ("provider", json!(HERE)),
        ("total_minutes", json!(380)),
        ("full", json!(false)),
        ("time_zone", json!("Europe/Paris")),
    ] {
        assert_eq!(seen[field], expected, "{field}");
    }
    assert_eq!(seen["half_days"][1]["starts"], "14:00");
    let soon = in_days(&room.world, 19);
    let late = in_days(&room.world, 22);
    for (query, found) in [
        ("module=E1".to_owned(), true),
        ("module=A1".to_owned(), false),
        ("module=INCONNU".to_owned(), false),
        (format!("provider={HERE}"), true),
        ("provider=local:maitrise".to_owned(), false),
        (format!("from={soon}"), true),
        (format!("from={late}"), false),
        ("path=ELUS".to_owned(), false),
    ] {
        assert_eq!(!listed(&query).await.is_empty(), found, "{query}");
    }
    room.world.app.clock.advance(chrono::Duration::days(30));
    assert!(listed("").await.is_empty(), "what is over is not to come");
}

#[tokio::test]
async fn sessions_are_listed_in_the_order_in_which_they_begin_page_after_page() {
    let room = Room::new().await;
    let mut ids = Vec::new();
    for days in [30, 10, 20] {
        ids.push(room.open(plan(&room.world, days, 3)).await);
    }
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = format!("/api/v1/sessions?limit=2{next}");
        let page = room.world.api.get(&page).await.expect(200).json();
        let items = page["items"].as_array().expect("sessions").clone();
        seen.extend(items.iter().map(|s| s["id"].as_str().expect("an id").to_owned()));
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("&after={cursor}");
    }
    assert_eq!(seen, [ids[1].clone(), ids[2].clone(), ids[0].clone()]);
}

#[tokio::test]
async fn a_plan_that_does_not_hold_together_is_refused_with_every_fault() {
    let room = Room::new().await;
    let on = in_days(&room.world, 20);
    let half = |half: &str, starts: &str, ends: &str| json!({ "on": on, "half": half, "starts": starts, "ends": ends });
    let with = |half_days: Value| {
        let mut wrong = plan(&room.world, 20, 3);
        wrong["half_days"] = half_days;
        wrong
    };
    for (half_days, expected) in [
        (json!([]), vec!["/plan/half_days"]),
        (json!([half("morning", "11:00", "09:00")]), vec!["/plan/half_days/0/ends"]),
        (
            json!([half("morning", "9h", "25:00")]),
            vec!["/plan/half_days/0/starts", "/plan/half_days/0/ends"],
        ),
        (json!([half("morning", "08:00", "14:30")]), vec!["/plan/half_days/0/ends"]),
        (json!([half("morning", "13:00", "15:00")]), vec!["/plan/half_days/0/half"]),
        (json!([half("afternoon", "08:00", "10:00")]), vec!["/plan/half_days/0/half"]),
        (
            json!([half("morning", "09:00", "13:30"), half("afternoon", "13:00", "15:00")]),
            vec!["/plan/half_days/1"],
        ),
        (
            json!([half("morning", "08:00", "09:00"), half("morning", "10:00", "11:00")]),
            vec!["/plan/half_days/1"],
        ),
        (
            json!([{ "on": on, "half": "morning", "starts": "09:00", "ends": "10:00", "minutes": 61 }]),
            vec!["/plan/half_days/0/minutes"],
        ),
        (day(in_days(&room.world, -3)), vec!["/plan/half_days/0/on", "/plan/half_days/1/on"]),
    ] {
        let refused = room.create(with(half_days.clone())).await.expect(422);
        assert_eq!(refused.problem_code(), "invalid-values", "{half_days}");
        assert_eq!(pointers(&refused), expected, "{half_days}");
    }
    let after = room.world.app.clock.now() + chrono::Duration::days(30);
    for (field, value, at) in [
        ("closes_at", json!(after), "/plan/closes_at"),
        ("time_zone", json!("Europe/Pariss"), "/plan/time_zone"),
        ("place", Value::Null, "/plan/place"),
        ("link", json!("http://video.example"), "/plan/link"),
        ("title", json!("  "), "/plan/title"),
    ] {
        let mut wrong = plan(&room.world, 20, 3);
        wrong[field] = value;
        let refused = room.create(wrong).await.expect(422);
        assert_eq!(pointers(&refused), [at]);
    }
    let mut none = plan(&room.world, 20, 3);
    none["capacity"] = json!(0);
    assert_eq!(room.create(none).await.expect(422).problem_code(), "invalid-body");
    let mut body = new_session(HERE, plan(&room.world, 20, 3));
    body["path"] = json!("ELUS");
    let both = room.post("formatrice", "/api/v1/sessions", &body).await.expect(422);
    assert_eq!(pointers(&both), ["/module"]);
    body["module"] = Value::Null;
    let of_path = room.post("formatrice", "/api/v1/sessions", &body).await.expect(201).json();
    assert_eq!(of_path["session"]["path"], "ELUS");
    body["path"] = json!("INCONNU");
    let unknown = room.post("formatrice", "/api/v1/sessions", &body).await.expect(422);
    assert_eq!(pointers(&unknown), ["/path"]);
}

/// Clocks change on the last Sundays of March and October: the hour that does not exist is refused, the
/// same local time is another instant.
#[tokio::test]
async fn half_days_are_in_the_time_of_the_session() {
    let room = Room::new().await;
    let local = |on: &str, starts: &str, ends: &str, zone: &str| {
        let mut local = plan(&room.world, 20, 3);
        local["time_zone"] = json!(zone);
        local["half_days"] =
            json!([{ "on": on, "half": "morning", "starts": starts, "ends": ends }]);
        local
    };
    let skipped = room.create(local("2028-03-26", "02:30", "04:00", "Europe/Paris")).await;
    assert_eq!(pointers(&skipped.expect(422)), ["/plan/half_days/0/starts"]);
    for (on, zone, instant) in [
        ("2028-03-25", "Europe/Paris", "2028-03-25T08:00:00"),
        ("2028-03-27", "Europe/Paris", "2028-03-27T07:00:00"),
        ("2028-03-27", "Indian/Reunion", "2028-03-27T05:00:00"),
        ("2028-03-27", "Pacific/Tahiti", "2028-03-27T19:00:00"),
    ] {
        let made = room.create(local(on, "09:00", "11:00", zone)).await.expect(201).json();
        let starts_at = made["session"]["starts_at"].as_str().expect("an instant").to_owned();
        assert!(starts_at.starts_with(instant), "{zone}: {starts_at}");
    }
}

#[tokio::test]
async fn an_edit_quotes_what_it_read_and_announced_dates_are_moved_by_postponing_alone() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 3)).await;
    let path = format!("/api/v1/sessions/{id}");
    let trainer = room.token("formatrice").await;
    let put = |plan: &Value| room.world.api.put(&path).bearer(&trainer).json(plan);
    let same = plan(&room.world, 20, 4);
    assert_eq!(put(&same).await.expect(428).problem_code(), "precondition-required");
    let stale = put(&same).header("If-Match", "\"1\"").await.expect(412);
    assert_eq!(stale.problem_code(), "stale");
    let moved = room.edit(&id, &plan(&room.world, 21, 4)).await.expect(422);
    assert_eq!(pointers(&moved), ["/half_days"]);
    let wider = room.edit(&id, &same).await.expect(200);
    assert_eq!(wider.json()["session"]["capacity"], 4);
    let post = room.world.api.post(&format!("{path}/postpone")).bearer(&trainer);
    let stale = post
        .header("If-Match", "\"1\"")
        .json(&json!({ "half_days": day(in_days(&room.world, 40)) }));
    stale.await.expect(412);
    let moved = room.postpone(&id, day(in_days(&room.world, 40))).await.expect(200).json();
    assert_eq!(moved["session"]["state"], "postponed");
    room.register(&room.agent("agent-1").await.token, &id).await.expect(201);
    let over = room.postpone(&id, day(in_days(&room.world, -1))).await.expect(422);
    assert_eq!(pointers(&over), ["/half_days/0/on", "/half_days/1/on"]);
    room.world.app.clock.advance(chrono::Duration::days(41));
    let begun = room.postpone(&id, day(in_days(&room.world, 60))).await.expect(409);
    assert_eq!(begun.problem_code(), "session-begun");
    let begun = room.edit(&id, &same).await.expect(409);
    assert_eq!(begun.problem_code(), "session-begun");
}

#[tokio::test]
async fn another_provider_reads_and_changes_nothing() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 3)).await;
    let scope = room.world.provider("local:ailleurs").await;
    let trainer = maitrise::accounts::model::Role::Trainer;
    let other = room.world.admit_as("formateur-ailleurs", trainer, scope).await.token;
    let api = &room.world.api;
    for rest in ["/record", "/registrations"] {
        api.get(&format!("/api/v1/sessions/{id}{rest}")).bearer(&other).await.expect(404);
    }
    for verb in ["open", "close"] {
        api.post(&format!("/api/v1/sessions/{id}/{verb}")).bearer(&other).await.expect(404);
    }
    let body = new_session(HERE, plan(&room.world, 20, 3));
    api.post("/api/v1/sessions").bearer(&other).json(&body).await.expect(404);
    assert_eq!(journalled(&room.world, "session.read_names").await, 0);
    room.get("formatrice", &format!("/api/v1/sessions/{id}/registrations")).await.expect(200);
    assert_eq!(journalled(&room.world, "session.read_names").await, 1);
}

async fn journalled(world: &World, action: &str) -> usize {
    use maitrise::journal::model::journal_entry::{COLUMN, Entity};
    use sea_orm::{EntityTrait as _, QueryFilter as _};
    let told = Entity::find().filter(COLUMN.action.eq(action)).all(world.app.db.read()).await;
    told.expect("the journal").len()
}
