//! Making a backup, while servers go on.

use std::path::Path;

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::files::{self, Unfinished};
use super::manifest::{FORMAT, KEYS, Part};
use super::{Engine, Manifest, media, postgres, sqlite};
use crate::config::Settings;
use crate::db::Db;
use crate::keys::{self, KeyEntry};

/// The public parts of the keys, in the form of the key folder's own `keys.toml`.
#[derive(Serialize)]
struct PublicKeys {
    key: Vec<KeyEntry>,
}

/// Backs the database up into a new folder `to`; answers its manifest.
///
/// # Errors
/// One line that says what is wrong and what to do; no folder of that name is then there.
pub async fn make(settings: &Settings, to: &Path, now: DateTime<Utc>) -> anyhow::Result<Manifest> {
    let work = Unfinished::beside(to)?;
    let db = open(settings).await?;
    files::private_folder(work.path())?;
    let engine = if settings.sqlite_path().is_some() { Engine::Sqlite } else { Engine::Postgres };
    let dump = work.path().join(engine.file());
    let (told, engine_version, namespace) = match engine {
        Engine::Sqlite => {
            let (told, version) = sqlite::dump(&db, &dump).await?;
            (told, version, String::new())
        }
        Engine::Postgres => {
            let dumped = postgres::dump(&db, &settings.database.url, &dump).await?;
            (dumped.told, dumped.version, dumped.namespace)
        }
    };
    media::save(settings, &told.media, work.path()).await?;
    let public = work.path().join(KEYS);
    let key = keys::list(&settings.keys.directory)?;
    files::write(&public, &toml::to_string_pretty(&PublicKeys { key })?)?;
    let manifest = Manifest {
        format: FORMAT,
        made_at: now,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        engine,
        engine_version,
        namespace,
        kind: told.kind,
        migrations: told.migrations,
        dump: Part::of(&dump)?,
        keys: Part::of(&public)?,
        rows: told.rows,
        media: told.media,
    };
    manifest.write(work.path())?;
    files::sync_folder(work.path())?;
    work.keep()?;
    db.close().await?;
    Ok(manifest)
}

/// Opens the database as it is: a backup begins nothing and migrates nothing.
async fn open(settings: &Settings) -> anyhow::Result<Db> {
    if let Some(path) = settings.sqlite_path().filter(|path| !path.exists()) {
        bail!("{}: no database there to back up; see --data-dir", path.display());
    }
    let db = Db::connect(&settings.database)
        .await
        .map_err(|e| anyhow::anyhow!("cannot open the database: {e}; see database.url"))?;
    if let Some(name) = db.unknown_migrations().await?.first() {
        bail!("the database comes from a newer version (it has {name}): back it up with that one");
    }
    let applied = db.applied_migrations().await.context("the database")?;
    if applied.is_empty() {
        bail!("there is nothing to back up in this database; see database.url");
    }
    Ok(db)
}
