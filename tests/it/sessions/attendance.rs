//! Attendance: by half-day, in minutes, appended, told as facts, and said on the certificate.

use chrono::Duration;
use maitrise::records::model::{FactKind, fact};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

use super::{Room, plan, pointers};
use crate::deeds::finish;
use crate::documents::text_of;
use crate::newcomers::Newcomer;
use crate::support::Answer;

impl Room {
    async fn attend(&self, id: &str, half_day: &Value, marks: &[(&Value, i64)]) -> Answer {
        let marks: Vec<Value> = marks
            .iter()
            .map(|(id, minutes)| json!({ "registration_id": id, "minutes": minutes }))
            .collect();
        let path = format!("/api/v1/sessions/{id}/attendance");
        let put = self.world.api.put(&path).bearer(&self.token("formatrice").await);
        put.json(&json!({ "half_day_id": half_day, "attended": marks })).await
    }

    async fn half_days(&self, id: &str) -> Value {
        self.record(id).await.json()["session"]["half_days"].take()
    }

    async fn attended(&self, who: &Newcomer) -> Vec<fact::Model> {
        fact::Entity::find()
            .filter(fact::COLUMN.person_id.eq(who.person_id))
            .filter(fact::Column::Kind.eq(FactKind::Attended))
            .order_by_asc(fact::Column::RecordedAt)
            .all(self.world.app.db.read())
            .await
            .expect("facts")
    }
}

#[tokio::test]
async fn attendance_is_recorded_once_over_bounded_and_corrected_by_what_follows() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 1)).await;
    let (one, two) = (room.agent("agent-1").await, room.agent("agent-2").await);
    let seat = room.register(&one.token, &id).await.expect(201).json()["id"].take();
    let wait = room.register(&two.token, &id).await.expect(201).json()["id"].take();
    let halves = room.half_days(&id).await;
    let (morning, afternoon) = (&halves[0]["id"], &halves[1]["id"]);
    let early = room.attend(&id, morning, &[(&seat, 180)]).await.expect(422);
    assert_eq!(pointers(&early), ["/half_day_id"], "nobody was where it has not been yet");
    room.world.app.clock.advance(Duration::days(21));
    let wrong = [(&seat, 181), (&wait, 10), (&seat, 10)];
    let wrong = room.attend(&id, morning, &wrong).await.expect(422);
    assert_eq!(
        pointers(&wrong),
        ["/attended/0/minutes", "/attended/1/registration_id", "/attended/2/registration_id"]
    );
    let unknown = json!(maitrise::clock::new_id());
    room.attend(&id, &unknown, &[(&seat, 10)]).await.expect(404);
    assert!(room.attended(&one).await.is_empty(), "a refusal changes nothing");
    for _ in 0..2 {
        let told = room.attend(&id, morning, &[(&seat, 180)]).await.expect(200).json();
        assert_eq!(told["items"][0]["attended"][0]["minutes"], 180);
    }
    room.attend(&id, afternoon, &[(&seat, 200)]).await.expect(200);
    room.attend(&id, morning, &[(&seat, 90)]).await.expect(200);
    let facts = room.attended(&one).await;
    let minutes: Vec<_> = facts.iter().map(|f| f.payload["minutes"].as_i64()).collect();
    assert_eq!(minutes, [Some(180), Some(200), Some(90)], "both are kept");
    assert_eq!(facts[2].supersedes_id, Some(facts[0].id));
    assert_eq!(facts[0].payload["modality"], "mixed");
    let shown = room.world.api.get("/api/v1/me/sessions").bearer(&room.fresh("agent-1").await);
    let shown = shown.await.expect(200).json();
    assert_eq!(shown["items"][0]["attended"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn who_was_at_no_half_day_did_not_come_until_that_is_corrected() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 1)).await;
    let who = room.agent("agent-1").await;
    let seat = room.register(&who.token, &id).await.expect(201).json()["id"].take();
    let halves = room.half_days(&id).await;
    room.world.app.clock.advance(Duration::days(21));
    room.attend(&id, &halves[0]["id"], &[(&seat, 0)]).await.expect(200);
    assert_eq!(room.states(&id).await, ["seated"], "the afternoon is not known yet");
    room.attend(&id, &halves[1]["id"], &[(&seat, 0)]).await.expect(200);
    assert_eq!(room.states(&id).await, ["no_show"]);
    assert!(room.attended(&who).await.is_empty(), "an absence is no fact of learning");
    room.attend(&id, &halves[1]["id"], &[(&seat, 30)]).await.expect(200);
    assert_eq!(room.states(&id).await, ["seated"]);
    room.attend(&id, &halves[1]["id"], &[(&seat, 0)]).await.expect(200);
    assert_eq!(room.states(&id).await, ["no_show"]);
    let facts = room.attended(&who).await;
    let minutes: Vec<_> = facts.iter().map(|f| f.payload["minutes"].as_i64()).collect();
    assert_eq!(minutes, [Some(30), Some(0)]);
}

/// Attending completes nothing; once the module is completed, the certificate says both, and what is
/// attended for something else later moves no byte of it.
#[tokio::test]
async fn the_certificate_says_what_was_attended_by_half_day_and_stays_the_same() {
    let room = Room::new().await;
    let id = room.open(plan(&room.world, 20, 1)).await;
    let who = room.agent("agent-1").await;
    let enrol = room.world.api.post("/api/v1/modules/E1/enrolments").bearer(&who.token);
    let enrolment = enrol.json(&json!({})).await.expect(201).location();
    let seat = room.register(&who.token, &id).await.expect(201).json()["id"].take();
    let halves = room.half_days(&id).await;
    room.world.app.clock.advance(Duration::days(21));
    room.attend(&id, &halves[0]["id"], &[(&seat, 180)]).await.expect(200);
    room.attend(&id, &halves[1]["id"], &[(&seat, 150)]).await.expect(200);
    let fresh = room.fresh("agent-1").await;
    let shown = room.world.api.get(&enrolment).bearer(&fresh).await.expect(200).json();
    assert_eq!(shown["state"], "enrolled", "attendance completes nothing by itself");
    finish(&room.world, &fresh, &enrolment, "E1").await;
    let mine = room.world.api.get("/api/v1/me/attestations").bearer(&fresh).await;
    let attestation = mine.expect(200).json()["items"][0]["id"].take();
    let attestation = attestation.as_str().expect("an id");
    let path = format!("/api/v1/attestations/{attestation}/document.pdf?kind=certificat");
    let first = room.world.api.get(&path).bearer(&fresh).await.expect(200);
    let text = text_of(&first.bytes);
    for said in [
        "pour partie à distance, pour partie en salle ou par visioconférence",
        "matin : 3 heures ; après-midi : 2 heures 30 minutes",
        "5 heures 30 minutes de présence",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("entièrement à distance"), "{text}");
    let later = room.open(plan(&room.world, 5, 1)).await;
    let seat = room.register(&fresh, &later).await.expect(201).json()["id"].take();
    let halves = room.half_days(&later).await;
    room.world.app.clock.advance(Duration::days(6));
    room.attend(&later, &halves[0]["id"], &[(&seat, 60)]).await.expect(200);
    let again = room.world.api.get(&path).bearer(&room.fresh("agent-1").await).await.expect(200);
    assert_eq!(first.bytes, again.bytes);
}
