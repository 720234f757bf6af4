//! At the same instant, and however many: once, and as many statements.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use maitrise::accounts::Principal;
use maitrise::accounts::model::{Role, account};
use maitrise::catalogue::{Shelf, draft};
use maitrise::content::ModuleCode;
use maitrise::enrolments::paths::{find, standings};
use maitrise::records::model::FactKind;
use sea_orm::{DatabaseConnection, EntityTrait as _};

use super::{begin, create, elu, enrol, facts, look, new_path, prepare, publisher};
use crate::newcomers::Newcomer;
use crate::world::World;

#[tokio::test]
async fn ten_enrolments_in_a_path_at_the_same_instant_are_one() {
    let world = World::new().await;
    let who = elu(&world, "elue-dix").await;
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let call = enrol(&world, &who.token, "ELUS");
        asked.spawn(async move { call.await });
    }
    let answers = asked.join_all().await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 9, "{statuses:?}");
    assert!(answers.iter().all(|answer| answer.location() == answers[0].location()));
    assert_eq!(facts(&world, &who, FactKind::PathEnrolled).await.len(), 1);
}

#[tokio::test]
async fn two_last_modules_completed_at_the_same_instant_complete_the_path_once() {
    let world = World::new().await;
    let publisher = publisher(&world).await;
    create(&world, &publisher, &new_path("DUO", "free", &["A1", "A2"])).await.expect(201);
    for round in 0..4 {
        let who = elu(&world, &format!("elue-duo-{round}")).await;
        let followed = enrol(&world, &who.token, "DUO").await.expect(201).location();
        let mut asked = tokio::task::JoinSet::new();
        for module in ["A1", "A2"] {
            let begun = begin(&world, &who.token, &followed, module).await.expect(201).location();
            let (submit, answers) = prepare(&world, &who.token, &begun, module).await;
            let call = world.api.post(&submit).bearer(&who.token).json(&answers);
            asked.spawn(async move { call.await.expect(200) });
        }
        asked.join_all().await;
        assert_eq!(facts(&world, &who, FactKind::PathCompleted).await.len(), 1);
        assert_eq!(look(&world, &who.token, &followed).await["state"], "completed");
    }
}

/// Enrolling while the last module is being completed: whichever is first, the path is completed.
#[tokio::test]
async fn enrolling_while_the_last_module_is_completed_misses_nothing() {
    let world = World::new().await;
    let publisher = publisher(&world).await;
    create(&world, &publisher, &new_path("DUO", "free", &["A1", "A2"])).await.expect(201);
    for round in 0..4 {
        let who = elu(&world, &format!("elue-course-{round}")).await;
        crate::deeds::learn(&world, &who.token, "A1").await;
        let enrolled = world.api.post("/api/v1/modules/A2/enrolments").bearer(&who.token);
        let enrolled = enrolled.json(&serde_json::json!({})).await.expect(201).location();
        let (submit, answers) = prepare(&world, &who.token, &enrolled, "A2").await;
        let handed = world.api.post(&submit).bearer(&who.token).json(&answers);
        let asked = enrol(&world, &who.token, "DUO");
        let (handed, asked) = tokio::join!(handed.into_future(), asked.into_future());
        handed.expect(200);
        let followed = asked.expect(201).location();
        assert_eq!(facts(&world, &who, FactKind::PathCompleted).await.len(), 1, "round {round}");
        assert_eq!(look(&world, &who.token, &followed).await["state"], "completed");
    }
}

