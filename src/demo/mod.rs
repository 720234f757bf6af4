//! The demonstration: a database of its own, fictional people for every role, and a guided tour that
//! performs the whole story.
//!
//! It runs the same code as `serve` on real reference data and real modules; only the people are
//! invented. The database is marked as a demonstration for ever, passwords are drawn from its own
//! secret, and only this machine can reach it.

pub mod cast;
mod learners;
mod tour;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _};

use crate::accounts::model::account;
use crate::app::App;
use crate::boot::{self, Purpose};
use crate::catalogue::import;
use crate::catalogue::model::ChangeKind;
use crate::catalogue::paths;
use crate::catalogue::sources::{self, Source};
use crate::clock::Clock;
use crate::config::{self, Settings};
use crate::content::{Finding, Shared};
use crate::http::serve;
use crate::keys::{self, KeyRing};
use crate::media::MediaStore;
use crate::references::register;
use crate::reminders;
use crate::requirements;
use crate::service::{start_logging, until_stopped};
use crate::territory;

/// Runs the demonstration until it is stopped.
///
/// # Errors
/// One line that says what is wrong and what to do.
pub async fn run(mut settings: Settings) -> anyhow::Result<()> {
    ensure!(
        settings.http.listen.ip().is_loopback(),
        "a demonstration listens on this machine only: http.listen is {}, give 127.0.0.1:<port>",
        settings.http.listen
    );
    settings.worker.enabled = true;
    settings.worker.tick_seconds = 1;
    settings.worker.plan_seconds = 1;
    if settings.log.level == config::DEFAULT_LEVEL {
        // What it prints is for a person to read; whoever asks for more gets it.
        settings.log.level = "warn".to_owned();
    }
    start_logging(&settings.log);
    let clock = Clock::default();
    let opened = boot::open(&settings, Purpose::Demonstrate, clock.now()).await?;
    keys::create_missing(&settings.keys.directory, clock.now())?;
    let keys = KeyRing::load(&settings.keys.directory)?;
    let media = MediaStore::in_folder(&settings.media.directory)?;
    let mut app = App::new(settings, opened.db, clock, keys, media);
    // Bound before anything long: a port in use is said at once.
    let bound = serve::bind(&app).await?;
    let stop = serve::asked_to_stop()?;
    prepare(&app).await?;
    app = app.reachable_at(bound.address);
    println!("{}", tour::text(&app));
    until_stopped(app, bound, stop).await
}

/// Loads what is missing of the reference data, the modules and the people.
///
/// # Errors
/// When the database fails.
pub async fn prepare(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    eprintln!("Loading communes, EPCI, départements, régions and CDG …");
    match territory::import(&app.db, false, now).await.context("the reference data")? {
        None => eprintln!("  already there"),
        Some(report) => eprintln!(
            "  {} organisations, {} affiliations",
            report.organisations_added, report.affiliations_added
        ),
    }
    eprintln!("Publishing the modules of content/ …");
    let sound = import::check(import::embedded()?, now.date_naive()).map_err(faulty)?;
    let shared = import::embedded_shared();
    let courses = paths::import::read(shared.paths.as_deref(), &sound).map_err(faulty)?;
    sources::keep_media(&app.media, &Source::Binary, &sound).await?;
    let tx = app.db.begin_write().await?;
    cast::introduce_providers(&tx, now).await?;
    let report = import::import(&tx, &sound, ChangeKind::Editorial, now).await?;
    if !report.findings.is_empty() {
        return Err(faulty(report.findings));
    }
    let (shared, _) = Shared::read(&shared, now.date_naive());
    register::load(&tx, shared.register(), now).await?;
    let followed = paths::import::import(&tx, &courses, ChangeKind::Editorial, now).await?;
    if !followed.findings.is_empty() {
        return Err(faulty(followed.findings));
    }
    requirements::shipped::load(&tx, now).await?;
    reminders::seed(&tx, now).await?;
    tx.commit().await?;
    eprintln!("  {} published, {} unchanged", report.published.len(), report.unchanged.len());
    for code in &report.conflicts {
        tracing::warn!(%code, "adopted, and not as in this program: left as it is");
    }
    app.shelf.refresh_if_moved(app.db.read()).await?;
    eprintln!("Inventing people …");
    if is_peopled(app.db.read()).await? {
        eprintln!("  already there");
        return Ok(());
    }
    let hashes = cast::hashes(app).await?;
    let tx = app.db.begin_write().await?;
    people(app, &tx, hashes, now).await?;
    tx.commit().await?;
    Ok(())
}

fn faulty(findings: Vec<Finding>) -> anyhow::Error {
    let first = findings.first().map(ToString::to_string).unwrap_or_default();
    anyhow::anyhow!("content/: {first}")
}

async fn people(
    app: &App,
    tx: &DatabaseTransaction,
    hashes: Vec<String>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let trainer = cast::admit(tx, hashes, now).await.context("the people of every role")?;
    tour::put_draft_on_desk(tx, &trainer, now).await.context("the trainer's draft")?;
    let learners = learners::admit(app, tx, now).await.context("the learners")?;
    eprintln!("  {} people of every role, {learners} learners", cast::CAST.len());
    Ok(())
}

async fn is_peopled(conn: &impl ConnectionTrait) -> anyhow::Result<bool> {
    let first = account::Entity::find()
        .filter(account::COLUMN.sign_in_name.eq(cast::CAST[0].login()))
        .one(conn)
        .await?;
    Ok(first.is_some())
}
