//! Restoring a backup into an empty place.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use chrono::{DateTime, Utc};
use sea_orm::{EntityTrait as _, QuerySelect as _};

use super::aftermath::{self, Aftermath};
use super::files::{self, Unfinished};
use super::manifest::KEYS;
use super::{Engine, Manifest, media, postgres, rows, sqlite};
use crate::attestations::model::attestation;
use crate::boot;
use crate::config::{self, Mode, Settings};
use crate::db::{self, Db};
use crate::instance::InstanceKind;
use crate::keys::{self, KeyUse};

/// What came of a restore.
#[derive(Debug)]
pub struct Restored {
    /// What was restored.
    pub manifest: Manifest,
    /// What was closed.
    pub aftermath: Aftermath,
    /// Attestation keys that signed, and that the key folder does not know.
    pub unknown_keys: Vec<String>,
}

/// Restores the backup `from` into the place that the settings name, which must be empty, and brings
/// its schema up to date.
///
/// # Errors
/// One line that says what is wrong and what to do. The place is then as empty as before, but for
/// media, which nobody names yet, and for a PostgreSQL in which the last step failed: no command takes
/// it for a database until it is emptied.
pub async fn restore(
    settings: &Settings,
    from: &Path,
    now: DateTime<Utc>,
) -> anyhow::Result<Restored> {
    let manifest = Manifest::read(from)?;
    admit(settings, &manifest)?;
    let public = from.join(KEYS);
    manifest.keys.expect(&public, &files::digest(&public)?)?;
    media::verify(from, &manifest)?;
    media::put_back(settings, from, &manifest).await?;
    let dump = from.join(manifest.engine.file());
    let (aftermath, signers) = match settings.sqlite_path() {
        Some(path) => into_file(settings, &dump, &path, &manifest, now).await?,
        None => into_server(settings, &dump, &manifest, now).await?,
    };
    let known = keys::list(&settings.keys.directory)?;
    let is_known = |kid: &String| {
        known.iter().any(|entry| entry.usage == KeyUse::Attestation && entry.kid == *kid)
    };
    let unknown_keys = signers.into_iter().filter(|kid| !is_known(kid)).collect();
    Ok(Restored { manifest, aftermath, unknown_keys })
}

/// Whether this backup may be restored by this program under these settings.
fn admit(settings: &Settings, manifest: &Manifest) -> anyhow::Result<()> {
    let ours = if settings.sqlite_path().is_some() { Engine::Sqlite } else { Engine::Postgres };
    ensure!(
        ours == manifest.engine,
        "this is a backup of {:?}, and database.url names {ours:?}: a backup is restored by the \
         engine that made it",
        manifest.engine
    );
    let known = db::known_migrations();
    if let Some(name) = manifest.migrations.iter().find(|name| !known.contains(name)) {
        bail!(
            "this backup comes from a newer version of maitrise ({}, it has migration {name}): \
             restore it with that version",
            manifest.program
        );
    }
    ensure!(
        settings.mode != Mode::Production || manifest.kind != InstanceKind::Development,
        "this is the backup of a database begun in development mode, which never becomes \
         production: set mode = \"development\""
    );
    Ok(())
}

/// Restores a file under another name, and gives it its own when all is settled.
async fn into_file(
    settings: &Settings,
    dump: &Path,
    path: &Path,
    manifest: &Manifest,
    now: DateTime<Utc>,
) -> anyhow::Result<(Aftermath, Vec<String>)> {
    let mut log = path.to_owned().into_os_string();
    log.push("-wal");
    for place in [path.to_owned(), PathBuf::from(log)] {
        ensure!(
            !place.exists(),
            "{} is there already: a restore goes into an empty place; move it away first",
            place.display()
        );
    }
    boot::prepare_folder(&settings.data.dir)?;
    let _lock = boot::take_lock(path)?;
    let work = Unfinished::beside(path)?;
    manifest.dump.expect(dump, &files::copy(dump, work.path())?)?;
    let mut database = settings.database.clone();
    database.url = config::sqlite_url(work.path());
    let db = Db::connect(&database).await.context("the dump cannot be opened")?;
    sqlite::whole(db.read()).await?;
    let settled = settle(&db, manifest, now).await?;
    db.close().await?;
    files::sync(work.path())?;
    work.keep()?;
    Ok(settled)
}

async fn into_server(
    settings: &Settings,
    dump: &Path,
    manifest: &Manifest,
    now: DateTime<Utc>,
) -> anyhow::Result<(Aftermath, Vec<String>)> {
    manifest.dump.expect(dump, &files::digest(dump)?)?;
    boot::prepare_folder(&settings.data.dir)?;
    let db = Db::connect(&settings.database)
        .await
        .map_err(|e| anyhow::anyhow!("cannot open the database: {e}; see database.url"))?;
    let tables = db::tables(db.read()).await?;
    ensure!(
        tables.is_empty(),
        "the database holds {} tables already: a restore goes into an empty one; see database.url",
        tables.len()
    );
    let here = postgres::namespace(db.read()).await?;
    ensure!(
        here == manifest.namespace,
        "the backup's tables stand in the schema {}, and this role's in {here}: set the search_path \
         of the role",
        manifest.namespace
    );
    postgres::fill(&db, &settings.database.url, dump, manifest).await?;
    let settled = settle(&db, manifest, now).await;
    let settled = settled.context(
        "the restore did not end: empty the database (drop it, create it again), then try again",
    )?;
    db.close().await?;
    Ok(settled)
}

/// Checks what was restored, brings it up to date and settles it, in one transaction; answers also
/// which keys signed its attestations.
async fn settle(
    db: &Db,
    manifest: &Manifest,
    now: DateTime<Utc>,
) -> anyhow::Result<(Aftermath, Vec<String>)> {
    let tx = db.begin_write().await?;
    rows::expect(&tx, manifest).await.context("the dump is not what its manifest says")?;
    db::list_migrations(&tx, &manifest.migrations, manifest.made_at).await?;
    db::migrate_within(&tx).await?;
    media::expect(&tx, manifest).await?;
    let aftermath = aftermath::settle(&tx, manifest.made_at, now).await?;
    let mut signers: Vec<String> = attestation::Entity::find()
        .select_only()
        .column(attestation::Column::Kid)
        .distinct()
        .into_tuple()
        .all(&tx)
        .await?;
    signers.sort();
    tx.commit().await?;
    Ok((aftermath, signers))
}
