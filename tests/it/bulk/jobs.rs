//! A job goes on where it was left: by another worker, after a kill, never twice; and what was sent is
//! forgotten.

use chrono::Duration;
use maitrise::clock;
use maitrise::cohorts::work;
use maitrise::jobs::model::{JobKind, job, job_part, job_row};
use maitrise::jobs::{queue, tidy};
use maitrise::records::model::{FactKind, fact};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{HERE, agent, ask, by_id, done, enrolments, manager, order, outcomes};
use crate::world::World;

/// More rows than one part holds, all of nobody but the last.
async fn long(world: &World) -> (Value, crate::newcomers::Newcomer) {
    let who = agent(world, "agente-derniere", HERE).await;
    let mut people: Vec<Value> =
        (0..queue::PART * 2).map(|_| json!({ "person_id": clock::new_id() })).collect();
    people.push(by_id(&who));
    (order("A2", &people), who)
}

async fn enrolled_facts(world: &World, person: Uuid) -> u64 {
    let facts = fact::Entity::find()
        .filter(fact::Column::PersonId.eq(person))
        .filter(fact::Column::Kind.eq(FactKind::Enrolled));
    facts.count(world.app.db.read()).await.expect("facts")
}

#[tokio::test]
async fn a_job_whose_worker_dies_is_taken_again_once_its_lease_has_passed_and_no_sooner() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let (wish, who) = long(&world).await;
    let asked = ask(&world, &manager, &wish).await.expect(202).json();
    let (app, dead, next) = (&world.app, clock::new_id(), clock::new_id());
    let id: Uuid = asked["id"].as_str().expect("an id").parse().expect("an id");
    let claimed = queue::claim(&app.db, JobKind::Enrolment, dead, app.clock.now()).await;
    assert_eq!(claimed.expect("claimed").expect("a job").id, id);
    assert!(!work::work(&app.db, &app.shelf, next, &app.clock).await.expect("ok"), "held");
    // It dies after it has written what became of the first rows, before it has moved on.
    let tx = app.db.begin_write().await.expect("tx");
    let held = queue::hold(&tx, id, dead).await.expect("ok").expect("held");
    let first = maitrise::jobs::RowDone {
        number: 1,
        outcome: "unknown_person",
        detail: None,
        person_id: None,
        thing_id: None,
    };
    queue::record(&tx, held, vec![first], None, app.clock.now()).await.expect("recorded");
    tx.commit().await.expect("a commit");
    world.app.clock.advance(Duration::seconds(31));
    while work::work(&app.db, &app.shelf, next, &app.clock).await.expect("worked") {}
    let tx = app.db.begin_write().await.expect("tx");
    assert!(queue::hold(&tx, id, dead).await.expect("ok").is_none(), "it writes nothing more");
    tx.rollback().await.expect("a rollback");
    let manager = world.known("employeuse-n@essai.example").await.token;
    let path = format!("/api/v1/jobs/{id}");
    let job = world.api.get(&path).bearer(&manager).await.expect(200).json();
    let total = queue::PART * 2 + 1;
    assert_eq!((&job["state"], &job["done"]), (&json!("done"), &json!(total)), "{job}");
    let counts = json!([
        { "outcome": "enrolled", "rows": 1 }, { "outcome": "unknown_person", "rows": total - 1 },
    ]);
    assert_eq!(job["outcomes"], counts);
    assert_eq!(enrolled_facts(&world, who.person_id).await, 1);
    // Page after page, every row once, in order.
    let (mut after, mut numbers) = (None::<String>, Vec::new());
    loop {
        let cursor = after.map(|after| format!("&after={after}")).unwrap_or_default();
        let page = format!("{path}/rows?limit=200{cursor}");
        let page = world.api.get(&page).bearer(&manager).await.expect(200).json();
        let items = page["items"].as_array().expect("items");
        numbers.extend(items.iter().map(|row| row["row"].as_i64().expect("a number")));
        after = page["next"].as_str().map(str::to_owned);
        if after.is_none() {
            break;
        }
    }
    assert_eq!(numbers, (1..=i64::try_from(total).expect("few")).collect::<Vec<_>>());
}

#[tokio::test]
async fn two_workers_at_once_do_everything_once() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let mut people = Vec::new();
    for nth in 0..30 {
        people.push(agent(&world, &format!("agente-{nth}"), HERE).await);
    }
    let rows: Vec<Value> = people.iter().map(by_id).collect();
    // The same people in two jobs, in opposite orders.
    let backwards: Vec<Value> = rows.iter().rev().cloned().collect();
    let mut asked = Vec::new();
    for rows in [rows, backwards] {
        asked.push(ask(&world, &manager, &order("A2", &rows)).await.expect(202).json());
    }
    let worker = async || {
        let (app, id) = (&world.app, clock::new_id());
        while work::work(&app.db, &app.shelf, id, &app.clock).await.expect("worked") {}
    };
    tokio::join!(worker(), worker(), worker());
    let mut enrolled = 0;
    for job in &asked {
        let outcomes = outcomes(&world, &manager, job).await;
        assert_eq!(outcomes.len(), 30);
        assert!(outcomes.iter().all(|o| o == "enrolled" || o == "already"), "{outcomes:?}");
        enrolled += outcomes.iter().filter(|outcome| *outcome == "enrolled").count();
    }
    assert_eq!(enrolled, 30, "each by one of the two");
    for who in &people {
        assert_eq!(enrolled_facts(&world, who.person_id).await, 1);
    }
}

#[tokio::test]
async fn a_job_that_is_cancelled_does_no_more_and_one_that_is_over_cannot_be() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let (wish, who) = long(&world).await;
    let asked = ask(&world, &manager, &wish).await.expect(202).json();
    let path = format!("/api/v1/jobs/{}/cancel", asked["id"].as_str().expect("an id"));
    for _ in 0..2 {
        let cancelled = world.api.post(&path).bearer(&manager).await.expect(200).json();
        assert_eq!(cancelled["state"], "cancelled");
    }
    super::worked(&world).await;
    assert!(enrolments(&world, &who.token).await.is_empty());
    let over = done(&world, &manager, &order("A2", &[by_id(&who)])).await;
    let path = format!("/api/v1/jobs/{}/cancel", over["id"].as_str().expect("an id"));
    let refused = world.api.post(&path).bearer(&manager).await.expect(409);
    assert_eq!(refused.problem_code(), "job-over");
    let operator = world.known("exploitant@demonstration.example").await.token;
    let path = format!("/api/v1/jobs/{}", over["id"].as_str().expect("an id"));
    let seen = world.api.get(&path).bearer(&operator).await.expect(200).json();
    assert!(seen.get("outcomes").is_none(), "what became of people is not theirs: {seen}");
}

#[tokio::test]
async fn what_was_sent_is_forgotten_after_a_month_and_the_job_after_a_year() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let who = agent(&world, "agente-oubliee", HERE).await;
    done(&world, &manager, &order("A2", &[by_id(&who)])).await;
    let left = async || {
        let conn = world.app.db.read();
        (
            job_part::Entity::find().count(conn).await.expect("parts"),
            job_row::Entity::find().count(conn).await.expect("rows"),
            job::Entity::find().count(conn).await.expect("jobs"),
        )
    };
    for (days, expected) in [(29, (1, 1, 1)), (31, (0, 1, 1)), (366, (0, 0, 0))] {
        let tx = world.app.db.begin_write().await.expect("tx");
        let then = world.app.clock.now() + Duration::days(days);
        tidy::forget(&tx, then).await.expect("forgotten");
        tx.commit().await.expect("a commit");
        assert_eq!(left().await, expected, "after {days} days");
    }
}
