//! The walk: killed, resumed, made by two at once, started again by what changes.

use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait as _, QueryFilter as _};

use super::{Story, commune, draft, hold, noon};
use crate::obligations::model::obligation;
use crate::obligations::tests::person;
use crate::people::capacity::Detail;
use crate::people::model::{CapacityKind, capacity};
use crate::requirements::enter::{Entered, enter};

/// So many élus of one commune.
async fn elus(story: &Story, many: usize) {
    let tx = story.tx().await;
    let place = commune(&tx, "Rennes", Some(220_000)).await;
    for nth in 0..many {
        let who = person(&tx, &format!("Nom {nth}")).await;
        hold(&tx, who, place, CapacityKind::Elu, "2026-01-02", Detail::default()).await;
    }
    tx.commit().await.expect("committed");
}

async fn opened(story: &Story) -> usize {
    obligation::Entity::find().all(story.db.read()).await.expect("rows").len()
}

#[tokio::test]
async fn two_walkers_one_of_them_killed_open_each_obligation_once() {
    let story = Story::begin().await;
    elus(&story, 1_050).await;
    story.require(&draft(), "2026-01-05").await;
    let now = noon("2026-01-06");
    let (db, killed) = (story.db.clone(), story.db.clone());
    let dying = tokio::spawn(async move { enter(&killed, now).await });
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    dying.abort();
    let other = tokio::spawn(async move { enter(&db, now).await.expect("entered") });
    let mine = enter(&story.db, now).await.expect("entered");
    other.await.expect("no panic");
    assert!(mine.opened <= 1_050);
    while enter(&story.db, now).await.expect("entered").more {}
    assert_eq!(opened(&story).await, 1_050);
    assert_eq!(enter(&story.db, now).await.expect("entered"), Entered::default(), "nothing left");
}

#[tokio::test]
async fn a_capacity_recorded_after_the_walk_is_seen_without_another() {
    let story = Story::begin().await;
    elus(&story, 3).await;
    story.require(&draft(), "2026-01-05").await;
    let now = noon("2026-01-06");
    enter(&story.db, now).await.expect("entered");
    assert_eq!(opened(&story).await, 3);
    let tx = story.tx().await;
    let place = commune(&tx, "Vitré", Some(18_000)).await;
    let (elu, since) = (CapacityKind::Elu, "2026-01-02");
    let row = hold(&tx, story.who, place, elu, since, Detail::default()).await;
    // Recorded now, not on the day from which it holds.
    capacity::Entity::update_many()
        .col_expr(capacity::Column::RecordedAt, Expr::value(now))
        .filter(capacity::COLUMN.id.eq(row))
        .exec(&tx)
        .await
        .expect("dated");
    tx.commit().await.expect("committed");
    let later = now + chrono::Duration::seconds(1);
    assert_eq!(enter(&story.db, later).await.expect("entered").opened, 1);
    let again = later + chrono::Duration::seconds(60);
    assert_eq!(enter(&story.db, again).await.expect("entered"), Entered::default());
}

#[tokio::test]
async fn nothing_is_walked_over_while_nothing_is_in_force() {
    let story = Story::begin().await;
    elus(&story, 2).await;
    let now = noon("2026-01-06");
    assert_eq!(enter(&story.db, now).await.expect("entered"), Entered::default());
    assert_eq!(opened(&story).await, 0);
}
