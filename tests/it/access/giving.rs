//! Giving and revoking grants: nobody beyond their own, nobody to themselves.

use chrono::Duration;
use maitrise::accounts::Scope;
use maitrise::accounts::model::{Role, access_grant};
use maitrise::journal::model::journal_entry;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::support::Answer;
use crate::world::World;

/// The commune of the CDG of Ille-et-Vilaine, and one of the CDG of Gironde.
const NEAR: &str = "insee:35021";
const FAR: &str = "insee:33522";

async fn give(world: &World, token: &str, wish: &Value) -> Answer {
    world.api.post("/api/v1/grants").bearer(token).json(wish).await
}

fn wish(account: impl serde::Serialize, role: &str, scope: &str, reference: Option<&str>) -> Value {
    let mut wish = json!({ "account_id": account, "role": role, "scope": scope });
    if let Some(reference) = reference {
        wish["scope_ref"] = json!(reference);
    }
    wish
}

#[tokio::test]
async fn a_cdg_administrator_gives_employer_manager_inside_its_perimeter_and_nothing_else() {
    let world = World::new().await;
    let (cdg, to) = (world.token("cdg35").await, world.admit("agent-bis").await.account_id);
    let given = give(&world, &cdg, &wish(to, "employer_manager", "organisation", Some(NEAR))).await;
    assert_eq!(given.expect(201).json()["role"], "employer_manager");
    let outside = wish(to, "employer_manager", "organisation", Some(FAR));
    assert_eq!(give(&world, &cdg, &outside).await.expect(404).problem_code(), "not-found");
    let equal = wish(to, "cdg_admin", "perimeter", Some("cdg:CDG-35"));
    let refused = give(&world, &cdg, &equal).await.expect(409);
    assert_eq!(refused.problem_code(), "grant-too-wide");
    for (role, scope, reference) in [
        ("national_admin", "national", None),
        ("operator", "machine", None),
        ("trainer", "provider", Some("local:demonstration")),
        ("cdg_admin", "perimeter", Some("cdg:CDG-33")),
    ] {
        give(&world, &cdg, &wish(to, role, scope, reference)).await.expect(404);
    }
}

#[tokio::test]
async fn a_role_is_given_over_the_kind_of_scope_that_it_has_a_meaning_for() {
    let world = World::new().await;
    let (cdg, national) = (world.token("cdg35").await, world.token("national").await);
    let to = world.admit("agent-bis").await.account_id;
    let wide = wish(to, "employer_manager", "perimeter", Some("cdg:CDG-35"));
    for token in [&cdg, &national] {
        let refused = give(&world, token, &wide).await.expect(422);
        assert_eq!(refused.problem_code(), "invalid-values");
        assert_eq!(refused.json()["errors"][0]["pointer"], "/scope");
    }
    for (role, scope, reference) in [
        ("trainer", "national", None),
        ("operator", "national", None),
        ("national_admin", "perimeter", Some("cdg:CDG-35")),
        ("cdg_admin", "organisation", Some(NEAR)),
        ("auditor", "machine", None),
        ("auditor", "perimeter", Some("cdg:CDG-35")),
    ] {
        give(&world, &national, &wish(to, role, scope, reference)).await.expect(422);
    }
    for (role, scope, reference) in [
        ("trainer", "provider", Some("local:demonstration")),
        ("employer_manager", "organisation", Some(FAR)),
        ("cdg_admin", "perimeter", Some("cdg:CDG-33")),
        ("auditor", "provider", Some("local:demonstration")),
        ("auditor", "organisation", Some(NEAR)),
        ("auditor", "national", None),
        ("operator", "machine", None),
    ] {
        give(&world, &national, &wish(to, role, scope, reference)).await.expect(201);
    }
}

#[tokio::test]
async fn nobody_gives_a_grant_that_outlives_their_own() {
    let world = World::new().await;
    let (cdg, to) = (world.admit("cdg-bis").await, world.admit("agent-bis").await.account_id);
    let perimeter = world.perimeter("cdg:CDG-35").await;
    let end = world.app.clock.now() + Duration::days(30);
    world.give(cdg.account_id, Role::CdgAdmin, perimeter, Some(end)).await;
    let mut grant = wish(to, "employer_manager", "organisation", Some(NEAR));
    let refused = give(&world, &cdg.token, &grant).await.expect(409);
    assert_eq!(refused.problem_code(), "grant-too-wide", "for ever is longer than a month");
    grant["valid_to"] = json!(end + Duration::seconds(1));
    give(&world, &cdg.token, &grant).await.expect(409);
    grant["valid_to"] = json!(end);
    give(&world, &cdg.token, &grant).await.expect(201);
}

