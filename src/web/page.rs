//! A page as a response: what stands around it, and the headers that keep it to itself.

use std::sync::LazyLock;

use askama::Template;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse as _, Response};
use sha2::{Digest, Sha256};

use super::visitor::Visitor;
use super::{cookie, flash};
use crate::error::Reason;
use crate::http::etag;
use crate::http::problem::Problem;

/// Nothing but what this site serves, no script at all, and nobody else's frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The address of the stylesheet.
static STYLE_PATH: LazyLock<String> = LazyLock::new(|| addressed("/style.css", super::STYLE));

/// What a page with a script of ours may do besides: run it, and ask this site.
const SCRIPTED: &str = "; script-src 'self'; connect-src 'self'";

/// The address of the learners' script.
static SCRIPT_PATH: LazyLock<String> =
    LazyLock::new(|| addressed("/apprendre.js", super::espace::SCRIPT));

/// The address of a text of ours that browsers keep: another text, another address.
pub(super) fn addressed(path: &str, text: &str) -> String {
    let digest = crate::text::hex(&Sha256::digest(text));
    format!("{path}?v={}", &digest[..12])
}

/// The part of the site that a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The page at the root.
    Home,
    /// The catalogue, its modules and their lessons.
    Catalogue,
    /// The learning paths.
    Paths,
    /// The trainer's workbench.
    Desk,
    /// One's own learning.
    Learner,
    /// Signing in.
    Account,
    /// Anything else.
    Other,
}

/// What stands around a page, and every template calls `around`.
#[derive(Clone, Debug)]
pub struct Around {
    /// Where the page stands.
    pub section: Section,
    /// The token of forms, when somebody is signed in.
    pub token: Option<String>,
    /// Whether they have something to do at the workbench.
    pub desk: bool,
    /// What is said once, at the top.
    pub flash: Option<String>,
    /// Whether it was asked who is there: a page of the front door does not know.
    pub known: bool,
}

impl Around {
    /// What stands around a page made where nobody asked who is there.
    pub(super) fn unknown() -> Self {
        let section = Section::Other;
        Self { section, token: None, desk: false, flash: None, known: false }
    }

    /// Whether the page belongs to that part of the site; for `aria-current`.
    pub fn is_in(&self, section: &str) -> bool {
        let here = match self.section {
            Section::Home => "home",
            Section::Catalogue => "catalogue",
            Section::Paths => "paths",
            Section::Desk => "desk",
            Section::Learner => "learner",
            Section::Account => "account",
            Section::Other => "",
        };
        here == section
    }

    /// The address of the script, for the pages that [`Visitor::scripted`] answers.
    pub fn script(&self) -> &'static str {
        &SCRIPT_PATH
    }

    /// The address of the stylesheet.
    pub fn style(&self) -> &'static str {
        &STYLE_PATH
    }
}

impl Visitor {
    /// A page of theirs, kept by nobody.
    pub fn page(&self, status: StatusCode, template: &impl Template) -> Response {
        let mut response = html(status, template);
        self.take_flash(&mut response);
        response
    }

    /// The same of a page that runs a script of ours, which it works without.
    pub fn scripted(&self, status: StatusCode, template: &impl Template) -> Response {
        let mut response = self.page(status, template);
        if let Ok(policy) = HeaderValue::from_str(&format!("{POLICY}{SCRIPTED}")) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    /// A page that is the same for anybody who is not signed in, and depends on nothing but `state`:
    /// it may be kept, and is asked for again with its tag.
    pub fn public(&self, state: &str, template: &impl Template) -> Response {
        let page = self.page(StatusCode::OK, template);
        if self.is_anybody() { keepable(page, state) } else { page }
    }

    /// The news that what they have at hand of a [`Visitor::public`] page is still so.
    pub fn unchanged(&self, state: &str) -> Option<Response> {
        let known = self.is_anybody() && etag::is_known(self.known.as_deref(), &tag(state));
        known.then(|| keepable(StatusCode::NOT_MODIFIED.into_response(), state))
    }

    fn is_anybody(&self) -> bool {
        self.signed.is_none() && self.flash.is_none() && !self.unread
    }

    /// Takes back the cookie of what has now been said.
    fn take_flash(&self, response: &mut Response) {
        if self.flash.is_some() {
            cookie::set(response.headers_mut(), flash::COOKIE, "", 0, self.app.is_https());
        }
    }
}

/// The tag of a page: of what it depends on, and of the stylesheet that it names.
fn tag(state: &str) -> String {
    let digest = Sha256::new().chain_update(&**STYLE_PATH).chain_update(state).finalize();
    etag::representation(&crate::text::hex(&digest)[..32])
}

fn keepable(mut response: Response, state: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(etag::REVALIDATE));
    headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
    headers.extend(HeaderValue::from_str(&tag(state)).ok().map(|tag| (header::ETAG, tag)));
    response
}

/// HTML with the headers of every page.
pub(super) fn html(status: StatusCode, template: &impl Template) -> Response {
    let Ok(html) = template.render() else {
        return Problem::from(Reason::Internal).into_response();
    };
    let mut response = Response::builder()
        .status(status)
        .content_type("text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        // Not `no-referrer`: a form would then be sent as coming from nowhere, and be refused.
        .header(header::REFERRER_POLICY, "same-origin")
        .body(html);
    let policy = HeaderValue::from_static(POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// Says no word of the address that led here: it holds a secret.
pub(super) fn discreet(mut response: Response) -> Response {
    let nobody = HeaderValue::from_static("no-referrer");
    response.headers_mut().insert(header::REFERRER_POLICY, nobody);
    response
}

/// Sends the browser on to a path of ours, to be asked for with GET.
pub(super) fn redirect(path: &str) -> Response {
    Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, path)
        .header(header::CACHE_CONTROL, "no-store")
        .finish()
}
