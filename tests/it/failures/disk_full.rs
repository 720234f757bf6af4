//! The disk is full: whoever writes is told when to come back, whoever reads goes on where the
//! engine can, and all is well once there is room, without a restart of the process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::chance::Chance;
use super::crowd::{Busy, Crowd};
use super::load::Tally;
use super::site::Site;
use crate::support::{Cluster, Durability, Engine, SmallDisk};

/// Longest wait for what comes by itself.
const SOON: Duration = Duration::from_secs(30);

/// Wants room for a table: refused, and nothing else happens.
const MORE_ROWS: &str = "CREATE TABLE room AS \
    SELECT repeat(md5(n::text), 100) FROM generate_series(1, 20000) n";
/// Wants room for the log, without which PostgreSQL cannot go on: it panics, and recovers or not.
const MORE_LOG: &str = "SELECT pg_logical_emit_message(true, 'room', repeat('x', 1000000)) FROM generate_series(1, 64)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_503_to_those_who_write_and_nothing_once_there_is_room() {
    match Engine::of_this_run() {
        Engine::Sqlite => sqlite().await,
        Engine::Postgres => postgres().await,
    }
}

async fn sqlite() {
    let disk = SmallDisk::of(96);
    let mut site = Site::new(None).await;
    let crowd = Crowd::gather(&site, 64, Chance::of(2)).await;
    let reader = site.member("elue").await;
    site.close().await;
    site.move_to(&disk);
    site.start().await;
    let crowd = crowd.begin();
    for _ in 0..2 {
        crowd.tally.wait_for_more(20).await;
        disk.fill();
        wait_for_refusals(&crowd.tally).await;
        for path in ["/api/v1/me/enrolments", "/api/v1/modules", "/readyz"] {
            site.api.get(path).bearer(&reader).await.expect(200);
        }
        disk.free();
        crowd.tally.wait_for_more(20).await;
        refused_requests_leave_nothing_open(&site, &reader).await;
    }
    end(site, crowd).await;
}

async fn postgres() {
    let disk = SmallDisk::of(220);
    let small = ["max_wal_size=32MB", "min_wal_size=32MB", "wal_recycle=off"];
    let cluster = Cluster::private_on(&disk, Durability::On, &small);
    let mut site = Site::new(Some(&cluster)).await;
    let crowd = Crowd::gather(&site, 64, Chance::of(2)).await;
    let reader = site.member("elue").await;
    site.close().await;
    site.start().await;
    let crowd = crowd.begin();
    for fill in [MORE_ROWS, MORE_LOG] {
        crowd.tally.wait_for_more(20).await;
        disk.fill();
        has_nothing_set_aside(&cluster, fill);
        wait_for_refusals(&crowd.tally).await;
        disk.free();
        // It ends when it cannot even recover; whatever supervises it starts it again.
        if !tokio::task::block_in_place(|| recovers(&cluster)) {
            println!("PostgreSQL gave up, and is started again");
            tokio::task::block_in_place(|| cluster.start());
        }
        crowd.tally.wait_for_more(20).await;
        refused_requests_leave_nothing_open(&site, &reader).await;
    }
    assert!(cluster.log().contains("PANIC"), "the log never lacked room:\n{}", cluster.log());
    end(site, crowd).await;
}

/// Everything acknowledged is there, and is still there after a crash.
async fn end(mut site: Site, crowd: Busy) {
    let tally = crowd.tally.clone();
    let told = crowd.end().await;
    println!("{tally:?}");
    assert_eq!(tally.unknown(), 0, "a process that lives answers: {tally:?}");
    site.kill().await;
    site.start().await;
    told.are_shown(&site).await;
    site.stop().await;
    told.are_stored(&site).await;
}

async fn wait_for_refusals(tally: &Arc<Tally>) {
    let (before, asked) = (tally.refused(), Instant::now());
    while tally.refused() < before + 20 {
        assert!(asked.elapsed() < SOON, "a full disk is not noticed: {tally:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A request that is refused rolls back; what is acknowledged after it is seen by another connection.
async fn refused_requests_leave_nothing_open(site: &Site, reader: &str) {
    let path = "/api/v1/modules/NONE/enrolments";
    site.api.post(path).bearer(reader).json(&serde_json::json!({})).await.expect(404);
}

/// Makes the server ask for room now, whatever it had set aside.
fn has_nothing_set_aside(cluster: &Cluster, sql: &str) {
    let refused = tokio::task::block_in_place(|| cluster.try_psql("site", sql));
    assert!(refused.is_err(), "there is room left");
}

/// Whether the server answers again by itself.
fn recovers(cluster: &Cluster) -> bool {
    let asked = Instant::now();
    while cluster.runs() && asked.elapsed() < SOON {
        if cluster.try_psql("site", "SELECT 1").is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}
