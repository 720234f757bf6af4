//! The names that an organisation lets its CDG read: dated, taken back at any moment, journalled.

use chrono::Duration;
use serde_json::{Value, json};

use super::{HERE, agent, ask, by_id, done, enrolments, manager, order, outcomes};
use crate::world::World;

const GRANTS: &str = "/api/v1/organisations/insee:35021/names-grants";
const ROSTER: &str = "/api/v1/organisations/insee:35021/people";

async fn grant(world: &World, manager: &str, wish: &Value, status: u16) -> Value {
    world.api.post(GRANTS).bearer(manager).json(wish).await.expect(status).json()
}

#[tokio::test]
async fn a_cdg_enrols_and_reads_names_only_where_and_while_they_are_granted() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let who = agent(&world, "agente-cdg", HERE).await;
    let (near, far) = (world.token("cdg35").await, world.token("cdg33").await);
    let wish = order("A2", &[by_id(&who)]);
    for cdg in [&near, &far] {
        ask(&world, cdg, &wish).await.expect(404);
        world.api.get(ROSTER).bearer(cdg).await.expect(404);
    }
    let given = grant(&world, &manager, &json!({ "cdg": "cdg:CDG-35" }), 201).await;
    let again = grant(&world, &manager, &json!({ "cdg": "cdg:CDG-35" }), 200).await;
    assert_eq!(given["id"], again["id"], "the same asked twice is one");
    ask(&world, &far, &wish).await.expect(404);
    world.api.get(ROSTER).bearer(&near).await.expect(200);
    let job = done(&world, &near, &wish).await;
    assert_eq!(outcomes(&world, &near, &job).await, ["enrolled"]);
    let mine = enrolments(&world, &who.token).await;
    assert_eq!(mine[0]["enrolled_for"]["by"], "cdg", "{}", mine[0]);
    let revoke = format!("{GRANTS}/{}", given["id"].as_str().expect("an id"));
    for _ in 0..2 {
        world.api.delete(&revoke).bearer(&manager).await.expect(204);
    }
    ask(&world, &near, &wish).await.expect(404);
    world.api.get(ROSTER).bearer(&near).await.expect(404);
    let auditor = world.known("auditeur@demonstration.example").await.token;
    let journal = world.api.get("/api/v1/journal?limit=200").bearer(&auditor).await.expect(200);
    for action in ["names.grant", "names.revoke", "enrolment.bulk"] {
        assert!(journal.body.contains(action), "{action}: {}", journal.body);
    }
}

#[tokio::test]
async fn a_grant_over_names_ends_by_its_date_and_goes_to_ones_own_cdg_only() {
    let world = World::new().await;
    let manager = manager(&world).await;
    for (cdg, until) in
        [("cdg:CDG-33", None), ("insee:35021", None), ("cdg:CDG-35", Some("2020-01-01T00:00:00Z"))]
    {
        let refused = grant(&world, &manager, &json!({ "cdg": cdg, "valid_to": until }), 422).await;
        assert_eq!(refused["code"], "invalid-values", "{refused}");
    }
    let until = world.app.clock.now() + Duration::minutes(5);
    grant(&world, &manager, &json!({ "cdg": "cdg:CDG-35", "valid_to": until }), 201).await;
    let near = world.token("cdg35").await;
    world.api.get(ROSTER).bearer(&near).await.expect(200);
    world.app.clock.advance(Duration::minutes(6));
    world.api.get(ROSTER).bearer(&near).await.expect(404);
    let listed = world.api.get(GRANTS).bearer(&manager).await.expect(200).json();
    assert_eq!(listed["items"][0]["cdg"], "cdg:CDG-35");
    world.api.get(GRANTS).bearer(&near).await.expect(403);
}

#[tokio::test]
async fn what_was_asked_under_a_grant_that_is_taken_back_is_not_done() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let who = agent(&world, "agente-trop-tard", HERE).await;
    let given = grant(&world, &manager, &json!({ "cdg": "cdg:CDG-35" }), 201).await;
    let near = world.token("cdg35").await;
    let asked = ask(&world, &near, &order("A2", &[by_id(&who)])).await.expect(202).json();
    let revoke = format!("{GRANTS}/{}", given["id"].as_str().expect("an id"));
    world.api.delete(&revoke).bearer(&manager).await.expect(204);
    super::worked(&world).await;
    let path = format!("/api/v1/jobs/{}", asked["id"].as_str().expect("an id"));
    let job = world.api.get(&path).bearer(&near).await.expect(200).json();
    assert_eq!((&job["state"], &job["failure"]), (&json!("failed"), &json!("forbidden")));
    assert!(enrolments(&world, &who.token).await.is_empty());
}
