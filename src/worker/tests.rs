//! Whole rounds of the worker against a real database.

use std::path::Path;

use chrono::{Days, Duration};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::*;
use crate::accounts::invite;
use crate::accounts::model::{LinkKind, one_use_link, refresh_token};
use crate::catalogue::import;
use crate::catalogue::model::ChangeKind;
use crate::catalogue::tests::kit;
use crate::config::load;
use crate::content::Tree;
use crate::instance::worker_beat;
use crate::keys;
use crate::mail::model::mail_message;
use crate::obligations::tests::{happened, module, owed, person};
use crate::people::identity::NewPerson;
use crate::records::model::FactKind;
use crate::references::model::review_item;
use crate::testing::database;

fn worker(db: &Db, dir: &Path, clock: &Clock) -> (Worker, watch::Sender<bool>) {
    let settings = load(None, Some(dir)).expect("the default settings");
    keys::create_missing(&settings.keys.directory, clock.now()).expect("keys");
    let ring = KeyRing::load(&settings.keys.directory).expect("a ring");
    let (stop, shutdown) = watch::channel(false);
    let parts = (db.clone(), Arc::new(ring), clock.clone());
    (Worker::new(&settings, parts, shutdown).expect("a worker"), stop)
}

fn mails(dir: &Path) -> usize {
    std::fs::read_dir(dir.join("mail")).map_or(0, Iterator::count)
}

#[tokio::test]
async fn a_reminder_goes_out_once_whatever_the_number_of_rounds_and_workers() {
    let (dir, db) = database().await;
    let clock = Clock::default();
    let (first, _keep) = worker(&db, dir.path(), &clock);
    let (second, _keep_too) = worker(&db, dir.path(), &clock);
    first.tidy().await.expect("tidied");
    let now = clock.now();
    let zone = chrono_tz::Tz::Europe__Paris;
    let due_on = now.with_timezone(&zone).date_naive() + Days::new(7);
    let tx = db.begin_write().await.expect("a transaction");
    let (who, what) = (person(&tx, "Le Goff").await, module(&tx, "E1").await);
    owed(&tx, who, what, due_on, now).await;
    tx.commit().await.expect("committed");
    let (one, other) = tokio::join!(first.round(), second.round());
    let (one, other) = (one.expect("a round"), other.expect("a round"));
    assert_eq!(one.planned.queued + other.planned.queued, 1);
    for _ in 0..3 {
        first.round().await.expect("a round");
        second.round().await.expect("a round");
        clock.advance(Duration::minutes(5));
    }
    assert_eq!(mails(dir.path()), 1);
    let message = mail_message::Entity::find().one(db.read()).await.expect("read").expect("one");
    assert_eq!((message.state, message.attempts), (MailState::Sent, 1));
    let beats = worker_beat::Entity::find().all(db.read()).await.expect("beats");
    assert_eq!(beats.len(), 2);
}

#[tokio::test]
async fn a_reminder_whose_module_was_completed_meanwhile_is_cancelled() {
    let (dir, db) = database().await;
    let clock = Clock::default();
    let (worker, _keep) = worker(&db, dir.path(), &clock);
    worker.tidy().await.expect("tidied");
    let now = clock.now();
    let due_on = now.with_timezone(&chrono_tz::Tz::Europe__Paris).date_naive() + Days::new(7);
    let tx = db.begin_write().await.expect("a transaction");
    let (who, what) = (person(&tx, "Le Goff").await, module(&tx, "E1").await);
    let owed = owed(&tx, who, what, due_on, now).await;
    tx.commit().await.expect("committed");
    assert_eq!(reminders::plan(&db, now).await.expect("planned").queued, 1);
    let tx = db.begin_write().await.expect("a transaction");
    happened(&tx, &owed, FactKind::Completed, now).await;
    tx.commit().await.expect("committed");
    let round = worker.round().await.expect("a round");
    assert_eq!(round.finished, [MailState::Cancelled]);
    assert_eq!(mails(dir.path()), 0);
}

#[tokio::test]
async fn a_worker_asked_to_stop_stops_and_gives_back_what_it_had_claimed() {
    let (dir, db) = database().await;
    let clock = Clock::default();
    let (worker, stop) = worker(&db, dir.path(), &clock);
    worker.tidy().await.expect("tidied");
    let now = clock.now();
    let due_on = now.with_timezone(&chrono_tz::Tz::Europe__Paris).date_naive() + Days::new(7);
    let tx = db.begin_write().await.expect("a transaction");
    let (who, what) = (person(&tx, "Le Goff").await, module(&tx, "E1").await);
    owed(&tx, who, what, due_on, now).await;
    tx.commit().await.expect("committed");
    stop.send(true).expect("asked");
    assert_eq!(worker.round().await.expect("a round").finished, []);
    let message = mail_message::Entity::find().one(db.read()).await.expect("read").expect("one");
    assert_eq!((message.state, message.lease_until), (MailState::Queued, None));
    tokio::time::timeout(std::time::Duration::from_secs(5), worker.run()).await.expect("it ends");
}

