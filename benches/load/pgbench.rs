//! What PostgreSQL itself does on this machine: `pgbench -N` (update, select, insert) on the very
//! cluster that serves the program.

use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::support::Cluster;
use crate::wrk::Load;

/// Rows of pgbench's largest table are 100,000 times this.
const SCALE: &str = "10";
const DATABASE: &str = "pgbench";

/// Creates pgbench's tables.
pub fn prepare(cluster: &Cluster) -> anyhow::Result<()> {
    cluster.create_database(DATABASE);
    run(cluster, &["-i", "-q", "-s", SCALE]).map(|_| ())
}

/// Transactions per second with as many clients as the load has connections.
pub fn measure(cluster: &Cluster, load: Load) -> anyhow::Result<f64> {
    let (clients, seconds) = (load.connections.to_string(), load.seconds.to_string());
    let text = run(cluster, &["-N", "-n", "-c", &clients, "-j", "1", "-T", &seconds])?;
    ensure!(text.contains("number of failed transactions: 0"), "pgbench failed some:\n{text}");
    let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")).context("tps")?;
    Ok(tps.split_whitespace().next().context("tps")?.parse()?)
}

fn run(cluster: &Cluster, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("pgbench")
        .args(["-h".as_ref(), cluster.dir().as_os_str()])
        .args(["-U", "postgres"])
        .args(arguments)
        .arg(DATABASE)
        .output()
        .context("pgbench cannot be run; benches/run installs it")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "pgbench {arguments:?}: {errors}");
    Ok(text)
}
