//! The register of `content/`: what it adds, what it changes, and what it leaves as people said.

use maitrise::content::{Shared, SharedFiles};
use maitrise::references::register::{self, Loaded};
use serde_json::json;

use super::{Copy, about, known, publish_here, revise, telling, to_review};
use crate::world::World;

/// Loads a register of one text.
async fn load(world: &World, text: &str, more: &str) -> Loaded {
    let register = format!(
        "[[reference]]\nid = \"loi-registre\"\ntext = \"{text}\"\ngrade = \"V\"\n\
         verified_on = 2026-11-01\n{more}\n"
    );
    let files = SharedFiles { register: Some(register.into_bytes()), ..SharedFiles::default() };
    let now = world.app.clock.now();
    let (shared, findings) = Shared::read(&files, now.date_naive());
    assert!(findings.is_empty(), "{findings:?}");
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let loaded = register::load(&tx, shared.register(), now).await.expect("loaded");
    tx.commit().await.expect("a commit");
    loaded
}

#[tokio::test]
async fn a_register_adds_what_differs_and_undoes_nothing_that_people_recorded_since() {
    let world = World::new().await;
    let one = |loaded: Loaded| (loaded.added, loaded.revised, loaded.unchanged, loaded.to_review);
    assert_eq!(one(load(&world, "Loi, art. 1", "").await), (1, 0, 0, 0));
    publish_here(&world, "CITE-REG", &[Copy::of("loi-registre", "Loi, art. 1")]).await;
    assert_eq!(one(load(&world, "Loi, art. 1", "").await), (0, 0, 1, 0));
    let again = load(&world, "Loi, art. 1", "check_by = 2099-01-01").await;
    assert_eq!(one(again), (0, 1, 0, 0), "read again: a version, and nothing to review");
    let amended = load(&world, "Loi, art. 1, modifiée", "check_by = 2099-01-01").await;
    assert_eq!(one(amended), (0, 1, 0, 1));
    let reviewer = known(&world, "relecteur").await;
    assert_eq!(about(&to_review(&world, &reviewer, "").await, "CITE-REG").len(), 1);

    let said = telling("Loi, art. 1, abrogée", &json!({ "in_force_to": "2026-11-30" }));
    revise(&world, &reviewer, ("loi-registre", "\"3\""), &said).await.expect(201);
    let unmoved = load(&world, "Loi, art. 1, modifiée", "check_by = 2099-01-01").await;
    assert_eq!(one(unmoved), (0, 0, 1, 0), "the register has not moved: people's word stands");
    let caught_up = load(&world, "Loi, art. 1, abrogée", "in_force_to = 2026-11-30").await;
    assert_eq!(one(caught_up), (0, 0, 1, 0), "the register says what is known already");
    let moved = load(&world, "Loi, art. 1, rétablie", "").await;
    assert_eq!(one(moved), (0, 1, 0, 1), "it has moved, and says something else");
}

#[tokio::test]
async fn the_shipped_register_is_known_and_agrees_with_the_shipped_modules() {
    let world = World::new().await;
    let reviewer = known(&world, "relecteur").await;
    let call = world.api.get("/api/v1/references/ria-50-2").bearer(&reviewer);
    let told = call.await.expect(200).json();
    assert_eq!(told["versions"][0]["check_by"], "2026-12-02");
    assert_eq!(told["versions"][0]["from_register"], true);
    assert!(!told["cited_by"].as_array().expect("modules").is_empty(), "{told}");
    let auditor = known(&world, "auditeur").await;
    let page = to_review(&world, &auditor, "?cause=amended").await;
    assert_eq!(
        page["counts"],
        json!({ "open": 0, "decided": 0, "closed": 0 }),
        "of the whole nation"
    );
}
