//! A running service: the listener, the worker and the shelf, started and stopped together. The
//! listener of the measures, where it is apart, ends with the process.

use std::future::Future;

use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::app::App;
use crate::catalogue;
use crate::config::{LogFormat, LogSettings, Settings};
use crate::http::serve::{self, Bound};
use crate::mail::Office;
use crate::worker;

/// Serves, plans and delivers until `stop`, then finishes what is in flight and closes the data.
///
/// # Errors
/// Mail settings that cannot be used; a listener that fails; a database that does not close.
pub async fn until_stopped(
    app: App,
    bound: Bound,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    if app.settings.worker.enabled {
        // Before anyone is answered: mail that can never leave is a fault of the settings.
        let Settings { mail, data, http, .. } = &*app.settings;
        Office::new(mail, &data.dir, &http.public_url)?;
    }
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

/// Starts logging as the settings say; a second call changes nothing.
pub fn start_logging(settings: &LogSettings) {
    let filter = EnvFilter::try_new(&settings.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = match settings.format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}
