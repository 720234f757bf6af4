//! Runs wrk (Debian's package `wrk`) and reads what its scripts print.
//!
//! One thread of wrk keeps ahead of the server on two cores, at a few microseconds a request.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use serde::Deserialize;

/// What a run of wrk saw. Times are in microseconds.
#[derive(Debug, Deserialize)]
pub struct Run {
    /// Requests answered.
    pub requests: u64,
    microseconds: u64,
    /// Median time to answer.
    pub p50: u64,
    /// Time within which 99 of 100 were answered.
    pub p99: u64,
    /// The slowest.
    pub max: u64,
    lost: u64,
    statuses: BTreeMap<String, u64>,
}

impl Run {
    /// Answers per second.
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    pub fn rate(&self) -> f64 {
        self.requests as f64 * 1e6 / self.microseconds as f64
    }

    /// Fails unless every request was answered with `status`.
    pub fn all_answered(&self, status: u16) -> anyhow::Result<()> {
        let counted = self.statuses.get(&status.to_string()).copied().unwrap_or_default();
        ensure!(self.requests > 0 && self.lost == 0, "requests were lost: {self:?}");
        ensure!(counted == self.requests, "not every answer was {status}: {self:?}");
        Ok(())
    }

    /// Fails if any request was refused or lost; the server's own measures tell the status.
    pub fn none_refused(&self) -> anyhow::Result<()> {
        let refused: u64 = self.statuses.values().sum();
        ensure!(self.requests > 0 && self.lost + refused == 0, "some were refused: {self:?}");
        Ok(())
    }
}

/// How hard and how long to ask.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Connections, each with one request at a time.
    pub connections: usize,
    /// Seconds.
    pub seconds: u64,
}

/// Asks the same again and again.
pub fn same(url: &str, load: Load, if_none_match: Option<&str>) -> anyhow::Result<Run> {
    run("same.lua", url, load, &if_none_match.map(str::to_owned).into_iter().collect::<Vec<_>>())
}

/// Sends each line of a file of requests once, as fast as answers come or at a rate (per second).
pub fn requests(base: &str, load: Load, file: &Path, rate: Option<f64>) -> anyhow::Result<Run> {
    let mut arguments = vec![file.display().to_string()];
    arguments.extend(rate.map(|rate| format!("{rate:.1}")));
    run("requests.lua", base, load, &arguments)
}

/// A line of a file of requests.
pub fn line(method: &str, path: &str, token: &str, body: &str) -> String {
    format!("{method}\t{path}\t{token}\t{body}\n")
}

/// Writes a file of requests.
pub fn write(
    file: &Path,
    lines: impl Iterator<Item = anyhow::Result<String>>,
) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    for line in lines {
        out.write_all(line?.as_bytes())?;
    }
    Ok(out.flush()?)
}

fn run(script: &str, url: &str, load: Load, arguments: &[String]) -> anyhow::Result<Run> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/load").join(script);
    let output = Command::new("wrk")
        .args(["-t", "1", "--timeout", "10", "-c", &load.connections.to_string()])
        .args(["-d", &load.seconds.to_string(), "-s"])
        .arg(script)
        .arg(url)
        .arg("--")
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .context("wrk cannot be run; benches/run installs it")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let json = text.lines().find(|line| line.starts_with('{'));
    let json = json.with_context(|| format!("wrk said nothing that is understood:\n{text}"))?;
    Ok(serde_json::from_str(json)?)
}
