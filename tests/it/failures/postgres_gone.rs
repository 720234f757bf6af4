//! PostgreSQL is restarted, crashes and cuts its connections under load: the process is never
//! restarted, tells whoever asks when to come back, and goes on by itself.

use std::path::Path;
use std::time::{Duration, Instant};

use maitrise::mail::model::MailState;

use super::chance::Chance;
use super::crowd::{Busy, Crowd};
use super::evidence::Tables;
use super::load::must_say_when_to_come_back;
use super::site::Site;
use crate::support::{Cluster, Durability, Engine, Sink, Stop};

/// Longest wait for what comes back by itself.
const SOON: Duration = Duration::from_secs(60);

/// Longest wait for mail that is under way.
const SETTLED: Duration = Duration::from_secs(4);

/// Messages that prove nothing yet.
const PROOF: usize = 5;

/// What an answer may take while the database is away: the wait for a connection
/// (`database.acquire_timeout_seconds`, 5), and twice that for a loaded machine; far below the
/// 45 seconds after which the front door gives a request up.
const NO_HANG: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_a_crash_and_cut_connections_of_postgresql_are_503_then_nothing_at_all() {
    if Engine::of_this_run() != Engine::Postgres {
        return;
    }
    let cluster = Cluster::private(Durability::On, &["log_min_messages=fatal"], None);
    let sink = Sink::start();
    let mut site = Site::new(Some(&cluster)).await;
    site.mail_to(&sink);
    let crowd = Crowd::gather(&site, 48, Chance::of(1)).await;
    site.close().await;
    site.start().await;
    let crowd = crowd.begin();
    for how in [Stop::Fast, Stop::Immediate] {
        crowd.tally.wait_for_more(20).await;
        let before = crowd.tally.refused();
        tokio::task::block_in_place(|| cluster.stop(how));
        is_away(&site).await;
        assert!(crowd.tally.refused() > before, "{how:?}: nobody met the gap");
        tokio::task::block_in_place(|| cluster.start());
        is_back(&site, &crowd).await;
    }
    for _ in 0..5 {
        cut_connections(&cluster);
        crowd.tally.wait_for_more(5).await;
    }
    let mails = sink.messages().len();
    sees_what_another_publishes(&site).await;
    let tally = crowd.tally.clone();
    wait_for_more_mail(&sink, mails.max(PROOF)).await;
    let told = crowd.end().await;
    println!("{tally:?}");
    assert_eq!(tally.unknown(), 0, "a process that lives answers: {tally:?}");
    assert!(tally.slowest() < NO_HANG, "{tally:?}");
    told.are_shown(&site).await;
    went_out_once(&site, &sink).await;
    site.stop().await;
    told.are_stored(&site).await;
}

/// While the database is away: not ready, alive, and the catalogue goes on from memory.
async fn is_away(site: &Site) {
    let asked = Instant::now();
    let ready = site.api.get("/readyz").await;
    assert_eq!(ready.status, 503, "{}", ready.body);
    must_say_when_to_come_back(&ready);
    site.api.get("/livez").await.expect(200);
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    let catalogue = site.api.get("/api/v1/modules").await.expect(200).json();
    assert!(catalogue["items"].as_array().is_some_and(|items| items.len() >= 3), "{catalogue}");
    assert!(asked.elapsed() < NO_HANG, "{:?}", asked.elapsed());
}

/// It is ready, and writes are acknowledged.
async fn is_back(site: &Site, crowd: &Busy) {
    let asked = Instant::now();
    while site.api.get("/readyz").await.status != 200 {
        assert!(asked.elapsed() < SOON, "it does not come back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    crowd.tally.wait_for_more(20).await;
}

/// Ends every session of the site, as a proxy or a firewall does.
fn cut_connections(cluster: &Cluster) {
    let sql =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'site'";
    let cut = tokio::task::block_in_place(|| cluster.psql("postgres", sql));
    assert_ne!(cut, "0", "nobody was connected");
}

/// The watch of the shelf goes on: a module imported by a command beside the process appears.
async fn sees_what_another_publishes(site: &Site) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (from, to) = (Path::new(env!("CARGO_MANIFEST_DIR")), folder.path().join("modules/Z9"));
    copy_as(&from.join("content/modules/E1"), &to, ("\"E1\"", "\"Z9\""));
    let folder = folder.path().display().to_string();
    let imported = site.run(&["content", "import", &folder]).await;
    assert!(imported.status.success(), "{imported:?}");
    let asked = Instant::now();
    while site.api.get("/api/v1/modules/Z9").await.status != 200 {
        assert!(asked.elapsed() < Duration::from_secs(5), "the shelf does not see it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn copy_as(from: &Path, to: &Path, (word, other): (&str, &str)) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_as(&entry.path(), &target, (word, other));
        } else {
            let text = std::fs::read_to_string(entry.path()).expect("a text");
            std::fs::write(target, text.replace(word, other)).expect("a file");
        }
    }
}

/// The worker goes on: mail leaves that was queued since.
async fn wait_for_more_mail(sink: &Sink, before: usize) {
    let asked = Instant::now();
    while sink.messages().len() <= before {
        assert!(asked.elapsed() < SOON, "no mail since");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Every message that left is recorded as sent, and left once.
async fn went_out_once(site: &Site, sink: &Sink) {
    let (db, asked) = (site.tables().await, Instant::now());
    loop {
        let messages = Tables::of(&db).await.messages;
        let received: Vec<String> =
            sink.messages().iter().filter_map(|mail| mail.header("Message-ID")).collect();
        let waiting = [MailState::Queued, MailState::Delivering];
        if messages.iter().any(|row| waiting.contains(&row.state)) && asked.elapsed() < SETTLED {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        }
        for row in &messages {
            let id = row.id.to_string();
            let times = received.iter().filter(|header| header.contains(&id)).count();
            let expected = match row.state {
                MailState::Sent => 1,
                // Done before it was to be reminded of.
                MailState::Cancelled => 0,
                // Claimed by a worker whose database went: its lease brings it back.
                MailState::Delivering if row.handed_at.is_none() => 0,
                other => panic!("{id} is {other:?}, received {times} times: {:?}", row.last_error),
            };
            assert_eq!(times, expected, "{id}: {:?}", row.state);
        }
        assert!(received.len() > PROOF, "too few to prove anything: {}", received.len());
        break;
    }
    db.close().await.expect("a closed database");
}