#[tokio::test]
async fn a_grant_that_has_ended_before_it_begins_is_refused() {
    let world = World::new().await;
    let (national, to) = (world.token("national").await, world.admit("agent-bis").await.account_id);
    let mut grant = wish(to, "auditor", "national", None);
    grant["valid_to"] = json!(world.app.clock.now() - Duration::seconds(1));
    let refused = give(&world, &national, &grant).await.expect(422);
    assert_eq!(refused.problem_code(), "invalid-values");
    assert_eq!(refused.json()["errors"][0]["pointer"], "/valid_to");
}

#[tokio::test]
async fn of_two_who_revoke_a_grant_at_once_one_does_and_the_journal_says_so_once() {
    let world = World::new().await;
    let (one, other) = (world.admit("national-un").await, world.admit("national-deux").await);
    for who in [&one, &other] {
        world.give(who.account_id, Role::NationalAdmin, Scope::National, None).await;
    }
    let to = world.admit("agent-bis").await.account_id;
    for _ in 0..4 {
        let grant = world.give(to, Role::Auditor, Scope::National, None).await;
        let path = format!("/api/v1/grants/{grant}");
        let (first, second) =
            tokio::join!(async { world.api.delete(&path).bearer(&one.token).await }, async {
                world.api.delete(&path).bearer(&other.token).await
            },);
        first.expect(204);
        second.expect(204);
        let entries = journal_entry::Entity::find()
            .filter(journal_entry::Column::Action.eq("grant.revoke"))
            .filter(journal_entry::Column::SubjectId.eq(grant.to_string()))
            .all(world.app.db.read())
            .await
            .expect("the journal");
        assert_eq!(entries.len(), 1);
        let row = access_grant::Entity::find_by_id(grant).one(world.app.db.read()).await;
        let row = row.expect("the grant").expect("the grant");
        assert_eq!(row.revoked_by, entries[0].actor_id, "who is said to have done it did");
    }
}

#[tokio::test]
async fn no_one_changes_their_own_grants() {
    let world = World::new().await;
    for (word, role, scope, reference) in [
        ("cdg35", "employer_manager", "organisation", Some(NEAR)),
        ("national", "auditor", "national", None),
    ] {
        let who = world.known(&format!("{word}@demonstration.example")).await;
        let own = wish(who.account_id, role, scope, reference);
        let refused = give(&world, &who.token, &own).await.expect(409);
        assert_eq!(refused.problem_code(), "grant-too-wide");
    }
    let national = world.known("national@demonstration.example").await;
    let grants = world.api.get("/api/v1/grants?limit=200").bearer(&national.token).await;
    let grants = grants.expect(200).json();
    let account = national.account_id.to_string();
    let mut all = grants["items"].as_array().expect("grants").iter();
    let own = all.find(|g| g["account_id"] == account).expect("their own grant");
    let path = format!("/api/v1/grants/{}", own["id"].as_str().expect("an id"));
    let refused = world.api.delete(&path).bearer(&national.token).await.expect(409);
    assert_eq!(refused.problem_code(), "grant-too-wide");
    world.api.get("/api/v1/reminders").bearer(&national.token).await.expect(200);
}

#[tokio::test]
async fn a_cdg_administrator_revokes_only_what_they_could_have_given() {
    let world = World::new().await;
    let (cdg, far) = (world.token("cdg35").await, world.token("cdg33").await);
    let (manager, trainer) = (world.admit("gerant").await, world.admit("formateur").await);
    let (commune, provider) =
        (world.organisation(NEAR).await, world.provider("local:demonstration").await);
    let near = world.give(manager.account_id, Role::EmployerManager, commune, None).await;
    let teach = world.give(trainer.account_id, Role::Trainer, provider, None).await;
    let revoke = async |grant, token: &str| {
        world.api.delete(&format!("/api/v1/grants/{grant}")).bearer(token).await
    };
    revoke(teach, &cdg).await.expect(404);
    revoke(near, &far).await.expect(404);
    revoke(near, &cdg).await.expect(204);
    let roster = format!("/api/v1/organisations/{NEAR}/people");
    world.api.get(&roster).bearer(&manager.token).await.expect(403);
}

#[tokio::test]
async fn a_grant_names_an_account_and_a_place_that_exist() {
    let world = World::new().await;
    let national = world.token("national").await;
    let to = world.admit("agent-bis").await.account_id;
    let nobody = maitrise::clock::new_id();
    for grant in [
        wish(nobody, "employer_manager", "organisation", Some(NEAR)),
        wish(to, "employer_manager", "organisation", Some("insee:99999")),
        wish(to, "cdg_admin", "perimeter", Some("cdg:NULLE-PART")),
        wish(to, "trainer", "provider", Some(NEAR)),
    ] {
        give(&world, &national, &grant).await.expect(404);
    }
    for grant in [
        wish(to, "emperor", "national", None),
        wish(to, "trainer", "provider", None),
        wish(to, "national_admin", "national", Some(NEAR)),
        wish(to, "trainer", "provider", Some("'; DROP TABLE access_grant; --")),
    ] {
        let refused = give(&world, &national, &grant).await.expect(422);
        assert_eq!(refused.problem_code(), "invalid-values", "{grant}");
    }
}
