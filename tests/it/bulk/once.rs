//! However many ask at the same instant, themselves or their employer, one enrolment comes of it.

use futures_util::future::{join, join_all};
use maitrise::clock;
use maitrise::cohorts::work;
use serde_json::json;

use super::{HERE, agent, ask, by_id, enrolments, manager, order, outcomes};
use crate::world::World;

#[tokio::test]
async fn who_enrols_while_their_employer_enrols_them_is_enrolled_once() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let mut people = Vec::new();
    for nth in 0..12 {
        people.push(agent(&world, &format!("en-meme-temps-{nth}"), HERE).await);
    }
    let rows: Vec<_> = people.iter().map(by_id).collect();
    let asked = ask(&world, &manager, &order("A2", &rows)).await.expect(202).json();
    let themselves = join_all(people.iter().map(|who| async {
        let enrol = world.api.post("/api/v1/modules/A2/enrolments").bearer(&who.token);
        enrol.json(&json!({})).await.status
    }));
    let employer = async {
        let (app, id) = (&world.app, clock::new_id());
        while work::work(&app.db, &app.shelf, id, &app.clock).await.expect("worked") {}
    };
    let (statuses, ()) = join(themselves, employer).await;
    let outcomes = outcomes(&world, &manager, &asked).await;
    for ((status, outcome), who) in statuses.iter().zip(&outcomes).zip(&people) {
        let once = [(201, "already"), (200, "enrolled")].contains(&(*status, outcome.as_str()));
        assert!(once, "one of the two opened it: {status} {outcome}");
        assert_eq!(enrolments(&world, &who.token).await.len(), 1);
    }
}
