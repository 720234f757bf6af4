//! What goes on beside long work that is timed in this process: somebody who writes a little over and
//! over, and, as in a service, whoever keeps SQLite's log short.

use std::time::{Duration, Instant};

use maitrise::clock::{self, Clock};
use maitrise::config::DatabaseSettings;
use maitrise::db::{Db, checkpoints};
use maitrise::instance;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::report::Report;

/// How long the writer rests between two writes.
const REST: Duration = Duration::from_millis(2);

/// The longest that another writer may wait.
const LONGEST_MS: f64 = 50.0;

/// Both of them, at work until [`Beside::end`].
pub struct Beside {
    stop: watch::Sender<bool>,
    folder: JoinHandle<()>,
    writer: JoinHandle<anyhow::Result<Waits>>,
}

/// How long the writer waited, from asking to committed.
#[derive(Default)]
pub struct Waits {
    longest: Duration,
    writes: u64,
}

impl Beside {
    /// Sets them to work.
    pub fn start(db: &Db, settings: &DatabaseSettings) -> Self {
        let (stop, stopping) = watch::channel(false);
        let mut heard = stopping.clone();
        let told = async move {
            let _ = heard.wait_for(|stop| *stop).await;
        };
        let folder = tokio::spawn(checkpoints::keep(settings.clone(), told));
        Self { stop, folder, writer: tokio::spawn(write(db.clone(), stopping)) }
    }

    /// Stops them.
    pub async fn end(self) -> anyhow::Result<Waits> {
        self.stop.send(true)?;
        let waits = self.writer.await??;
        self.folder.await?;
        anyhow::ensure!(waits.writes > 0, "nobody else wrote meanwhile");
        Ok(waits)
    }
}

impl Waits {
    /// Reports the longest.
    pub fn report(&self, report: &mut Report) {
        let what = format!("longest wait of another writer meanwhile, of {} writes", self.writes);
        report.under(&what, self.longest.as_secs_f64() * 1_000.0, LONGEST_MS, "ms");
    }
}

async fn write(db: Db, stopping: watch::Receiver<bool>) -> anyhow::Result<Waits> {
    let mut waits = Waits::default();
    let (id, clock) = (clock::new_id(), Clock::default());
    while !*stopping.borrow() {
        let asked = Instant::now();
        let tx = db.begin_write().await?;
        instance::beat(&tx, id, clock.now()).await?;
        tx.commit().await?;
        waits.longest = waits.longest.max(asked.elapsed());
        waits.writes += 1;
        tokio::time::sleep(REST).await;
    }
    Ok(waits)
}
