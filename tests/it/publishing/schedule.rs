//! Publications to come: at their time, once, or not at all and said so.

use chrono::Duration;
use maitrise::mail::model::{Template, mail_message};
use maitrise::publication::model::{ScheduleState, scheduled_publication};
use maitrise::publication::publish_due;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{HOUSE, LESSON, Press, draft};
use crate::deeds::draft_files;

async fn outcomes(press: &Press) -> Vec<ScheduleState> {
    let rows = scheduled_publication::Entity::find().all(press.world.app.db.read()).await;
    rows.expect("schedules").into_iter().map(|row| row.state).collect()
}

/// As many workers as asked, at once, at the instant of the application's clock.
async fn workers(press: &Press, count: usize) -> u64 {
    let now = press.world.app.clock.now();
    let one = || {
        let db = press.world.app.db.clone();
        tokio::spawn(async move { publish_due(&db, HOUSE, now).await.expect("a round") })
    };
    let all: Vec<_> = (0..count).map(|_| one()).collect();
    let mut settled = 0;
    for worker in all {
        settled += worker.await.expect("no panic");
    }
    settled
}

#[tokio::test]
async fn a_publication_happens_at_its_time_once_whatever_the_number_of_workers() {
    let mut press = Press::new().await;
    press.write("PLUS-TARD", "").await;
    press.accepted("PLUS-TARD").await;
    let mut request = press.request("PLUS-TARD", "substantive").await;
    let now = press.world.app.clock.now();
    for bad in [now - Duration::seconds(1), now + Duration::days(367)] {
        request["at"] = json!(bad);
        let refused = press.publish("PLUS-TARD", &request).await.expect(422);
        assert_eq!(refused.problem_code(), "invalid-values");
        assert_eq!(refused.json()["errors"][0]["pointer"], "/at");
    }
    request["at"] = json!(now + Duration::hours(1));
    let scheduled = press.publish("PLUS-TARD", &request).await.expect(202).json();
    assert_eq!(scheduled["state"], "scheduled");
    let frozen = press.world.api.delete(&format!("{}/files?path={LESSON}", draft("PLUS-TARD")));
    let tag = press.world.api.get(&draft("PLUS-TARD")).bearer(&press.trainer.token).await.etag();
    let frozen = frozen.bearer(&press.trainer.token).header("If-Match", &tag).await.expect(409);
    assert_eq!(frozen.problem_code(), "draft-frozen");
    let digest = scheduled["digest"].as_str().expect("a digest");
    let review = press.review(&press.reviewer, "PLUS-TARD", digest, "both").await.expect(409);
    assert_eq!(review.problem_code(), "publication-scheduled");
    assert_eq!((workers(&press, 3).await, press.versions("PLUS-TARD").await), (0, 0));
    press.world.app.clock.advance(Duration::minutes(61));
    assert_eq!(workers(&press, 4).await, 1, "one of them");
    assert_eq!(workers(&press, 1).await, 0);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    press.signed_in_again().await;
    assert_eq!(press.versions("PLUS-TARD").await, 1);
    assert_eq!(outcomes(&press).await, [ScheduleState::Published]);
}

#[tokio::test]
async fn what_passes_its_checklist_no_more_does_not_happen_and_its_publisher_is_told_once() {
    let mut press = Press::new().await;
    press.write("TROP-TARD", "").await;
    let manifest = draft_files("TROP-TARD", super::PROVIDER, "")[0].1.clone();
    let soon = press.world.app.clock.now().date_naive() + Duration::days(30);
    let line = manifest.lines().find(|line| line.starts_with("review_by")).expect("a date");
    let manifest = manifest.replace(line, &format!("review_by = {soon}"));
    press.put("TROP-TARD", "module.toml", manifest).await;
    press.accepted("TROP-TARD").await;
    let mut request = press.request("TROP-TARD", "substantive").await;
    request["at"] = json!(press.world.app.clock.now() + Duration::days(360));
    press.publish("TROP-TARD", &request).await.expect(202);
    // By then its sources are to be read again.
    press.world.app.clock.advance(Duration::days(361));
    assert_eq!(workers(&press, 4).await, 1);
    assert_eq!(workers(&press, 2).await, 0);
    press.signed_in_again().await;
    assert_eq!(
        (press.versions("TROP-TARD").await, outcomes(&press).await),
        (0, vec![ScheduleState::Failed])
    );
    let read = |path: String| press.world.api.get(&path).bearer(&press.trainer.token);
    let desk = read(draft("TROP-TARD")).await.expect(200).json();
    assert_eq!(desk["state"], "writing", "where it can be mended");
    let said = read(format!("{}/publish/schedule", draft("TROP-TARD"))).await.expect(200).json();
    let failed = said["items"][0]["failed_checks"].as_array().expect("codes").clone();
    assert!(failed.contains(&json!("review-by-ahead")), "{said}");
    let mail = mail_message::Entity::find()
        .filter(mail_message::Column::Template.eq(Template::PublicationFailed))
        .all(press.world.app.db.read())
        .await
        .expect("mail");
    assert_eq!(mail.len(), 1);
    assert_eq!(mail[0].person_id, press.publisher.person_id);
    assert!(mail[0].context["lines"].as_str().expect("lines").contains("review_by"));
}

#[tokio::test]
async fn whoever_may_publish_no_more_does_not_publish_by_having_scheduled() {
    use maitrise::accounts::model::Role;
    let press = Press::new().await;
    press.write("SANS-DROIT", "").await;
    press.accepted("SANS-DROIT").await;
    let here = press.world.provider(super::PROVIDER).await;
    let passing = press.world.admit("editeur-de-passage").await;
    let until = press.world.app.clock.now() + Duration::minutes(5);
    press.world.give(passing.account_id, Role::Publisher, here, Some(until)).await;
    let mut request = press.request("SANS-DROIT", "substantive").await;
    request["at"] = json!(until + Duration::minutes(1));
    let publish = format!("{}/publish", draft("SANS-DROIT"));
    press.post(&passing, &publish, &request).await.expect(202);
    press.world.app.clock.advance(Duration::minutes(7));
    assert_eq!(workers(&press, 1).await, 1);
    let rows = scheduled_publication::Entity::find().all(press.world.app.db.read()).await;
    let row = rows.expect("schedules").remove(0);
    assert_eq!(
        (row.state, row.failed_checks.as_deref()),
        (ScheduleState::Failed, Some("publisher"))
    );
}

#[tokio::test]
async fn a_publication_that_is_cancelled_does_not_happen() {
    let press = Press::new().await;
    press.write("ANNULE", "").await;
    press.accepted("ANNULE").await;
    let mut request = press.request("ANNULE", "editorial").await;
    request["at"] = json!(press.world.app.clock.now() + Duration::minutes(1));
    press.publish("ANNULE", &request).await.expect(202);
    let schedule = format!("{}/publish/schedule", draft("ANNULE"));
    for _ in 0..2 {
        press.world.api.delete(&schedule).bearer(&press.publisher.token).await.expect(204);
    }
    press.world.app.clock.advance(Duration::minutes(2));
    assert_eq!((workers(&press, 2).await, press.versions("ANNULE").await), (0, 0));
    assert_eq!(outcomes(&press).await, [ScheduleState::Cancelled]);
    request.as_object_mut().expect("an object").remove("at");
    press.publish("ANNULE", &request).await.expect(201);
}