/// A connection that counts the statements asked through it.
fn counting(world: &World) -> (DatabaseConnection, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let mut conn = world.app.db.read().clone();
    let counted = count.clone();
    conn.set_metric_callback(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    (conn, count)
}

/// How many statements it takes to tell somebody where they stand in all their paths.
async fn statements(world: &World, who: &Newcomer, paths: usize) -> usize {
    let (conn, count) = counting(world);
    let now = world.app.clock.now();
    let (account_id, person_id) = (who.account_id, who.person_id);
    let principal = Principal { account_id, person_id, grants: Vec::new() };
    let rows = find::list(&conn, &principal, 200, None).await.expect("rows");
    let stands = standings(&conn, &principal, rows, now).await.expect("standings");
    assert_eq!(stands.len(), paths);
    count.load(Ordering::SeqCst)
}

#[tokio::test]
async fn standing_in_many_paths_and_reading_many_takes_as_many_statements_as_for_one() {
    let world = World::new().await;
    let who = elu(&world, "elue-nombre").await;
    let followed = enrol(&world, &who.token, "AGENTS").await.expect(201).location();
    begin(&world, &who.token, &followed, "A1").await.expect(201);
    let for_one = statements(&world, &who, 1).await;
    assert!((1..=12).contains(&for_one), "{for_one} statements: are they counted?");
    let (conn, count) = counting(&world);
    let shelf = Shelf::default();
    let listed = shelf.refresh_if_moved(&conn).await.expect("a catalogue").paths().count();
    let to_read = count.swap(0, Ordering::SeqCst);
    for path in ["ELUS", "CADRES", "PREMIERE-HEURE"] {
        enrol(&world, &who.token, path).await.expect(201);
    }
    assert_eq!(statements(&world, &who, 4).await, for_one);
    shelf.current(&conn).await.expect("a catalogue");
    let asked = count.swap(0, Ordering::SeqCst);
    assert!(
        asked <= 1,
        "what is listed is in memory: the revision alone may be asked, not {asked}"
    );
    let publisher = publisher(&world).await;
    for n in 0..6 {
        let path = new_path(&format!("P{n}"), "free", &["A1", "A2"]);
        create(&world, &publisher, &path).await.expect(201);
    }
    let more = Shelf::default().refresh_if_moved(&conn).await.expect("a catalogue").paths().count();
    assert_eq!((more, count.load(Ordering::SeqCst)), (listed + 6, to_read));
}

/// On two connections: whoever gives a code to a path waits for who is giving it to a module.
#[tokio::test]
async fn of_a_module_and_a_path_given_one_code_at_once_one_has_it() {
    let world = World::new().await;
    let token = publisher(&world).await;
    let trainer = world.provider("local:maitrise").await;
    let trainer = world.admit_as("formateur-codes", Role::Trainer, trainer).await;
    let (db, now) = (&world.app.db, world.app.clock.now());
    let row = account::Entity::find_by_id(trainer.account_id).one(db.read()).await;
    let generation = row.expect("accounts").expect("an account").generation;
    let who = Principal::load(db.read(), trainer.account_id, generation, now).await;
    let (who, code) = (who.expect("a trainer"), ModuleCode::parse("DEUX-FOIS").expect("a code"));
    let tx = db.begin_write().await.expect("a transaction");
    draft::create_module(&tx, &who, &code, "local:maitrise", now).await.expect("a module");
    let path = world.api.post("/api/v1/paths").bearer(&token);
    let path = path.json(&new_path("DEUX-FOIS", "free", &["A1", "A2"]));
    let path = tokio::spawn(async move { path.await });
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    assert!(!path.is_finished(), "it waits");
    tx.commit().await.expect("a commit");
    let refused = path.await.expect("no panic").expect(409);
    assert_eq!(refused.problem_code(), "path-code-taken");

    for round in 0..3 {
        let code = format!("ENSEMBLE-{round}");
        let module = serde_json::json!({ "code": code, "provider": "local:maitrise" });
        let module = world.api.post("/api/v1/modules").bearer(&trainer.token).json(&module);
        let path = world.api.post("/api/v1/paths").bearer(&token);
        let path = path.json(&new_path(&code, "free", &["A1", "A2"]));
        let (module, path) = tokio::join!(module.into_future(), path.into_future());
        let mut statuses = [module.status, path.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", module.body, path.body);
    }
}