#[test]
fn what_is_done_from_time_to_time_is_due_at_first_then_at_each_interval() {
    let (now, every) = (Clock::default().now(), Duration::minutes(1));
    assert!(is_due(None, every, now));
    assert!(!is_due(Some(now), every, now));
    assert!(!is_due(Some(now), every, now + Duration::seconds(59)));
    assert!(is_due(Some(now), every, now + every));
    assert!(is_due(Some(now), every, now - Duration::hours(1)), "a clock set back stops nothing");
}

#[tokio::test]
async fn tokens_and_links_that_have_expired_are_forgotten_and_no_others() {
    let (dir, db) = database().await;
    let clock = Clock::default();
    let (worker, _keep) = worker(&db, dir.path(), &clock);
    let tokens = load(None, Some(dir.path())).expect("the default settings").tokens;
    let new = NewPerson {
        given_name: "Anne".to_owned(),
        family_name: "Fictif".to_owned(),
        address: "anne@mairie.example".to_owned(),
        shared: false,
    };
    let tx = db.begin_write().await.expect("a transaction");
    let account = invite::open(&tx, &new, None, clock.now()).await.expect("an account");
    for _ in 0..2 {
        session::open(&tx, account.clone(), 30, clock.now()).await.expect("a session");
        links::send(&tx, &account, LinkKind::Invitation, &tokens, clock.now()).await.expect("sent");
        clock.advance(Duration::days(20));
    }
    tx.commit().await.expect("committed");
    let left = async || {
        let sessions = refresh_token::Entity::find().count(db.read()).await.expect("tokens");
        (sessions, one_use_link::Entity::find().count(db.read()).await.expect("links"))
    };
    worker.tidy().await.expect("tidied");
    // Sessions live thirty days, invitations fourteen: forty and twenty have passed.
    assert_eq!(left().await, (1, 0));
    clock.advance(Duration::days(10));
    worker.tidy().await.expect("tidied");
    assert_eq!(left().await, (0, 0));
}

#[tokio::test]
async fn what_the_calendar_asks_is_looked_for_at_the_start_and_when_the_day_changes_in_paris() {
    let (dir, db) = database().await;
    let clock = Clock::default();
    let due_on = paris_day(clock.now()) + Days::new(2);
    let tree = kit::tree("E1", "Voici une leçon.");
    let mut due = Tree::new();
    for (path, bytes) in tree.iter() {
        let text = String::from_utf8(bytes.to_vec()).expect("a text");
        let text = text.replace("review_by = 2027-02-22", &format!("review_by = {due_on}"));
        due.insert(path, text.into_bytes()).expect("a path");
    }
    let sound = import::check(vec![("E1".to_owned(), due)], due_on).expect("a sound module");
    let tx = db.begin_write().await.expect("a transaction");
    import::import(&tx, &sound, ChangeKind::Editorial, clock.now()).await.expect("an import");
    tx.commit().await.expect("committed");
    let items = async || review_item::Entity::find().count(db.read()).await.expect("items");

    let (worker, _keep) = worker(&db, dir.path(), &clock);
    let today = || Some(Look { day: paris_day(clock.now()), revision: 1 });
    let looked = worker.look_at_the_law(None, clock.now()).await;
    assert_eq!((looked, items().await), (today(), 0), "nothing is due");
    clock.advance(Duration::days(3));
    let same_day = worker.look_at_the_law(today(), clock.now()).await;
    assert_eq!((same_day, items().await), (today(), 0), "looked today already");
    let next = worker.look_at_the_law(looked, clock.now()).await;
    assert_eq!((next, items().await), (today(), 1));
    worker.look_at_the_law(None, clock.now()).await;
    assert_eq!(items().await, 1, "a restart asks nothing twice");
}

#[tokio::test]
async fn what_is_published_today_with_a_date_that_has_passed_is_flagged_today() {
    let (dir, db) = database().await;
    let clock = Clock::default();
    let (worker, _keep) = worker(&db, dir.path(), &clock);
    let morning = worker.look_at_the_law(None, clock.now()).await;
    // Sound when it was written, and past its day of review when it comes.
    let written = kit::now().date_naive();
    let sound = import::check(vec![("E1".to_owned(), kit::tree("E1", "Une leçon."))], written);
    clock.advance(Duration::days(200) + (kit::now() - clock.now()));
    let morning = morning.map(|look| Look { day: paris_day(clock.now()), ..look });
    let tx = db.begin_write().await.expect("a transaction");
    let sound = sound.expect("a sound module");
    import::import(&tx, &sound, ChangeKind::Editorial, clock.now()).await.expect("an import");
    tx.commit().await.expect("committed");
    let items = async || review_item::Entity::find().count(db.read()).await.expect("items");
    let after = worker.look_at_the_law(morning, clock.now()).await;
    assert_eq!((after.map(|look| look.day), items().await), (morning.map(|look| look.day), 1));
    assert_ne!(after, morning, "the revision has moved");
    assert_eq!(worker.look_at_the_law(after, clock.now()).await, after, "and is looked at once");
}
