//! The process is killed at random moments under load (`kill -9`), and nothing acknowledged is lost.

use std::time::{Duration, Instant};

use super::chance::Chance;
use super::crowd::Crowd;
use super::site::Site;
use crate::support::{Cluster, Durability, Engine, dial};

/// Kills of one run on one engine, unless `MAITRISE_TEST_KILLS` says otherwise.
const KILLS: u64 = 26;

/// Acknowledged writes between two kills at least, on the average of a run; more with
/// `MAITRISE_TEST_ACKNOWLEDGED`, which is their number in the whole run.
const BETWEEN: u64 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed_over_and_over() {
    let kills = dial("MAITRISE_TEST_KILLS", KILLS);
    let wanted = dial("MAITRISE_TEST_ACKNOWLEDGED", BETWEEN * kills);
    let seed = dial("MAITRISE_TEST_SEED", u64::from_be_bytes(maitrise::clock::random()) >> 1);
    println!("MAITRISE_TEST_SEED={seed} MAITRISE_TEST_KILLS={kills}");
    let mut chance = Chance::of(seed);
    let own = (Engine::of_this_run() == Engine::Postgres)
        .then(|| Cluster::private(Durability::On, &[], None));
    let mut site = Site::new(own.as_ref()).await;
    let crowd = Crowd::gather(&site, 12 + wanted / 40, chance.fork()).await;
    site.close().await;
    site.start().await;
    let started = Instant::now();
    let crowd = crowd.begin();
    for number in 0..kills {
        crowd.tally.wait_for(number * wanted / kills).await;
        let moment = Duration::from_millis(20 + chance.below(280));
        tokio::time::sleep(moment).await;
        site.kill().await;
        site.start().await;
    }
    crowd.tally.wait_for(wanted).await;
    let (tally, took) = (crowd.tally.clone(), started.elapsed());
    let told = crowd.end().await;
    println!(
        "{kills} kills in {took:.1?}: {} acknowledged, {} without an answer, {} told to come back",
        tally.acknowledged(),
        tally.unknown(),
        tally.refused()
    );
    assert!(tally.unknown() >= kills, "no kill met a request: {tally:?}");
    told.are_shown(&site).await;
    let checked = site.run(&["check"]).await;
    assert!(checked.status.success(), "{checked:?}");
    site.stop().await;
    told.are_stored(&site).await;
}
