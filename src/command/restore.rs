//! `maitrise restore`.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;

use super::check;
use crate::backup::{self, Restored};
use crate::clock::Clock;
use crate::config::{Mode, Settings};
use crate::instance::InstanceKind;

/// How an instant is told.
const INSTANT: &str = "%Y-%m-%dT%H:%M:%SZ";

/// What a restore takes.
#[derive(Debug, Args)]
#[command(
    after_help = "The place is the one that the settings name: an SQLite file that is not there, \
or a PostgreSQL database without a table. Stop every server first. Sessions, one-use links and \
addresses of calendars that were open are closed, mail that waited is not sent on a guess, \
reminders that were due are recorded as missed.

Examples:
  maitrise restore /var/backups/maitrise/2026-11-23
  maitrise --data-dir /tmp/drill restore /var/backups/maitrise/2026-11-23

Exit code 0: restored, and every check of `maitrise check` passes. Exit code 1: the message says
whether it was restored."
)]
pub(super) struct RestoreCommand {
    /// Folder that `maitrise backup` made
    #[arg(value_name = "DIR")]
    from: PathBuf,
}

impl RestoreCommand {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let now = Clock::default().now();
        let restored = backup::restore(settings, &self.from, now).await?;
        self.tell(settings, &restored, now);
        let mut settings = settings.clone();
        if restored.manifest.kind == InstanceKind::Demo {
            // A demonstration is never production, whatever the settings say.
            settings.mode = Mode::Development;
        }
        check::run(&settings).await.context("it was restored, and cannot be served yet")
    }

    fn tell(&self, settings: &Settings, restored: &Restored, now: DateTime<Utc>) {
        let Restored { manifest, aftermath, unknown_keys } = restored;
        println!(
            "restored {}, as it was at {}: {} rows in {} tables",
            super::shown(&self.from),
            manifest.made_at.format(INSTANT),
            manifest.total_rows(),
            manifest.rows.len()
        );
        println!(
            "closed: {} sessions, {} one-use links, {} calendar addresses; mail: {} unknown, {} \
             cancelled; reminders: {} recorded as missed; {} scheduled publications cancelled",
            aftermath.sessions,
            aftermath.links,
            aftermath.calendars,
            aftermath.unknown,
            aftermath.cancelled,
            aftermath.missed,
            aftermath.unscheduled
        );
        let folder = super::shown(&settings.keys.directory);
        for kid in unknown_keys {
            println!(
                "WARNING: {folder} does not know {kid}, which signed attestations: put the saved key \
                 folder back. If it is lost, append the entry of {kid} in {}/keys.toml to \
                 {folder}/keys.toml, with the line `retired_at = \"{}\"`: what it signed verifies again",
                super::shown(&self.from),
                now.format(INSTANT),
            );
        }
        println!("what happened after that instant is lost. Next:");
        println!("  1. start the servers again, all of them");
        println!(
            "  2. give back or take back the grants changed since; ask those who chose another"
        );
        println!("     password since, or hold an invitation not yet used, to ask for a reset");
        println!("  3. tell learners that what they did since is to be done again");
    }
}
