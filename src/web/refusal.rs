//! What a page says when something is refused: the status, a title, and every sentence to mend it.
//!
//! Two ways lead here: a handler that was refused something, and whatever the front door refuses to a
//! browser (no such page, too slow, our fault), for which it asks here instead of answering
//! problem+json.

use askama::Template;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Request, Response};

use super::page::{Around, Section, html};
use super::visitor::{Visitor, sign_in_path};
use crate::error::{Kind, Reason, Refusal};
use crate::http::context::Context;
use crate::http::problem;

/// The paths under which programs are answered, whatever they say that they accept.
const FOR_PROGRAMS: [&str; 3] = ["/api/", "/.well-known/", "/media/"];

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "refused.html")]
struct Refused {
    around: Around,
    title: String,
    sentences: Vec<String>,
    /// What the log has under the same number, when the fault is ours.
    reference: Option<String>,
    /// Where signing in would help.
    sign_in: Option<String>,
    /// Whether what one-use links are is said as well.
    about_links: bool,
}

/// The page of a refusal, for a visitor.
pub(super) fn page_of(visitor: &Visitor, refusal: Refusal) -> Response {
    let status = problem::status(refusal.reason.kind());
    let wait = refusal.retry_after_seconds.map(HeaderValue::from);
    let mut page = Refused::of(refusal, visitor.around(Section::Other));
    if status == StatusCode::UNAUTHORIZED {
        page.sign_in = Some(sign_in_path(&visitor.asked));
    }
    let mut response = visitor.page(status, &page);
    response.headers_mut().extend(wait.map(|seconds| (header::RETRY_AFTER, seconds)));
    response
}

/// The page of a refusal of a one-use link.
pub(super) fn page_of_link(visitor: &Visitor, refusal: Refusal) -> Response {
    let status = match refusal.reason.kind() {
        // A link that is spent is gone for good; 409 would invite to try again.
        Kind::Conflict => StatusCode::GONE,
        kind => problem::status(kind),
    };
    let page =
        Refused { about_links: true, ..Refused::of(refusal, visitor.around(Section::Other)) };
    visitor.page(status, &page)
}

/// Whether a refusal is told as a page: to a browser, where pages are.
pub fn is_wanted(request: &Request) -> bool {
    let path = request.uri().path();
    let accepted = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let html = accepted.is_some_and(|accept| accept.contains("text/html"));
    html && !FOR_PROGRAMS.iter().any(|start| path.starts_with(start))
}

/// The page instead of the problem that a response carries; any other response is left alone.
pub fn render(response: Response, context: &Context) -> Response {
    let Some(refusal) = response.data::<Refusal>().cloned() else { return response };
    let (kind, wait) = (refusal.reason.kind(), refusal.retry_after_seconds);
    let mut page = Refused::of(refusal, Around::unknown());
    if kind == Kind::Internal {
        page.reference = Some(context.request_id.to_string());
    }
    let mut response = html(problem::status(kind), &page);
    let wait = wait.map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds)));
    response.headers_mut().extend(wait);
    response
}

impl Refused {
    fn of(refusal: Refusal, around: Around) -> Self {
        let remedy = remedy(refusal.reason).to_owned();
        let said = refusal.detail.map(|(fr, _)| fr);
        let faults = refusal.faults.into_iter().map(|fault| match fault.at.as_str() {
            "" => fault.fr,
            at => format!("{at} : {}", fault.fr),
        });
        Self {
            around,
            title: refusal.reason.title().0.to_owned(),
            sentences: said
                .into_iter()
                .chain(faults)
                .chain(Some(remedy).filter(|r| !r.is_empty()))
                .collect(),
            reference: None,
            sign_in: None,
            about_links: false,
        }
    }
}

/// What to do next, where the title does not say it to somebody who reads pages.
const fn remedy(reason: Reason) -> &'static str {
    match reason.kind() {
        Kind::Absent => {
            "Cette page n’existe pas, n’existe plus, ou ne vous est pas ouverte. Vérifiez l’adresse, ou repartez du catalogue."
        }
        Kind::Forbidden => {
            "Votre compte n’a pas le droit qu’il faut ici. Si vous devriez l’avoir, demandez-le à la personne qui administre les droits de votre organisme."
        }
        Kind::Method => {
            "Cette adresse ne reçoit pas ce formulaire : repartez de la page où il se trouve."
        }
        Kind::Stale => {
            "Quelqu’un d’autre a changé la même chose entre-temps : relisez avant d’enregistrer."
        }
        Kind::Timeout => "Revenez en arrière et recommencez ; votre connexion est peut-être lente.",
        Kind::TooLarge => "Envoyez un texte ou un fichier plus petit.",
        Kind::TooMany => "Attendez une minute avant de recommencer.",
        Kind::Internal => {
            "La faute est de notre côté, et elle est notée. Recommencez dans un moment."
        }
        Kind::Unavailable => {
            "Recommencez dans un instant ; ce que vous aviez saisi peut se retrouver en revenant en arrière."
        }
        _ => "",
    }
}
