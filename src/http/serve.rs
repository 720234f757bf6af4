//! Listening, and stopping without dropping what is in flight.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use poem::listener::{Acceptor as _, Listener as _, TcpAcceptor, TcpListener};
use poem::{Route, Server, handler, web::Data};

use super::{metrics, routes};
use crate::app::App;

/// A listening socket, taken before anything is promised to anyone.
pub struct Bound {
    acceptor: TcpAcceptor,
    metrics: Option<TcpAcceptor>,
    /// The address it listens on: the port is known even when 0 was asked for.
    pub address: SocketAddr,
}

/// Binds the addresses of the settings.
///
/// # Errors
/// One line that says what to do: port in use, address not of this machine.
pub async fn bind(app: &App) -> anyhow::Result<Bound> {
    let http = &app.settings.http;
    let acceptor = listen(&http.listen.to_string(), "http.listen (MAITRISE__HTTP__LISTEN)").await?;
    let metrics = match http.metrics_listen.as_str() {
        "" => None,
        wanted => Some(listen(wanted, "http.metrics_listen").await?),
    };
    let address = acceptor
        .local_addr()
        .first()
        .and_then(|a| a.as_socket_addr().copied())
        .context("the listener has no address")?;
    Ok(Bound { acceptor, metrics, address })
}

async fn listen(wanted: &str, setting: &str) -> anyhow::Result<TcpAcceptor> {
    TcpListener::bind(wanted).into_acceptor().await.map_err(|e| {
        anyhow::anyhow!(
            "cannot listen on {wanted}: {e}; stop what uses that port, or set {setting}"
        )
    })
}

/// Serves until `stop` resolves, then lets what is in flight finish within the grace period.
///
/// # Errors
/// When the listener fails.
pub async fn run(
    app: &App,
    bound: Bound,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let grace = Duration::from_secs(app.settings.http.shutdown_grace_seconds);
    if let Some(acceptor) = bound.metrics {
        let endpoint = poem::EndpointExt::data(Route::new().at("/metrics", measures), app.clone());
        tokio::spawn(Server::new_with_acceptor(acceptor).run(endpoint));
    }
    // A client that goes silent, in its headers or between requests, is let go.
    let silence = Duration::from_secs(app.settings.http.request_timeout_seconds * 2);
    Server::new_with_acceptor(bound.acceptor)
        .idle_timeout(silence)
        .run_with_graceful_shutdown(routes(app), stop, Some(grace))
        .await
        .context("the listener failed")
}

/// Resolves when the process is asked to stop (SIGTERM or Ctrl-C). Listens from the call on, not from
/// the first poll: a process that says it is ready must already stop gracefully.
///
/// # Errors
/// When the system does not let signals be listened to.
pub fn asked_to_stop() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[handler]
async fn measures(app: Data<&App>) -> poem::Result<String> {
    metrics::text(&app).await.map_err(|e| super::problem::Problem::from(e).into())
}
