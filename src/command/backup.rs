//! `maitrise backup`.

use std::path::PathBuf;

use clap::Args;

use crate::backup;
use crate::clock::Clock;
use crate::config::Settings;

/// What a backup takes.
#[derive(Debug, Args)]
#[command(
    after_help = "It holds every row: names, addresses, password hashes. It holds no key: save \
keys.directory apart, once, and again after each `maitrise keys`.

Examples:
  maitrise backup /var/backups/maitrise/2026-11-23
  maitrise --config /etc/maitrise/maitrise.toml backup \"/var/backups/maitrise/$(date +%F)\"

On PostgreSQL it runs the server's own pg_dump. Exit code 0: the backup is there, whole and durable.
Exit code 1: nothing has that name."
)]
pub(super) struct BackupCommand {
    /// Folder to make; its parent must be there, and nothing is overwritten
    #[arg(value_name = "DIR")]
    to: PathBuf,
}

impl BackupCommand {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let made = backup::make(settings, &self.to, Clock::default().now()).await?;
        println!(
            "backed up into {}: {} rows in {} tables, {} bytes, sha256 {}; {} media",
            super::shown(&self.to),
            made.total_rows(),
            made.rows.len(),
            made.dump.bytes,
            made.dump.sha256,
            made.media.len()
        );
        Ok(())
    }
}
