//! Calendars: the secret feed.

use serde_json::json;

use super::{Room, day, in_days, plan};

/// The lines of a calendar, unfolded (RFC 5545, 3.1).
fn lines(body: &str) -> Vec<String> {
    assert!(body.split("\r\n").all(|line| line.len() <= 75), "{body}");
    body.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

#[tokio::test]
async fn a_secret_address_tells_the_sessions_of_one_person_and_a_new_one_ends_it() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 1)).await;
    let (one, two) = (room.agent("agent-1").await, room.agent("agent-2").await);
    room.register(&one.token, &id).await.expect(201);
    room.register(&two.token, &id).await.expect(201);
    let api = &room.world.api;
    let make = async |token: &str| {
        let made = api.post("/api/v1/me/calendar").bearer(token).await.expect(201).json();
        let url = made["url"].as_str().expect("an address").to_owned();
        url[url.find("/api/").expect("a path")..].to_owned()
    };
    let feed = make(&one.token).await;
    let read = api.get(&feed).await.expect(200);
    assert_eq!(read.header("content-type"), Some("text/calendar; charset=utf-8"));
    let said = lines(&read.body);
    for line in [
        "METHOD:PUBLISH",
        "STATUS:CONFIRMED",
        "SUMMARY:L'IA en mairie",
        "LOCATION:Salle du conseil\\, Beaucé",
        &format!("UID:{id}-1@127.0.0.1"),
    ] {
        assert!(said.iter().any(|said| said == line), "{line}: {said:?}");
    }
    assert_eq!(read.body.matches("BEGIN:VEVENT").count(), 1, "a day is one event");
    assert!(said.join("").contains("https://video.example/salle-42"), "the link is theirs");
    assert!(!read.body.contains("Fictif"), "no name in a feed");
    let waiting = api.get(&make(&two.token).await).await.expect(200);
    assert!(!waiting.body.contains("VEVENT"), "who waits has nothing to attend");

    let cancel = json!({ "reason": "Salle indisponible." });
    let path = format!("/api/v1/sessions/{id}/cancel");
    room.post("formatrice", &path, &cancel).await.expect(200);
    let cancelled = lines(&api.get(&feed).await.expect(200).body);
    assert!(cancelled.iter().any(|line| line == "STATUS:CANCELLED"));

    let other = make(&one.token).await;
    assert_ne!(other, feed);
    api.get(&feed).await.expect(404);
    api.get(other.trim_end_matches(".ics")).await.expect(200);
    api.delete("/api/v1/me/calendar").bearer(&one.token).await.expect(204);
    api.delete("/api/v1/me/calendar").bearer(&one.token).await.expect(204);
    let gone = api.get(&other).await.expect(404);
    let never = api.get("/api/v1/calendar/rien.ics").await.expect(404);
    assert_eq!(gone.json()["title"], never.json()["title"], "the same for every flaw");
}

/// What the database keeps opens nothing.
#[tokio::test]
async fn no_secret_is_kept() {
    use sea_orm::EntityTrait as _;
    let room = Room::new().await;
    let who = room.agent("agent-1").await;
    let made = room.world.api.post("/api/v1/me/calendar").bearer(&who.token).await.expect(201);
    let url = made.json()["url"].as_str().expect("an address").to_owned();
    let secret = url.rsplit('/').next().expect("a secret").trim_end_matches(".ics");
    assert_eq!(secret.len(), 43, "256 bits");
    let rows = maitrise::sessions::model::calendar_feed::Entity::find();
    let rows = rows.all(room.world.app.db.read()).await.expect("rows");
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].secret_digest.contains(secret));
    let kept = format!("/api/v1/calendar/{}", rows[0].secret_digest);
    room.world.api.get(&kept).await.expect(404);
}

/// A session of two days moved to one: what is sent last has the greatest number, and the day that is
/// left is taken out.
#[tokio::test]
async fn each_thing_sent_has_a_greater_number_than_the_one_before() {
    let room = Room::new().await;
    let mut long = plan(&room.world, 20, 3);
    let mut halves = day(in_days(&room.world, 20)).as_array().expect("halves").clone();
    halves.extend(day(in_days(&room.world, 21)).as_array().expect("halves").clone());
    long["half_days"] = json!(halves);
    let id = room.open(long).await;
    let who = room.agent("agent-1").await;
    room.register(&who.token, &id).await.expect(201);
    room.postpone(&id, day(in_days(&room.world, 40))).await.expect(200);
    room.withdraw(&who.token, &id).await.expect(200);
    room.register(&who.token, &id).await.expect(201);
    let mut last = 0;
    let mut told = Vec::new();
    for message in room.queued(&who).await {
        let calendar = &message.context["calendar"];
        let Some(sequence) = calendar["sequence"].as_i64() else { continue };
        assert!(sequence > last, "{sequence} after {last}");
        last = sequence;
        let days = calendar["days"].as_array().expect("days");
        told.push(days.iter().map(|d| d["cancelled"] == true).collect::<Vec<_>>());
    }
    let expected = [vec![false, false], vec![false, true], vec![true], vec![false]];
    assert_eq!(told, expected, "two days, one of them taken out, none, one");
}
