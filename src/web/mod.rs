//! Pages: server-rendered, in French, no script, one small stylesheet of ours.
//!
//! For now only those that a mail or a document points at: what is published, choosing a password with
//! a one-use link, and verifying an attestation. A GET consumes nothing, because mail scanners follow
//! links; a POST does. Addresses that hold a secret send no referrer and appear in no log (the front
//! door logs operations, never paths).

mod home;
mod links;
mod verify;

use std::sync::Arc;

use askama::Template;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Endpoint, EndpointExt as _, IntoEndpoint, IntoResponse as _, Response, Route, get};

use crate::error::{Error, Kind};
use crate::http::problem;

/// The stylesheet of every page.
pub(crate) const STYLE: &str = include_str!("style.css");

/// Adds the pages to a router, under their French addresses.
pub fn add_to(router: Route) -> Route {
    router
        .at("/liens/:token", get(links::show).post(links::choose))
        .at("/verifier", get(verify::ask))
        .at("/verifier/:code", get(verify::show))
        .at("/style.css", get(poem::endpoint::make_sync(|_| style())))
}

/// Puts the page at the root before what serves every other path: in poem's tree a nest at the root
/// takes the root as well, whatever stands there.
pub fn before<E: IntoEndpoint<Endpoint: 'static>>(inner: E) -> impl Endpoint<Output = Response> {
    let home = Arc::new(get(home::show));
    inner.into_endpoint().map_to_response().around(move |inner, request| {
        let home = (request.uri().path() == "/").then(|| home.clone());
        async move {
            match home {
                Some(home) => home.call(request).await,
                None => inner.call(request).await,
            }
        }
    })
}

fn style() -> Response {
    Response::builder()
        .content_type("text/css; charset=utf-8")
        .header(header::CACHE_CONTROL, "public, max-age=3600")
        .body(STYLE)
}

/// A page as a response, with the headers that keep it to itself.
fn page(status: StatusCode, template: &impl Template) -> Response {
    let Ok(html) = template.render() else {
        return problem::Problem::from(crate::error::Reason::Internal).into_response();
    };
    let mut response = Response::builder()
        .status(status)
        .content_type("text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::REFERRER_POLICY, "no-referrer")
        .body(html);
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
    );
    response
}

/// What a page says when something is refused: the status, a title, and every sentence to mend it.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "refused.html")]
struct Refused {
    title: String,
    sentences: Vec<String>,
    /// Whether what one-use links are is said as well.
    about_links: bool,
}

fn refused(error: Error) -> Response {
    refusal(error, false)
}

fn refusal(error: Error, about_links: bool) -> Response {
    let refusal = problem::refusal_of(error);
    let mut sentences: Vec<String> = refusal.detail.map(|(fr, _)| fr).into_iter().collect();
    sentences.extend(refusal.faults.into_iter().map(|fault| fault.fr));
    let status = match refusal.reason.kind() {
        // A link that is spent is gone for good; 409 would invite to try again.
        Kind::Conflict => StatusCode::GONE,
        kind => problem::status(kind),
    };
    let title = refusal.reason.title().0.to_owned();
    page(status, &Refused { title, sentences, about_links })
}
