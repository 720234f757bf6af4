//! `maitrise content preview`: a module's folder as pages, while somebody edits it.
//!
//! The folder is read again at each request: what the page shows is what is on the disk. It listens on
//! this machine alone, and answers only to its own name, so that no page of another site can read a
//! draft through the browser (DNS rebinding).

mod folder;
mod pages;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use clap::Args;
use poem::http::{HeaderValue, StatusCode, header};
use poem::listener::{Acceptor as _, Listener as _, TcpListener};
use poem::web::{Data, Path};
use poem::{Body, Endpoint, EndpointExt as _, Request, Response, Route, Server, get, handler};

use self::folder::Folder;
use super::say::say;
use crate::clock;
use crate::http::serve::asked_to_stop;
use crate::web;

/// Show a module folder as pages on this machine, read again at each request
#[derive(Debug, Args)]
pub(in crate::command) struct PreviewArgs {
    /// Folder of the module, the one that holds `module.toml`
    dir: PathBuf,
    /// Address to listen on, of this machine only
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS")]
    listen: SocketAddr,
}

impl PreviewArgs {
    /// Serves until the process is asked to stop.
    pub(super) async fn run(&self, today: NaiveDate) -> anyhow::Result<()> {
        if !self.listen.ip().is_loopback() {
            bail!("{} is not an address of this machine only; use 127.0.0.1:8090", self.listen);
        }
        if !self.dir.is_dir() {
            bail!("{} is not a folder", self.dir.display());
        }
        let stop = asked_to_stop()?;
        let wanted = TcpListener::bind(self.listen.to_string());
        let acceptor = wanted.into_acceptor().await.with_context(|| {
            format!("cannot listen on {}; stop what uses that port, or set --listen", self.listen)
        })?;
        let bound = acceptor.local_addr();
        let address = bound.first().and_then(|address| address.as_socket_addr().copied());
        say(format!(
            "{} : http://{} (Ctrl-C to stop)",
            self.dir.display(),
            address.context("the listener has no address")?
        ))?;
        let folder = Arc::new(Folder::new(self.dir.clone(), today));
        Server::new_with_acceptor(acceptor)
            .run_with_graceful_shutdown(routes(folder), stop, None)
            .await
            .context("the listener failed")
    }
}

fn routes(folder: Arc<Folder>) -> impl Endpoint<Output = Response> {
    Route::new()
        .at("/", get(front))
        .at("/lessons/:slug", get(lesson))
        .at("/media/:digest", get(medium))
        .at("/stamp", get(stamp))
        .at("/style.css", get(style))
        .data(folder)
        .around(guarded)
        .map_to_response()
}

/// Answers to names of this machine only, and lets no page do more than ours do.
async fn guarded(
    inner: Arc<impl Endpoint<Output = Response>>,
    request: Request,
) -> poem::Result<Response> {
    let asked = request.header(header::HOST).unwrap_or_default();
    if !is_of_this_machine(asked) {
        return Ok(refusal(StatusCode::MISDIRECTED_REQUEST, "cette page ne répond qu’à 127.0.0.1"));
    }
    let nonce = clock::new_id().simple().to_string();
    let mut request = request;
    request.set_data(Nonce(nonce.clone()));
    let mut response = inner.get_response(request).await;
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; \
         script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

fn is_of_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "[::1]") || name.parse().is_ok_and(is_loopback)
}

fn is_loopback(address: std::net::Ipv4Addr) -> bool {
    address.is_loopback()
}

/// What the one script of a page is known by.
#[derive(Clone)]
struct Nonce(String);

#[handler]
async fn front(folder: Data<&Arc<Folder>>, nonce: Data<&Nonce>) -> Response {
    let reading = folder.read().await;
    page(pages::front(&reading, &nonce.0.0))
}

#[handler]
async fn lesson(
    folder: Data<&Arc<Folder>>,
    nonce: Data<&Nonce>,
    Path(slug): Path<String>,
) -> Response {
    let reading = folder.read().await;
    match pages::lesson(&reading, &slug, &nonce.0.0) {
        Some(shown) => page(shown),
        None => refusal(StatusCode::NOT_FOUND, "aucune leçon de ce nom dans le dossier"),
    }
}

/// A medium or captions, by digest: from the folder, whole. Films are watched, not sought through.
#[handler]
async fn medium(folder: Data<&Arc<Folder>>, Path(digest): Path<String>) -> Response {
    let reading = folder.read().await;
    let Some((path, media_type)) = reading.file_of(&digest) else {
        return refusal(StatusCode::NOT_FOUND, "aucun fichier de cette empreinte");
    };
    match tokio::fs::File::open(folder.path_of(path)).await {
        Ok(file) => Response::builder().content_type(media_type).body(Body::from_async_read(file)),
        Err(_) => refusal(StatusCode::NOT_FOUND, "le fichier vient de disparaître"),
    }
}

/// What changes when a file does.
#[handler]
async fn stamp(folder: Data<&Arc<Folder>>) -> String {
    folder.stamp().await
}

#[handler]
fn style() -> Response {
    Response::builder().content_type("text/css; charset=utf-8").body(web::STYLE)
}

fn page(rendered: Result<String, askama::Error>) -> Response {
    match rendered {
        Ok(html) => Response::builder().content_type("text/html; charset=utf-8").body(html),
        Err(_) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "la page ne peut être écrite"),
    }
}

fn refusal(status: StatusCode, text: &'static str) -> Response {
    Response::builder().status(status).content_type("text/plain; charset=utf-8").body(text)
}

#[cfg(test)]
mod tests {
    use super::is_of_this_machine;

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for good in ["127.0.0.1:8090", "127.0.0.1", "localhost:8090", "[::1]:8090", "127.8.8.8:1"] {
            assert!(is_of_this_machine(good), "{good}");
        }
        for bad in [
            "",
            "evil.example:8090",
            "127.0.0.1.evil.example",
            "localhost.evil.example:1",
            "10.0.0.1",
        ] {
            assert!(!is_of_this_machine(bad), "{bad}");
        }
    }
}
