//! How many statements a page of the workbench costs: as many with fifty modules as with five.

use maitrise::accounts::Principal;
use maitrise::accounts::model::account;
use maitrise::catalogue::draft;
use maitrise::content::ModuleCode;
use sea_orm::EntityTrait as _;
use tracing_subscriber::layer::SubscriberExt as _;

use super::super::statements::{Statements, price};
use super::{Browser, PROVIDER};
use crate::world::World;

/// Begins so many modules, whose drafts are open.
async fn begin(world: &World, names: std::ops::Range<usize>) {
    let trainer = world.known("formatrice@demonstration.example").await;
    let (db, now) = (&world.app.db, world.app.clock.now());
    let row = account::Entity::find_by_id(trainer.account_id).one(db.read()).await;
    let generation = row.expect("accounts").expect("an account").generation;
    let who = Principal::load(db.read(), trainer.account_id, generation, now).await;
    let who = who.expect("a trainer");
    let tx = db.begin_write().await.expect("a transaction");
    for name in names {
        let code = ModuleCode::parse(&format!("BANC-{name}")).expect("a code");
        let of = (PROVIDER, "Un module");
        draft::begin_module(&tx, &who, &code, of, now).await.expect("begun");
    }
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn a_page_costs_as_many_statements_with_fifty_modules_as_with_five() {
    let world = World::new().await;
    begin(&world, 0..5).await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let statements = Statements::default();
    let subscriber = tracing_subscriber::registry().with(statements.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    let paths = [
        "/atelier",
        "/atelier/a-revoir",
        "/atelier/retours",
        "/atelier/PREMIERS-PAS",
        "/atelier/PREMIERS-PAS/fichiers?path=module.toml",
        "/atelier/PREMIERS-PAS/apercu",
        "/atelier/PREMIERS-PAS/relecture",
    ];
    let mut counts = Vec::new();
    for more in [0..0, 5..50] {
        begin(&world, more).await;
        let mut round = Vec::new();
        for path in paths {
            round.push((path, price(&world, &mut trainer, &statements, path).await));
        }
        counts.push(round);
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0].iter().all(|(_, count)| (1..=20).contains(count)), "{counts:?}");
}
