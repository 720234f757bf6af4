//! What reviewers decide, and what the next version of a module makes of it.

use maitrise::accounts::model::Role;
use maitrise::references::flags;
use serde_json::{Value, json};

use super::{Copy, about, create, known, publish_here, revise, stranger, telling, to_review};
use crate::support::Answer;
use crate::world::World;

const SLUG: &str = "loi-essai-7";
const BEFORE: &str = "Loi d'essai, art. 7";
const AFTER: &str = "Loi d'essai, art. 7, dans sa rédaction nouvelle";

/// A module whose text has changed, and the item that says so.
async fn changed(world: &World, code: &str) -> String {
    let reviewer = known(world, "relecteur").await;
    create(world, &reviewer, SLUG, &telling(BEFORE, &json!({}))).await.expect(201);
    publish_here(world, code, &[Copy::of(SLUG, BEFORE)]).await;
    let amended = telling(AFTER, &json!({}));
    revise(world, &reviewer, (SLUG, "\"1\""), &amended).await.expect(201);
    let page = of_module(world, code, "").await;
    page["items"][0]["id"].as_str().expect("an item").to_owned()
}

async fn of_module(world: &World, code: &str, query: &str) -> Value {
    let reviewer = known(world, "relecteur").await;
    let call = world.api.get(&format!("/api/v1/modules/{code}/to-review{query}"));
    call.bearer(&reviewer).await.expect(200).json()
}

async fn decide(world: &World, token: &str, id: &str, consequence: &str) -> Answer {
    let call = world.api.post(&format!("/api/v1/to-review/{id}/decision")).bearer(token);
    call.json(&json!({ "consequence": consequence, "note": "Lu et comparé." })).await
}

#[tokio::test]
async fn the_reviewer_says_legal_and_the_next_version_closes_the_item() {
    let world = World::new().await;
    let item = changed(&world, "CITE-LOI").await;
    let (trainer, reviewer) = (known(&world, "formatrice").await, known(&world, "relecteur").await);
    let refused = decide(&world, &trainer, &item, "legal").await;
    assert_eq!(refused.status, 403, "a trainer decides nothing: {}", refused.body);
    let elsewhere = stranger(&world, "relectrice-33", Role::Reviewer).await;
    let refused = decide(&world, &elsewhere.token, &item, "legal").await;
    assert_eq!(refused.status, 404, "another provider's reviewer: {}", refused.body);
    let theirs = world.api.get("/api/v1/modules/CITE-LOI/to-review").bearer(&elsewhere.token);
    theirs.await.expect(404);

    for _ in 0..2 {
        let decided = decide(&world, &reviewer, &item, "legal").await.expect(200);
        assert_eq!(decided.json()["state"], "decided");
    }
    let mine = to_review(&world, &trainer, "?state=decided").await;
    let decided = about(&mine, "CITE-LOI");
    assert_eq!(decided.len(), 1, "to be published: {mine}");
    assert_eq!(decided[0]["decision"]["consequence"], "legal");
    assert_eq!(decided[0]["decision"]["note"], "Lu et comparé.");

    publish_here(&world, "CITE-LOI", &[Copy::of(SLUG, AFTER)]).await;
    let mine = to_review(&world, &trainer, "").await;
    assert!(about(&mine, "CITE-LOI").is_empty(), "{mine}");
    let closed = of_module(&world, "CITE-LOI", "?state=closed").await;
    assert_eq!(
        (&closed["items"][0]["version"], &closed["items"][0]["current_version"]),
        (&json!(1), &json!(2))
    );
    flags::look(&world.app.db, world.app.clock.now()).await.expect("a look");
    assert_eq!(of_module(&world, "CITE-LOI", "").await["counts"]["open"], 0, "and asked no more");
    let late = decide(&world, &reviewer, &item, "none").await;
    assert_eq!((late.status, late.problem_code()), (409, "review-closed".into()));
    let auditor = known(&world, "auditeur").await;
    let acts = world.api.get("/api/v1/journal?limit=200").bearer(&auditor).await.expect(200).json();
    let acts = acts["items"].as_array().expect("acts").clone();
    let decided = acts.iter().filter(|act| act["action"] == "review.decide").count();
    let revised = acts.iter().filter(|act| act["action"] == "reference.revise").count();
    assert_eq!((decided, revised), (1, 1), "the same said twice is one decision");
}

#[tokio::test]
async fn what_nobody_decided_stays_open_until_a_version_carries_what_the_text_now_says() {
    let world = World::new().await;
    changed(&world, "CITE-LOI").await;
    let copy = Copy::of(SLUG, BEFORE).with("article = \"art. 7\"");
    publish_here(&world, "CITE-LOI", &[copy]).await;
    flags::look(&world.app.db, world.app.clock.now()).await.expect("a look");
    let page = of_module(&world, "CITE-LOI", "").await;
    assert_eq!(
        page["counts"],
        json!({ "open": 1, "decided": 0, "closed": 0 }),
        "still the old text"
    );
    publish_here(&world, "CITE-LOI", &[Copy::of(SLUG, AFTER)]).await;
    let page = of_module(&world, "CITE-LOI", "").await;
    assert_eq!(page["counts"], json!({ "open": 0, "decided": 0, "closed": 1 }));
}

#[tokio::test]
async fn nothing_to_change_closes_the_item_for_good_and_may_be_thought_over_until_the_next_version()
{
    let world = World::new().await;
    let item = changed(&world, "CITE-LOI").await;
    let reviewer = known(&world, "relecteur").await;
    let decided = decide(&world, &reviewer, &item, "none").await.expect(200);
    assert_eq!(decided.json()["state"], "closed");
    let again = flags::look(&world.app.db, world.app.clock.now()).await.expect("a look");
    assert_eq!(again.items, 0, "what was settled is not asked again");
    let thought_over = decide(&world, &reviewer, &item, "substantive").await.expect(200);
    assert_eq!(thought_over.json()["state"], "decided");
    decide(&world, &reviewer, &item, "none").await.expect(200);
    let copy = Copy::of(SLUG, BEFORE).with("article = \"art. 7\"");
    publish_here(&world, "CITE-LOI", &[copy]).await;
    let late = decide(&world, &reviewer, &item, "legal").await;
    assert_eq!((late.status, late.problem_code()), (409, "review-closed".into()));
    assert_eq!(of_module(&world, "CITE-LOI", "").await["counts"]["open"], 0);
}
