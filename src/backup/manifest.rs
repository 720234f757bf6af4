//! What a backup says of itself: `manifest.toml`, written last.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::files;
use crate::instance::InstanceKind;

/// The shape of the folder; a program reads this one, those before it, and no later one. Since the
/// second it holds media.
pub(super) const FORMAT: u32 = 2;

/// The name of the manifest in the folder.
const NAME: &str = "manifest.toml";

/// The public parts of the keys, in the folder.
pub(super) const KEYS: &str = "keys.toml";

/// The engine that wrote a dump, which is the one that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// A database file.
    Sqlite,
    /// An archive of `pg_dump`.
    Postgres,
}

impl Engine {
    /// The name of the dump in the folder.
    pub(super) fn file(self) -> &'static str {
        match self {
            Engine::Sqlite => "database.sqlite3",
            Engine::Postgres => "database.pgdump",
        }
    }
}

/// A file of the backup, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The shape of the folder.
    pub format: u32,
    /// The instant that it shows.
    pub made_at: DateTime<Utc>,
    /// The version of the program that made it.
    pub program: String,
    /// The engine.
    pub engine: Engine,
    /// The version of the engine.
    pub engine_version: String,
    /// The schema of PostgreSQL that holds the tables; empty on SQLite.
    pub namespace: String,
    /// What the database is for.
    #[serde(with = "kind_word")]
    pub kind: InstanceKind,
    /// The migrations that it had, oldest first.
    pub migrations: Vec<String>,
    /// The dump.
    pub dump: Part,
    /// The public parts of the keys.
    pub keys: Part,
    /// Rows of each table.
    pub rows: BTreeMap<String, i64>,
    /// The media that the database names: their SHA-256 and their lengths.
    #[serde(default)]
    pub media: BTreeMap<String, u64>,
}

impl Manifest {
    /// Reads the manifest of a folder, without looking at the rest.
    ///
    /// # Errors
    /// What is no backup, or one of a later program.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let place = folder.display();
        let text = fs::read_to_string(folder.join(NAME)).with_context(|| {
            format!("{place} is no backup of maitrise, or one that was interrupted: no {NAME}")
        })?;
        let unreadable = || format!("{place}/{NAME} is damaged: take another backup");
        let table: toml::Table = toml::from_str(&text).with_context(unreadable)?;
        let format = table.get("format").and_then(toml::Value::as_integer);
        if format.is_none_or(|format| !(1..=i64::from(FORMAT)).contains(&format)) {
            let format = format.map_or("unknown".to_owned(), |n| n.to_string());
            bail!(
                "{place} has format {format}, this program reads up to {FORMAT}: use the one that made it"
            );
        }
        toml::from_str(&text).with_context(unreadable)
    }

    /// Writes the manifest of a folder, durably.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        files::write(&folder.join(NAME), &toml::to_string_pretty(self)?)
    }

    /// Rows of all tables.
    pub fn total_rows(&self) -> i64 {
        self.rows.values().sum()
    }
}

impl Part {
    /// A file as it stands.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn of(path: &Path) -> anyhow::Result<Self> {
        let (bytes, sha256) = files::digest(path)?;
        Ok(Self { bytes, sha256 })
    }

    /// That a file, of this length and digest, is as it was written.
    ///
    /// # Errors
    /// When it is not: shorter, longer or altered.
    pub(super) fn expect(&self, path: &Path, found: &(u64, String)) -> anyhow::Result<()> {
        let place = path.display();
        let advice = "the backup is damaged, take another";
        ensure!(
            self.bytes == found.0,
            "{place} has {} bytes instead of {}: {advice}",
            found.0,
            self.bytes
        );
        ensure!(self.sha256 == found.1, "{place} is not as it was written: {advice}");
        Ok(())
    }
}

/// The word of the database for what an installation is for.
mod kind_word {
    use sea_orm::ActiveEnum as _;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    use crate::instance::InstanceKind;

    pub(super) fn serialize<S: Serializer>(kind: &InstanceKind, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&kind.to_value())
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(d: D) -> Result<InstanceKind, D::Error> {
        let word = String::deserialize(d)?;
        InstanceKind::try_from_value(&word).map_err(D::Error::custom)
    }
}
