//! The command line: what an operator types, one file per command. Each parses, opens the data
//! through `boot` for its purpose, calls one verb of a room, and says in one line what came of it.

mod account;
mod backup;
mod check;
mod content;
mod keys;
mod restore;
mod serve;
mod verify;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

use crate::app::App;
use crate::boot::{self, Purpose};
use crate::clock::Clock;
use crate::config::{self, Settings};
use crate::demo;
use crate::http;
use crate::mail::Office;

/// Training catalogue and e-learning back end of French local government.
///
/// Start with `maitrise demo`: it needs nothing, and prints a guided tour. For real people, read
/// `maitrise config show`, make keys with `maitrise keys new`, then `maitrise serve`.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    /// Settings file, laid over the defaults and under the environment (`MAITRISE__SECTION__KEY`)
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the embedded database, keys and file mailbox (default: `data.dir`, which is `var`)
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, plan reminders and deliver mail
    Serve,
    /// Run a demonstration on a database of its own, with a guided tour
    Demo,
    /// Bring the database schema up to date (`serve` does it too)
    Migrate,
    /// Begin, check, refresh and import modules written as files
    #[command(subcommand)]
    Content(content::ContentCommand),
    /// Open accounts
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Make, list and retire signing keys
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Print the OpenAPI document
    Openapi,
    /// Check or show the settings in force
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Back the database up into a new folder, while servers go on
    Backup(backup::BackupCommand),
    /// Restore a backup into an empty place, and test the installation
    Restore(restore::RestoreCommand),
    /// Test this installation: database, migrations, keys, mail settings, clock
    Check,
    /// Check an attestation offline: a PDF, a credential, a verification address; or a bundle of them
    Verify(verify::VerifyCommand),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Say whether the settings can be used as they are; exit code 1 when not
    Check,
    /// Print every setting in force, secrets redacted
    Show,
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// One line that says what is wrong and what to do.
    pub async fn run(self) -> anyhow::Result<()> {
        if let Command::Content(command) = &self.command
            && command.needs_no_settings()
        {
            return command.run_on_files(Clock::default().now().date_naive()).await;
        }
        if let Command::Verify(command) = &self.command {
            return command.run(|| config::load(self.config.as_deref(), self.data_dir.as_deref()));
        }
        let settings = config::load(self.config.as_deref(), self.data_dir.as_deref())?;
        match self.command {
            Command::Serve => serve::run(settings).await,
            Command::Demo => demo::run(settings).await,
            Command::Migrate => migrate(&settings).await,
            Command::Content(command) => {
                command.run(&settings, Clock::default().now().date_naive()).await
            }
            Command::Account(command) => command.run(&settings).await,
            Command::Keys(command) => command.run(&settings),
            Command::Openapi => {
                print!("{}", http::document(&App::without_data(settings)));
                Ok(())
            }
            Command::Config(ConfigCommand::Show) => {
                println!("{}", settings.shown());
                Ok(())
            }
            Command::Config(ConfigCommand::Check) => check_settings(&settings),
            Command::Backup(command) => command.run(&settings).await,
            Command::Restore(command) => command.run(&settings).await,
            Command::Check => check::run(&settings).await,
            Command::Verify(command) => command.run(|| Ok(settings)),
        }
    }
}

async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let opened = boot::open(settings, Purpose::Operate, Clock::default().now()).await?;
    let applied = opened.db.applied_migrations().await?;
    println!("the schema is up to date ({} migrations)", applied.len());
    Ok(opened.db.close().await?)
}

fn check_settings(settings: &Settings) -> anyhow::Result<()> {
    let mut faults = settings.production_faults();
    let office = Office::new(&settings.mail, &settings.data.dir, &settings.http.public_url);
    faults.extend(office.err().map(|error| error.to_string()));
    if faults.is_empty() {
        println!("the settings can be used");
        return Ok(());
    }
    anyhow::bail!("these settings cannot be used: {}", faults.join("; "))
}

/// Where a path given on the command line points, for messages.
fn shown(path: &Path) -> String {
    path.display().to_string()
}
