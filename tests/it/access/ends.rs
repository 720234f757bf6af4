//! What ends, ends at once: grants are read afresh on each request, and so are accounts.

use chrono::Duration;
use maitrise::accounts::model::{Role, access_grant, account};
use maitrise::accounts::session;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::json;

use crate::newcomers::Newcomer;
use crate::world::World;

const DRAFT: &str = "/api/v1/modules/PREMIERS-PAS/draft";

async fn trainer(world: &World) -> Newcomer {
    let provider = world.provider("local:demonstration").await;
    world.admit_as("formateur-bis", Role::Trainer, provider).await
}

async fn account(world: &World, who: &Newcomer) -> account::Model {
    let found = account::Entity::find_by_id(who.account_id).one(world.app.db.read()).await;
    found.expect("accounts").expect("an account")
}

#[tokio::test]
async fn a_grant_that_is_revoked_lets_nothing_more() {
    let world = World::new().await;
    let (who, national) = (world.admit("formateur-bis").await, world.token("national").await);
    let provider = world.provider("local:demonstration").await;
    let grant = world.give(who.account_id, Role::Trainer, provider, None).await;
    world.api.get(DRAFT).bearer(&who.token).await.expect(200);
    let revoke = || world.api.delete(&format!("/api/v1/grants/{grant}")).bearer(&national);
    revoke().await.expect(204);
    revoke().await.expect(204);
    let refused = world.api.get(DRAFT).bearer(&who.token).await.expect(403);
    assert_eq!(refused.problem_code(), "forbidden");
    world.api.get("/api/v1/me").bearer(&who.token).await.expect(200);
}

#[tokio::test]
async fn a_grant_holds_from_its_first_instant_and_no_longer_at_its_last() {
    let world = World::new().await;
    let who = world.admit("formateur-bis").await;
    let provider = world.provider("local:demonstration").await;
    let until = world.app.clock.now() + Duration::minutes(5);
    let grant = world.give(who.account_id, Role::Trainer, provider, Some(until)).await;
    world.api.get(DRAFT).bearer(&who.token).await.expect(200);
    world.app.clock.advance(Duration::minutes(6));
    world.api.get(DRAFT).bearer(&who.token).await.expect(403);
    let db = &world.app.db;
    let row = access_grant::Entity::find_by_id(grant).one(db.read()).await.expect("grants");
    let mut later = row.expect("the grant").into_active_model();
    later.valid_from = Set(world.app.clock.now() + Duration::minutes(1));
    later.valid_to = Set(None);
    let tx = db.begin_write().await.expect("a transaction");
    later.update(&tx).await.expect("a grant to come");
    tx.commit().await.expect("a commit");
    world.api.get(DRAFT).bearer(&who.token).await.expect(403);
    world.app.clock.advance(Duration::minutes(2));
    world.api.get(DRAFT).bearer(&who.token).await.expect(200);
}

#[tokio::test]
async fn an_account_that_is_disabled_is_nobody_to_its_tokens_and_its_password() {
    let world = World::new().await;
    let who = trainer(&world).await;
    let account = account(&world, &who).await;
    let (db, now) = (&world.app.db, world.app.clock.now());
    let tx = db.begin_write().await.expect("a transaction");
    let session = session::open(&tx, account.clone(), 30, now).await.expect("a session");
    let mut disabled = account.into_active_model();
    disabled.disabled_at = Set(Some(now));
    disabled.update(&tx).await.expect("a disabled account");
    tx.commit().await.expect("a commit");
    for path in [DRAFT, "/api/v1/me"] {
        let refused = world.api.get(path).bearer(&who.token).await.expect(401);
        assert_eq!(refused.problem_code(), "unauthenticated");
    }
    let spend = json!({ "refresh_token": session.refresh_token });
    let refused = world.api.post("/api/v1/token/refresh").json(&spend).await.expect(401);
    assert_eq!(refused.problem_code(), "invalid-refresh-token");
}

#[tokio::test]
async fn revoking_every_session_ends_access_tokens_too() {
    let world = World::new().await;
    let who = trainer(&world).await;
    let tx = world.app.db.begin_write().await.expect("a transaction");
    session::revoke_all(&tx, who.account_id, world.app.clock.now()).await.expect("revoked");
    tx.commit().await.expect("a commit");
    world.api.get("/api/v1/me").bearer(&who.token).await.expect(401);
    let again = world.signed_in(&account(&world, &who).await);
    world.api.get("/api/v1/me").bearer(&again.token).await.expect(200);
}

#[tokio::test]
async fn a_refresh_token_that_comes_back_closes_its_whole_family() {
    let world = World::new().await;
    let account = account(&world, &trainer(&world).await).await;
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let session = session::open(&tx, account, 30, world.app.clock.now()).await.expect("a session");
    tx.commit().await.expect("a commit");
    let spend = |token: &str| {
        world.api.post("/api/v1/token/refresh").json(&json!({ "refresh_token": token }))
    };
    let next = spend(&session.refresh_token).await.expect(200).json();
    let next = next["refresh_token"].as_str().expect("a token");
    let reused = spend(&session.refresh_token).await.expect(401);
    assert_eq!(reused.problem_code(), "invalid-refresh-token");
    spend(next).await.expect(401);
}
