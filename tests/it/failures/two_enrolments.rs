//! One enrolment comes of whatever two processes are asked at the same instant, by a person and by their
//! employer.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use super::two_processes::{stop, two};
use crate::support::Engine;

#[tokio::test]
async fn who_enrols_through_both_at_once_while_they_are_invited_gets_one_enrolment() {
    if Engine::of_this_run() != Engine::Postgres {
        return;
    }
    let (_site, stage) = two().await;
    let (manager, elue) = (stage.sign_in("employeur").await, stage.sign_in("elue").await);
    let person = stage.api.get("/api/v1/me").bearer(&elue).await.expect(200).json();
    let order = json!({ "module": "A2", "people": [{ "person_id": person["person_id"] }] });
    let asked = join_all((0..12).map(|_| async {
        let enrol = stage.api.post("/api/v1/modules/A2/enrolments").bearer(&elue);
        let answer = enrol.json(&json!({})).await;
        let id = answer.json()["id"].as_str().expect("an id").to_owned();
        (answer.status, id)
    }));
    let ordered = join_all((0..4).map(|_| async {
        let order = stage
            .api
            .post("/api/v1/organisations/insee:35021/enrolments")
            .bearer(&manager)
            .json(&order);
        order.await.expect(202).location()
    }));
    let (asked, jobs) = join(asked, ordered).await;
    let ids: BTreeSet<&String> = asked.iter().map(|(_, id)| id).collect();
    assert_eq!(ids.len(), 1, "{asked:?}");
    let created = asked.iter().filter(|(status, _)| *status == 201).count();
    assert_eq!(created, 1, "one of them opened it: {asked:?}");
    for job in jobs {
        let begun = Instant::now();
        loop {
            let seen: Value = stage.api.get(&job).bearer(&manager).await.expect(200).json();
            if seen["state"] == "done" {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{seen}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let mine = stage.api.get("/api/v1/me/enrolments").bearer(&elue).await.expect(200).json();
    let mine = mine["items"].as_array().expect("items").iter();
    assert_eq!(mine.filter(|enrolment| enrolment["module"] == "A2").count(), 1);
    let invited = stage.api.get("/api/v1/me/invitations").bearer(&elue).await.expect(200).json();
    let invited = invited["items"].as_array().expect("items").len();
    assert!(invited <= 1, "invited once at most, by whichever of the two came first: {invited}");
    stop(stage).await;
}
