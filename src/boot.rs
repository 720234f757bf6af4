//! Opening the data: the folder, its lock, the database, its schema, and what it is for.
//!
//! Every command goes through here, so that none works on a demonstration by mistake, on a database
//! from a newer version, or beside another server on the same file.

use std::fs::{self, File};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use chrono::{DateTime, Utc};

use crate::config::{Mode, Settings};
use crate::db::{self, Db};
use crate::files;
use crate::instance::{self, InstanceKind};

/// An open database; a server's also holds the lock of its file.
#[derive(Debug)]
pub struct Opened {
    /// The database.
    pub db: Db,
    /// Held until the process ends: one server for each SQLite file.
    pub lock: Option<File>,
}

/// How the data is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// By a server, alone on its SQLite file.
    Serve,
    /// By a command, beside a server.
    Operate,
    /// By a demonstration, on a database of its own.
    Demonstrate,
}

/// Opens the data for a purpose, bringing the schema up to date.
///
/// # Errors
/// One line that says what is wrong and what to do.
pub async fn open(
    settings: &Settings,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> anyhow::Result<Opened> {
    prepare_folder(&settings.data.dir)?;
    let lock = match settings.sqlite_path() {
        Some(path) if purpose != Purpose::Operate => Some(take_lock(&path)?),
        _ => None,
    };
    if let Some(path) = settings.sqlite_path() {
        keep_private(&path)?;
    }
    let db = Db::connect(&settings.database)
        .await
        .map_err(|e| anyhow::anyhow!("cannot open the database: {e}; see database.url"))?;
    let fresh = db.applied_migrations().await?.is_empty();
    ensure!(
        !fresh || !db::tables(db.read()).await?.iter().any(|table| table == "instance"),
        "the database holds a restore that did not end: empty it, then restore again"
    );
    // One that was interrupted before it was marked is nobody's yet: every one that was ever opened is.
    let known = if fresh { None } else { instance::kind(db.read()).await? };
    check_purpose(settings, purpose, known)?;
    db.migrate().await?;
    let kind = match (purpose, settings.mode) {
        (Purpose::Demonstrate, _) => InstanceKind::Demo,
        (_, Mode::Production) => InstanceKind::Production,
        (_, Mode::Development) => InstanceKind::Development,
    };
    let tx = db.begin_write().await?;
    let marked = instance::mark_as(&tx, kind, now).await?;
    tx.commit().await?;
    // Another process may have marked it first, for something else.
    check_purpose(settings, purpose, Some(marked))?;
    Ok(Opened { db, lock })
}

fn check_purpose(
    settings: &Settings,
    purpose: Purpose,
    known: Option<InstanceKind>,
) -> anyhow::Result<()> {
    let place = settings.data.dir.display();
    match (purpose, known) {
        (Purpose::Serve, Some(InstanceKind::Demo)) => bail!(
            "the database of {place} is a demonstration, for ever: give another --data-dir or database.url"
        ),
        (Purpose::Serve | Purpose::Operate, Some(InstanceKind::Development))
            if settings.mode == Mode::Production =>
        {
            bail!(
                "the database of {place} was begun in development mode, with its loose checks: begin production on a database of its own (--data-dir or database.url)"
            )
        }
        (Purpose::Serve | Purpose::Operate, Some(InstanceKind::Production))
            if settings.mode == Mode::Development =>
        {
            bail!(
                "the database of {place} is production's: loose checks and generated keys are not for it; set mode = \"production\", or give development a database of its own (--data-dir or database.url)"
            )
        }
        (Purpose::Demonstrate, Some(InstanceKind::Production | InstanceKind::Development)) => {
            bail!(
                "the database of {place} is not a demonstration's: give another --data-dir (or database.url) to `demo`"
            )
        }
        _ => Ok(()),
    }
}

/// Makes the data folder, for its owner only, and makes sure that it can be written.
///
/// # Errors
/// Saying which option names another.
pub(crate) fn prepare_folder(dir: &Path) -> anyhow::Result<()> {
    let advice =
        || format!("cannot write to {}; choose another folder with --data-dir", dir.display());
    // What is made here is for its owner only: it will hold keys, names and mails.
    files::make_private_folder(dir).with_context(advice)?;
    let probe = dir.join(".write-probe");
    fs::write(&probe, b"").with_context(advice)?;
    fs::remove_file(&probe).with_context(advice)
}

/// Makes the database file for its owner only, before SQLite would make it for everyone; the files
/// that SQLite keeps beside it take its mode.
fn keep_private(database: &Path) -> anyhow::Result<()> {
    let options = File::options().create(true).truncate(false).write(true).mode(0o600).to_owned();
    options
        .open(database)
        .map(|_| ())
        .with_context(|| format!("cannot open {}; see database.url", database.display()))
}

/// Takes the lock of an SQLite file, until the answer is dropped.
///
/// # Errors
/// When another process has it.
pub(crate) fn take_lock(database: &Path) -> anyhow::Result<File> {
    let path = database.with_extension("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    if file.try_lock().is_err() {
        bail!(
            "{} is served by another process: stop it, or give another --data-dir",
            database.display()
        );
    }
    Ok(file)
}
