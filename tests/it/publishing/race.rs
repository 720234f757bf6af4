//! Two who publish at once: one wins, the other is told.

use chrono::Duration;
use maitrise::accounts::model::Role;
use maitrise::publication::publish_due;
use serde_json::json;

use super::{HOUSE, PROVIDER, Press, draft};

#[tokio::test]
async fn of_two_publishers_at_once_one_publishes_and_the_other_gets_409() {
    let press = Press::new().await;
    let here = press.world.provider(PROVIDER).await;
    let other = press.world.admit_as("editeur-bis", Role::Publisher, here).await;
    for code in ["COURSE-1", "COURSE-2", "COURSE-3"] {
        press.write(code, "").await;
        press.accepted(code).await;
        let request = press.request(code, "substantive").await;
        let path = format!("{}/publish", draft(code));
        let (one, two) =
            tokio::join!(async { press.post(&press.publisher, &path, &request).await }, async {
                press.post(&other, &path, &request).await
            },);
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", one.body, two.body);
        let loser = if one.status == 409 { one } else { two };
        assert_eq!(loser.problem_code(), "preview-outdated");
        assert_eq!(press.versions(code).await, 1);
    }
}

#[tokio::test]
async fn of_a_schedule_and_a_publication_at_once_one_is_refused() {
    let press = Press::new().await;
    for code in ["CHOIX-1", "CHOIX-2", "CHOIX-3"] {
        press.write(code, "").await;
        press.accepted(code).await;
        let now = press.request(code, "substantive").await;
        let mut later = now.clone();
        later["at"] = json!(press.world.app.clock.now() + Duration::hours(1));
        let (direct, scheduled) = tokio::join!(async { press.publish(code, &now).await }, async {
            press.publish(code, &later).await
        },);
        match (direct.status, scheduled.status) {
            (201, 409) => assert_eq!(scheduled.problem_code(), "preview-outdated"),
            (409, 202) => assert_eq!(direct.problem_code(), "publication-scheduled"),
            other => panic!("{other:?}: {} {}", direct.body, scheduled.body),
        }
    }
}

#[tokio::test]
async fn what_is_due_and_published_by_hand_at_once_is_published_once() {
    let press = Press::new().await;
    press.write("ECHEANCE", "").await;
    press.accepted("ECHEANCE").await;
    let direct = press.request("ECHEANCE", "substantive").await;
    let mut later = direct.clone();
    later["at"] = json!(press.world.app.clock.now() + Duration::minutes(1));
    press.publish("ECHEANCE", &later).await.expect(202);
    press.world.app.clock.advance(Duration::minutes(2));
    let (db, now) = (press.world.app.db.clone(), press.world.app.clock.now());
    let worker = tokio::spawn(async move { publish_due(&db, HOUSE, now).await });
    let answer = press.publish("ECHEANCE", &direct).await.expect(409);
    let code = answer.problem_code();
    assert!(["publication-scheduled", "preview-outdated"].contains(&code.as_str()), "{code}");
    assert_eq!(worker.await.expect("no panic").expect("a round"), 1);
    press.world.app.shelf.refresh_if_moved(press.world.app.db.read()).await.expect("the shelf");
    assert_eq!(press.versions("ECHEANCE").await, 1);
}
