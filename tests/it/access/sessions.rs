//! Who may hold sessions, and read who registered.

use serde_json::{Value, json};

use super::ask::{Quote, delete, get, post, put};
use super::stage::Cast;
use super::table::Who::{Anyone, Here, Owner, SignedIn};
use super::table::{Row, row};
use crate::sessions::{held_in_the_past, new_session, plan, registered};
use crate::world::World;
use Cast::{Publisher, Trainer};

/// Sessions of a provider, and what is the learner's in them.
pub struct Dated {
    /// A draft until the table opens it.
    pub draft: String,
    /// An open one, and the learner's seat in it.
    listed: String,
    registration: String,
    /// One that is over, its half-day, and the learner's seat in it.
    past: String,
    half_day: String,
    seat: String,
    /// The address of the learner's calendar.
    calendar: String,
}

/// Plans the sessions of a place.
pub async fn dated(world: &World, provider: &str, learner: &str, trainer: &str) -> Dated {
    let create = async || {
        let body = new_session(provider, plan(world, 20, 3));
        let made = world.api.post("/api/v1/sessions").bearer(trainer).json(&body).await;
        text(&made.expect(201).json()["session"]["id"])
    };
    let (draft, listed) = (create().await, create().await);
    let path = format!("/api/v1/sessions/{listed}");
    world.api.post(&format!("{path}/open")).bearer(trainer).await.expect(200);
    let mine = registered(world, learner, &listed).await.expect(201).json();
    let made = world.api.post("/api/v1/me/calendar").bearer(learner).await.expect(201).json();
    let url = text(&made["url"]);
    let (past, half_day, seat) = held_in_the_past(world, provider, learner, trainer).await;
    Dated {
        draft,
        listed,
        registration: text(&mine["id"]),
        past: past.to_string(),
        half_day: half_day.to_string(),
        seat: seat.to_string(),
        calendar: url[url.find("/api/").expect("a path")..].to_owned(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The rows.
pub fn rows() -> Vec<Row> {
    const KEEPERS: &[Cast] = &[Trainer, Publisher];
    vec![
        row("list_sessions", Anyone, |_| get("/api/v1/sessions?module=E1")),
        row("get_session", Anyone, |at| get(session(&at.dated.listed, ""))),
        row("provider_sessions", Here(KEEPERS), |at| {
            get(format!("/api/v1/providers/{}/sessions", at.provider))
        }),
        row("create_session", Here(KEEPERS), |at| {
            post("/api/v1/sessions").json(new_session(at.provider, fixed()))
        }),
        row("session_record", Here(KEEPERS), |at| get(session(&at.dated.draft, "/record"))),
        row("edit_session", Here(KEEPERS), |at| {
            put(session(&at.dated.draft, "")).json(fixed()).quoting(Quote::SessionTag)
        }),
        row("open_session", Here(KEEPERS), |at| post(session(&at.dated.draft, "/open"))),
        row("register", SignedIn, |at| {
            post(session(&at.dated.draft, "/registrations")).json(json!({}))
        }),
        row("list_registrations", Here(KEEPERS), |at| {
            get(session(&at.dated.listed, "/registrations"))
        }),
        row("refuse_registration", Here(KEEPERS), |at| {
            let rest = format!("/registrations/{}/refuse", at.dated.registration);
            post(session(&at.dated.listed, &rest)).json(json!({ "reason": "other_session" }))
        }),
        row("withdraw_registration", Owner, |at| {
            post(session(&at.dated.listed, "/registrations/withdraw"))
        }),
        row("my_sessions", SignedIn, |_| get("/api/v1/me/sessions")),
        row("record_attendance", Here(KEEPERS), |at| {
            let mark = json!({ "registration_id": at.dated.seat, "minutes": 90 });
            put(session(&at.dated.past, "/attendance"))
                .json(json!({ "half_day_id": at.dated.half_day, "attended": [mark] }))
        }),
        row("postpone_session", Here(KEEPERS), |at| {
            post(session(&at.dated.draft, "/postpone"))
                .json(json!({ "half_days": fixed()["half_days"] }))
                .quoting(Quote::SessionTag)
        }),
        row("close_session", Here(KEEPERS), |at| post(session(&at.dated.draft, "/close"))),
        row("cancel_session", Here(KEEPERS), |at| {
            post(session(&at.dated.draft, "/cancel")).json(json!({ "reason": "Un essai." }))
        }),
        row("get_calendar", Anyone, |at| get(&at.dated.calendar)),
        row("make_calendar", SignedIn, |_| post("/api/v1/me/calendar")),
        row("end_calendar", SignedIn, |_| delete("/api/v1/me/calendar")),
    ]
}

fn session(id: &str, rest: &str) -> String {
    format!("/api/v1/sessions/{id}{rest}")
}

/// A plan whose dates need no clock.
fn fixed() -> Value {
    json!({
        "title": "Un essai", "modality": "on_site", "place": "Salle d'essai", "capacity": 3,
        "half_days": [{ "on": "2028-03-14", "half": "morning", "starts": "09:00", "ends": "12:00" }],
    })
}
