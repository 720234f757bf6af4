//! A running service: the listener, the worker and the shelf, started and stopped together. The
//! listener of the measures, where it is apart, ends with the process.

use std::future::Future;
use std::panic::PanicHookInfo;

use tokio::sync::watch;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::app::App;
use crate::catalogue;
use crate::config::{LogFormat, LogSettings, Settings};
use crate::db::checkpoints;
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
    let stopped = || {
        let mut heard = stopping.clone();
        async move {
            let _ = heard.wait_for(|stop| *stop).await;
        }
    };
    tasks.spawn(catalogue::shelf::watch(app.shelf.clone(), app.db.clone(), stopped()));
    tasks.spawn(checkpoints::keep(app.settings.database.clone(), stopped()));
    tokio::select! {
        served = serve::run(&app, bound, stop) => served?,
        // None of them ends by itself: whoever supervises us starts a whole service again.
        Some(_) = tasks.join_next() => anyhow::bail!("a part of the service has ended; see the log"),
    }
    tracing::info!("stopping");
    let _ = announce.send(true);
    while tasks.join_next().await.is_some() {}
    Ok(app.db.close().await?)
}

/// Starts logging as the settings say, panics included; a second call changes nothing.
pub fn start_logging(settings: &LogSettings) {
    std::panic::set_hook(Box::new(report));
    let filter =
        settings.level.parse().unwrap_or_else(|_| Targets::new().with_default(Level::INFO));
    let lines = fmt::layer().with_writer(std::io::stderr);
    let log = tracing_subscriber::registry().with(filter);
    let _ = match settings.format {
        LogFormat::Text => log.with(lines.with_ansi(false)).try_init(),
        LogFormat::Json => log.with(lines.json()).try_init(),
    };
}

/// Says in the log where a panic happened, and not what it says: that may quote what someone sent.
fn report(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panicked");
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    /// A log that is kept.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_one_line_of_json_that_says_where_and_not_what() {
        let kept = Kept::default();
        let log = kept.clone();
        let subscriber = tracing_subscriber::fmt().json().with_writer(move || log.clone()).finish();
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(report));
        tracing::subscriber::with_default(subscriber, || {
            let _span = tracing::error_span!("request", id = "r1").entered();
            let ended = std::panic::catch_unwind(|| panic!("Camille Fictif has no address"));
            assert!(ended.is_err());
        });
        std::panic::set_hook(before);
        let text = kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = String::from_utf8(text).expect("text");
        assert_eq!(text.lines().count(), 1, "{text}");
        let line: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert!(line["fields"]["place"].as_str().is_some_and(|p| p.contains("src/service.rs:")));
        assert_eq!(line["span"]["id"], "r1");
        assert!(!text.contains("Camille"), "{text}");
    }
}
