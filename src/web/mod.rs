//! Pages: server-rendered, in French, one small stylesheet of ours; no script but the learners' own,
//! which every page works without ([`espace`]), and where a page says what only a browser can do by
//! itself, and does all else without.
//!
//! The first parameter of every page is a [`visitor::Visitor`] (or a [`visitor::Member`], who is signed
//! in), and of every form that changes something a [`form::Posted`], whose token was checked. A handler
//! calls the verbs that the API calls, answers a page with [`visitor::Visitor::page`], and after a form
//! sends the browser on with [`visitor::Visitor::send_on`]. A GET changes nothing, because mail scanners
//! follow links; a POST does. Addresses that hold a secret send no referrer and appear in no log (the
//! front door logs operations, never paths).

mod about;
mod account_request;
pub mod atelier;
pub mod catalogue;
mod cookie;
pub mod espace;
mod flash;
mod forgotten;
pub mod form;
mod home;
mod invitation;
mod lesson;
mod links;
mod module;
mod organisations;
pub mod page;
mod paths;
pub mod preview;
pub mod refusal;
mod sessions;
mod sign_in;
mod upload;
mod verify;
pub mod visitor;
pub mod words;

use std::sync::{Arc, LazyLock};

use poem::http::{Method, header};
use poem::{Endpoint, EndpointExt as _, IntoEndpoint, Response, Route, get, post};

/// The stylesheet of every page.
pub(crate) const STYLE: &str = concat!(
    include_str!("style.css"),
    include_str!("atelier/style.css"),
    include_str!("espace/style.css")
);
/// The mark of the site, beside the title of a page.
const ICON: &str = include_str!("icon.svg");
/// The media type of scripts.
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The paths of pages, with their methods: what the document of the API does not describe.
pub static PATHS: LazyLock<Vec<(&str, &[Method])>> =
    LazyLock::new(|| [OWN, atelier::PATHS, espace::PATHS, sessions::PATHS].concat());

/// Those that are not of the workbench.
const OWN: &[(&str, &[Method])] = &[
    ("/", &[Method::GET]),
    ("/accessibilite", &[Method::GET]),
    ("/catalogue", &[Method::GET]),
    ("/connexion", &[Method::GET, Method::POST]),
    ("/deconnexion", &[Method::POST]),
    ("/demander-un-compte", &[Method::GET, Method::POST]),
    ("/donnees-personnelles", &[Method::GET]),
    ("/icone.svg", &[Method::GET]),
    ("/invitations/{id}", &[Method::GET, Method::POST]),
    ("/liens/{token}", &[Method::GET, Method::POST]),
    ("/mentions-legales", &[Method::GET]),
    ("/modules/{code}", &[Method::GET]),
    ("/modules/{code}/lecons/{lecon}", &[Method::GET]),
    ("/mot-de-passe-oublie", &[Method::GET, Method::POST]),
    ("/openapi.json", &[Method::GET]),
    ("/parcours", &[Method::GET]),
    ("/parcours/{code}", &[Method::GET]),
    ("/style.css", &[Method::GET]),
    ("/verifier", &[Method::GET, Method::POST]),
    ("/verifier.js", &[Method::GET]),
    ("/verifier/{code}", &[Method::GET]),
];

/// Adds the pages to a router, under their French addresses; each is in [`PATHS`] as well.
pub fn add_to(router: Route) -> Route {
    sessions::add_to(espace::add_to(atelier::add_to(router)))
        .at("/accessibilite", get(about::accessibility))
        .at("/catalogue", get(catalogue::show))
        .at("/connexion", get(sign_in::ask).post(sign_in::sign_in))
        .at("/deconnexion", post(sign_in::sign_out))
        .at("/demander-un-compte", get(account_request::show).post(account_request::send))
        .at("/donnees-personnelles", get(about::personal))
        .at("/icone.svg", get(poem::endpoint::make_sync(|_| kept("image/svg+xml", ICON))))
        .at("/invitations/:id", get(invitation::show).post(invitation::answer))
        .at("/liens/:token", get(links::show).post(links::choose))
        .at("/mentions-legales", get(about::legal))
        .at("/modules/:code", get(module::show))
        .at("/modules/:code/lecons/:lecon", get(lesson::show))
        .at("/mot-de-passe-oublie", get(forgotten::ask).post(forgotten::send))
        .at("/parcours", get(paths::list))
        .at("/parcours/:code", get(paths::show))
        .at(
            "/style.css",
            get(poem::endpoint::make_sync(|_| kept("text/css; charset=utf-8", STYLE))),
        )
        .at("/verifier", get(verify::ask).post(verify::compare))
        .at("/verifier.js", get(poem::endpoint::make_sync(|_| kept(SCRIPT, verify::SCRIPT))))
        .at("/verifier/:code", get(verify::show))
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

/// A file of ours that browsers keep for a day.
fn kept(kind: &str, text: &'static str) -> Response {
    Response::builder()
        .content_type(kind)
        .header(header::CACHE_CONTROL, "public, max-age=86400")
        .body(text)
}
