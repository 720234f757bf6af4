//! `maitrise serve`.

use std::future::Future;

use anyhow::bail;
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::app::App;
use crate::boot::{self, Purpose};
use crate::catalogue;
use crate::clock::Clock;
use crate::config::{LogFormat, LogSettings, Mode, Settings};
use crate::http::serve::{self, Bound};
use crate::keys::{self, KeyRing};
use crate::reminders;
use crate::worker;

pub(super) async fn run(settings: Settings) -> anyhow::Result<()> {
    let faults = settings.production_faults();
    if !faults.is_empty() {
        bail!(
            "production refuses these settings (or set mode = \"development\"):\n  {}",
            faults.join("\n  ")
        );
    }
    start_logging(&settings.log);
    let clock = Clock::default();
    let keys = load_keys(&settings, &clock)?;
    let opened = boot::open(&settings, Purpose::Serve, clock.now()).await?;
    let app = App::new(settings, opened.db, clock, keys);
    let tx = app.db.begin_write().await?;
    reminders::seed(&tx, app.clock.now()).await?;
    tx.commit().await?;
    let bound = serve::bind(&app).await?;
    tracing::info!(address = %bound.address, "serving");
    until_stopped(app, bound, serve::asked_to_stop()).await
}

/// Serves, plans and delivers until `stop`, then finishes what is in flight and closes the data.
pub(crate) async fn until_stopped(
    app: App,
    bound: Bound,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let (announce, stopping) = watch::channel(false);
    let mut tasks = tokio::task::JoinSet::new();
    if app.settings.worker.enabled {
        let (app, stopping) = (app.clone(), stopping.clone());
        tasks.spawn(async move {
            if let Err(error) = worker::run(app, stopping).await {
                tracing::error!(%error, "the worker cannot run");
            }
        });
    }
    let (shelf, db, mut heard) = (app.shelf.clone(), app.db.clone(), stopping);
    tasks.spawn(async move {
        let stopped = async move {
            let _ = heard.wait_for(|stop| *stop).await;
        };
        catalogue::shelf::watch(shelf, db, stopped).await;
    });
    serve::run(&app, bound, stop).await?;
    tracing::info!("stopping");
    let _ = announce.send(true);
    while tasks.join_next().await.is_some() {}
    Ok(app.db.close().await?)
}

/// Keys of the settings: production takes those that an operator made, and no others.
fn load_keys(settings: &Settings, clock: &Clock) -> anyhow::Result<KeyRing> {
    let folder = &settings.keys.directory;
    if settings.mode == Mode::Development {
        keys::create_missing(folder, clock.now())?;
    }
    let ring = KeyRing::load(folder)?;
    if settings.mode == Mode::Production && ring.any_generated() {
        bail!(
            "{}: production refuses generated keys; make real ones with `maitrise keys new access` \
             and `maitrise keys new attestation`, then retire the generated ones",
            folder.display()
        );
    }
    Ok(ring)
}

/// Starts logging as the settings say; a second call changes nothing.
pub fn start_logging(settings: &LogSettings) {
    let filter = EnvFilter::try_new(&settings.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = match settings.format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}
