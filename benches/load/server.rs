//! The real binary, serving a population.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use maitrise::config::Settings;

use crate::support::leash;

/// A server that is being measured; killed when dropped, and with this process.
pub struct Served {
    child: Child,
    /// Where it answers.
    pub base: String,
    /// From its start until `/readyz` answered 200.
    pub ready_after: Duration,
}

impl Served {
    /// Starts `maitrise serve` on the data of these settings, logging to a file as in production, and
    /// waits until it is ready.
    pub async fn start(settings: &Settings) -> anyhow::Result<Self> {
        let mut command = leash::command(env!("CARGO_BIN_EXE_maitrise"), "KILL");
        command.arg("--data-dir").arg(&settings.data.dir).arg("serve");
        let (listen, database) = (settings.http.listen.to_string(), settings.database.url.clone());
        for (key, value) in [
            ("MODE", "development"),
            ("HTTP__LISTEN", &listen),
            ("HTTP__PUBLIC_URL", &settings.http.public_url),
            ("DATABASE__URL", &database),
            // Everyone signs in from one address here.
            ("SIGN_IN__PER_ADDRESS", "1000000"),
            ("SIGN_IN__PER_ACCOUNT_AND_ADDRESS", "100000"),
            ("LOG__FORMAT", "json"),
        ] {
            command.env(format!("MAITRISE__{key}"), value);
        }
        let log = File::create(settings.data.dir.join("log"))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let started = Instant::now();
        let child = leash::spawn(command)?;
        let base = format!("http://{listen}");
        let mut served = Self { child, base, ready_after: Duration::ZERO };
        served.wait_ready(&settings.data.dir).await?;
        served.ready_after = started.elapsed();
        Ok(served)
    }

    async fn wait_ready(&mut self, folder: &Path) -> anyhow::Result<()> {
        let asked = Instant::now();
        let url = format!("{}/readyz", self.base);
        while asked.elapsed() < Duration::from_secs(60) {
            if reqwest::get(&url).await.is_ok_and(|answer| answer.status() == 200) {
                return Ok(());
            }
            if self.child.try_wait()?.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("the server is not ready:\n{}", std::fs::read_to_string(folder.join("log"))?)
    }

    /// Resident memory now and at its highest, in MiB.
    pub fn resident(&self) -> anyhow::Result<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let read = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<u64>().ok()
        };
        let (now, peak) = read("VmRSS:").zip(read("VmHWM:")).context("/proc/PID/status")?;
        Ok((now / 1024, peak / 1024))
    }

    /// How many times an operation was answered with a status, as the server itself counts.
    pub async fn answered(&self, operation: &str, status: u16) -> anyhow::Result<u64> {
        let text = reqwest::get(format!("{}/metrics", self.base)).await?.text().await?;
        let labels = format!("{{operation=\"{operation}\",status=\"{status}\"}} ");
        let name = "maitrise_http_request_seconds_count";
        let count = text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(labels.as_str()));
        Ok(count.map(str::parse).transpose()?.unwrap_or_default())
    }

    /// Stops it politely.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        std::process::Command::new("kill").arg(self.child.id().to_string()).status()?;
        while self.child.try_wait()?.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Either may fail only if it has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
