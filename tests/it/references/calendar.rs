//! What the calendar asks: days that pass, at midnight in Paris.

use chrono::{Days, Duration, NaiveDate, TimeZone as _};
use maitrise::references::flags;
use serde_json::json;

use super::{
    Copy, about, citing, create, in_days, known, publish, publish_here, revise, telling, to_review,
    told,
};
use crate::world::World;

/// Sets the clock a second before the end of a day in Paris.
fn last_second(world: &World, day: NaiveDate) {
    let next = day.checked_add_days(Days::new(1)).and_then(|day| day.and_hms_opt(0, 0, 0));
    let midnight = chrono_tz::Europe::Paris.from_local_datetime(&next.expect("a day")).earliest();
    let eve = midnight.expect("midnight exists in Paris") - Duration::seconds(1);
    world.app.clock.advance(eve.to_utc() - world.app.clock.now());
}

async fn look(world: &World) {
    flags::look(&world.app.db, world.app.clock.now()).await.expect("a look");
}

#[tokio::test]
async fn a_check_date_passes_at_midnight_in_paris() {
    let world = World::new().await;
    let day = in_days(&world, 3);
    let copy = Copy::of("texte-local", "Un texte sans registre").with(format!("check_by = {day}"));
    publish_here(&world, "CITE-JOUR", &[copy]).await;
    last_second(&world, day);
    look(&world).await;
    let trainer = known(&world, "formatrice").await;
    assert!(about(&to_review(&world, &trainer, "").await, "CITE-JOUR").is_empty(), "not yet");
    world.app.clock.advance(Duration::seconds(2));
    look(&world).await;
    let mine = to_review(&world, &trainer, "?cause=check_due").await;
    let items = about(&mine, "CITE-JOUR");
    assert_eq!(items.len(), 1, "{mine}");
    assert_eq!(items[0]["due_on"], day.to_string());
    assert_eq!(items[0]["reference_text"], "Un texte sans registre", "as the module calls it");
}

#[tokio::test]
async fn two_workers_find_what_is_due_at_once_and_each_person_has_one_message() {
    let world = World::new().await;
    let day = in_days(&world, 1);
    for code in ["CITE-UN", "CITE-DEUX", "CITE-TROIS"] {
        let copies = [
            Copy::of("texte-un", "Premier texte").with(format!("check_by = {day}")),
            Copy::of("texte-deux", "Second texte").with(format!("in_force_to = {day}")),
        ];
        publish_here(&world, code, &copies).await;
    }
    last_second(&world, day);
    world.app.clock.advance(Duration::seconds(2));
    let (db, now) = (&world.app.db, world.app.clock.now());
    let looks = futures_util::future::join_all((0..4).map(|_| flags::look(db, now))).await;
    let raised: u64 = looks.into_iter().map(|look| look.expect("a look").items).sum();
    let trainer = world.known("formatrice@demonstration.example").await;
    let mine = to_review(&world, &trainer.token, "?limit=200").await;
    for code in ["CITE-UN", "CITE-DEUX", "CITE-TROIS"] {
        let mut causes: Vec<_> =
            about(&mine, code).iter().filter_map(|item| item["cause"].as_str()).collect();
        causes.sort_unstable();
        assert_eq!(causes, ["check_due", "ended"], "{code}");
    }
    assert!(raised >= 6, "{raised}");
    let messages = told(&world, trainer.person_id).await;
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(messages[0]["count"].as_str(), Some(mine["counts"]["open"].to_string().as_str()));
    look(&world).await;
    assert_eq!(told(&world, trainer.person_id).await.len(), 1, "a restart tells nothing twice");
}

#[tokio::test]
async fn a_module_past_its_review_date_is_to_be_reviewed_until_a_version_moves_the_date() {
    let world = World::new().await;
    let day = in_days(&world, 2);
    let dated = |day: NaiveDate| {
        let mut files = citing("CITE-DATE", "local:demonstration", &[]);
        files[0].1 = files[0].1.replace("review_by = 2030-08-02", &format!("review_by = {day}"));
        files
    };
    publish(&world, "CITE-DATE", dated(day)).await;
    last_second(&world, day);
    world.app.clock.advance(Duration::seconds(2));
    look(&world).await;
    let trainer = known(&world, "formatrice").await;
    let mine = to_review(&world, &trainer, "?cause=review_due").await;
    assert_eq!(about(&mine, "CITE-DATE")[0]["due_on"], day.to_string());
    publish(&world, "CITE-DATE", dated(in_days(&world, 90))).await;
    let mine = to_review(&world, &trainer, "").await;
    assert!(about(&mine, "CITE-DATE").is_empty(), "{mine}");
}

#[tokio::test]
async fn a_text_that_the_register_has_read_again_is_no_more_to_be_read_by_those_who_cite_it() {
    let world = World::new().await;
    let (day, later) = (in_days(&world, 1), in_days(&world, 200));
    let reviewer = known(&world, "relecteur").await;
    let first = telling("Décret fictif", &json!({ "check_by": day.to_string() }));
    create(&world, &reviewer, "decret-fictif", &first).await.expect(201);
    publish_here(&world, "CITE-UN", &[Copy::of("decret-fictif", "Décret fictif")]).await;
    last_second(&world, day);
    world.app.clock.advance(Duration::seconds(2));
    look(&world).await;
    let reviewer = known(&world, "relecteur").await;
    assert_eq!(about(&to_review(&world, &reviewer, "").await, "CITE-UN").len(), 1);
    let read_again = telling(
        "Décret fictif",
        &json!({ "verified_on": in_days(&world, 0).to_string(), "check_by": later.to_string() }),
    );
    revise(&world, &reviewer, ("decret-fictif", "\"1\""), &read_again).await.expect(201);
    assert!(about(&to_review(&world, &reviewer, "").await, "CITE-UN").is_empty());
}

#[tokio::test]
async fn a_restored_database_shows_what_is_to_be_reviewed_and_writes_to_nobody_a_second_time() {
    let world = World::new().await;
    let day = in_days(&world, 1);
    let copy = Copy::of("texte-un", "Premier texte").with(format!("check_by = {day}"));
    publish_here(&world, "CITE-UN", &[copy]).await;
    last_second(&world, day);
    world.app.clock.advance(Duration::seconds(2));
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let passed = flags::pass_over(&tx, world.app.clock.now()).await.expect("passed over");
    tx.commit().await.expect("a commit");
    assert!(passed >= 1);
    let again = flags::look(&world.app.db, world.app.clock.now()).await.expect("a look");
    assert_eq!(again, flags::Raised::default());
    let trainer = world.known("formatrice@demonstration.example").await;
    assert_eq!(about(&to_review(&world, &trainer.token, "").await, "CITE-UN").len(), 1);
    assert!(told(&world, trainer.person_id).await.is_empty());
}
