//! `maitrise keys`.

use clap::{Subcommand, ValueEnum};

use crate::clock::Clock;
use crate::config::Settings;
use crate::keys::{self, Algorithm, KeyUse};

/// Keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Make a key; restart the servers for it to sign
    New {
        /// What it is for
        #[arg(value_enum)]
        what: What,
        /// How it signs; anything but EdDSA is for attestations whose credentials other systems read
        #[arg(long, value_enum, ignore_case = true, default_value = "EdDSA")]
        algorithm: How,
    },
    /// List the keys, retired ones included
    List,
    /// Retire a key: its private file is destroyed, its public part is kept for ever
    Retire {
        /// Identifier of the key, as `list` shows it
        kid: String,
    },
}

/// What a key is for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum What {
    /// Access tokens of the API
    Access,
    /// Attestations
    Attestation,
    /// One-use links in mails
    Link,
}

/// How a key signs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum How {
    /// Ed25519
    #[value(name = "EdDSA")]
    EdDsa,
    /// ECDSA on P-256
    #[value(name = "ES256")]
    Es256,
    /// RSA
    #[value(name = "RS256")]
    Rs256,
}

impl From<How> for Algorithm {
    fn from(how: How) -> Self {
        match how {
            How::EdDsa => Self::EdDsa,
            How::Es256 => Self::Es256,
            How::Rs256 => Self::Rs256,
        }
    }
}

impl KeysCommand {
    pub(super) fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let folder = &settings.keys.directory;
        let now = Clock::default().now();
        match self {
            KeysCommand::New { what: What::Link, .. } => {
                let made = keys::create_link_secret(folder)?;
                println!("link secret {}", if made { "made" } else { "already there" });
            }
            KeysCommand::New { what, algorithm } => {
                let usage = match what {
                    What::Attestation => KeyUse::Attestation,
                    _ => KeyUse::Access,
                };
                let entry = keys::create_of(folder, (usage, algorithm.into()), false, now)?;
                println!("{} key {} made in {}", usage.word(), entry.kid, super::shown(folder));
            }
            KeysCommand::List => {
                for entry in keys::list(folder)? {
                    let state = match entry.retired_at {
                        Some(at) => format!("retired {}", at.format("%Y-%m-%d")),
                        None => "in force".to_owned(),
                    };
                    let origin = if entry.generated { "generated" } else { "made by an operator" };
                    let created = entry.created_at.format("%Y-%m-%d");
                    println!(
                        "{:12} {}  {:5}  {created}  {state}  {origin}",
                        entry.usage.word(),
                        entry.kid,
                        entry.algorithm.word()
                    );
                }
            }
            KeysCommand::Retire { kid } => {
                let entry = keys::retire(folder, &kid, now)?;
                let since = match entry.usage {
                    KeyUse::Access => "once the servers are restarted, its tokens open nothing",
                    KeyUse::Attestation => "what it signed still verifies",
                };
                println!("{} key {kid} retired; {since}", entry.usage.word());
            }
        }
        Ok(())
    }
}
