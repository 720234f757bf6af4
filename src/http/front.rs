//! The front door: what happens to every request before and after its handler.
//!
//! In order: an id, a language, a sender and an origin; a bounded body, read unless the operation
//! reads it by itself; of public operations, what is
//! not as the document says refused (guards do it for the others, after asking who is there); a time
//! limit; panics caught; failures rendered; security headers; one log line and one
//! measure, by operation and never by path.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Body, Endpoint, IntoResponse as _, Request, Response};
use tracing::Instrument as _;

use super::context::Context;
use super::cors::Cors;
use super::framework;
use super::operations::{self, Operation, Operations, Sent};
use super::problem::{self, Problem};
use super::{query, upload};
use crate::app::App;
use crate::config::Network;
use crate::error::{Reason, Refusal};
use crate::web::{atelier, refusal};

/// The front door of an application.
pub struct Front<E> {
    inner: E,
    app: App,
    operations: Arc<Operations>,
    proxies: Vec<Network>,
    cors: Cors,
    secure: bool,
}

impl<E> Front<E> {
    /// Puts the front door before `inner`.
    pub fn new(inner: E, app: App, operations: Operations) -> Self {
        let http = &app.settings.http;
        let proxies = http.trusted_proxies.iter().filter_map(|p| Network::parse(p)).collect();
        let secure = http.public_url.starts_with("https://");
        let cors = Cors::new(&http.cors_origins);
        Self { inner, operations: Arc::new(operations), proxies, cors, secure, app }
    }
}

impl<E: Endpoint> Endpoint for Front<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let started = Instant::now();
        let context = Context::of(&request, &self.proxies);
        let operation = self.operations.of_request(&request).cloned();
        let name = operation.as_ref().map_or("other", |o| o.id.as_str()).to_owned();
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let private = !reads || request.headers().contains_key(header::AUTHORIZATION);
        let path = request.uri().path().to_owned();
        let page = operation.is_none() && refusal::is_wanted(&request);
        let (origin, preflight) =
            (self.cors.origin(request.headers()), self.cors.is_preflight(&request));
        request.set_data(context.clone());
        request.set_data(self.app.clone());
        if let Some(operation) = &operation {
            request.set_data(operation.clone());
        }
        // At the level of errors, so that an error has its request id whatever the filter.
        let span = tracing::error_span!(
            "request",
            id = %context.request_id,
            operation = name,
            // Said by the guard, once it knows: who is an account's id, never a name.
            account = tracing::field::Empty,
        );
        // A path that does not decode is read by nobody, the router's own reading included.
        let misled = operation.as_ref().and_then(|o| match query::decoded(&path) {
            Ok(_) if o.guarded => None,
            Ok(_) => o.check_query(&request).err(),
            Err(error) => Some(error),
        });
        let served = async {
            let response = match misled {
                Some(error) => Problem::from(error).into_response(),
                None if preflight => StatusCode::NO_CONTENT.into_response(),
                None => self.serve(request, operation.as_ref()).await,
            };
            let mut response = match page {
                true => refusal::render(response, &context),
                false => problem::render(response, &context),
            };
            self.cors.tell(&mut response, origin, preflight);
            self.name_methods(&mut response, &path);
            self.protect(&mut response, &context, private);
            let (status, elapsed) = (response.status().as_u16(), started.elapsed());
            self.app.metrics.served(&name, status, elapsed.as_secs_f64());
            tracing::info!(status, milliseconds = elapsed.as_secs_f64() * 1e3, "served");
            response
        };
        Ok(served.instrument(span).await)
    }
}

/// Whether the body of a request is left to its handler.
fn streams(request: &Request, operation: Option<&Arc<Operation>>) -> bool {
    match operation {
        Some(operation) => operation.streams(request),
        None => atelier::is_upload(request),
    }
}

impl<E: Endpoint> Front<E> {
    async fn serve(&self, request: Request, operation: Option<&Arc<Operation>>) -> Response {
        let streamed = streams(&request, operation);
        let limit = self.patience() * if streamed { upload::PATIENCE } else { 1 } * 3 / 2;
        let work = AssertUnwindSafe(self.bounded(request, operation)).catch_unwind();
        match tokio::time::timeout(limit, work).await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => {
                tracing::error!("a handler panicked");
                Problem::from(Reason::Internal).into_response()
            }
            Err(_) => {
                Problem::from(Refusal::new(Reason::Unavailable).retry_after(2)).into_response()
            }
        }
    }

    /// Reads the body up to its bound, in time, before anything else looks at it; or sees to it that
    /// whoever reads it meets bounds.
    async fn bounded(&self, mut request: Request, operation: Option<&Arc<Operation>>) -> Response {
        if streams(&request, operation) {
            let body = request.take_body();
            request.set_body(upload::bounded(body, self.patience()));
        } else if matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH) {
            let reading =
                request.take_body().into_bytes_limit(self.app.settings.http.body_limit_bytes);
            match tokio::time::timeout(self.patience(), reading).await {
                Ok(Ok(sent)) => {
                    request.set_body(Body::from(sent.clone()));
                    request.set_data(Sent(sent));
                    operations::bare_media_type(&mut request);
                }
                Ok(Err(error)) => return framework::response_of(error.into()),
                Err(_) => return Problem::from(Reason::Timeout).into_response(),
            }
            let open = operation.filter(|o| !o.guarded);
            if let Some(refused) = open.and_then(|o| o.check_body(&request).err()) {
                return Problem::from(refused).into_response();
            }
        }
        match self.inner.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => framework::response_of(error),
        }
    }

    /// How long a body may take to arrive; a whole request may take half as long again.
    fn patience(&self) -> Duration {
        Duration::from_secs(self.app.settings.http.request_timeout_seconds)
    }

    /// Says which methods a path serves, when it was asked for another (RFC 9110, § 15.5.6).
    fn name_methods(&self, response: &mut Response, path: &str) {
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            let methods = self.operations.methods_of(path);
            let methods = HeaderValue::from_str(&methods).ok().filter(|m| !m.is_empty());
            response.headers_mut().extend(methods.map(|methods| (header::ALLOW, methods)));
        }
    }

    fn protect(&self, response: &mut Response, context: &Context, private: bool) {
        let uncached = private && response.status() != StatusCode::NOT_MODIFIED;
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &'static str| {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        };
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::X_FRAME_OPTIONS, "DENY");
        set(header::REFERRER_POLICY, "no-referrer");
        set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        if uncached {
            set(header::CACHE_CONTROL, "no-store");
        }
        if self.secure {
            set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
        }
        if let Ok(id) = HeaderValue::from_str(&context.request_id.to_string()) {
            headers.insert(HeaderName::from_static("x-request-id"), id);
        }
    }
}
