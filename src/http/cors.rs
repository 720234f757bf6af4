//! Other origins (Fetch, § 3.2): those of the settings may call and read; nobody else is told so.
//!
//! A request from elsewhere is served like any other, without the header that would let the browser
//! show the answer: what protects the API is the token, which no browser sends by itself. Refusing it
//! would only break our own pages, whose forms name their origin too.

use poem::http::{HeaderMap, HeaderValue, Method, header};
use poem::{Request, Response};

const METHODS: &str = "GET, POST, PUT, DELETE";
const HEADERS: &str = "authorization, content-type, accept-language, if-match, if-none-match";
const EXPOSED: &str = "etag, location, retry-after, www-authenticate, x-request-id";
/// Seconds that a browser may keep the answer to its question.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// The origins that may call.
#[derive(Debug)]
pub struct Cors(Vec<String>);

impl Cors {
    /// Those of the settings.
    pub fn new(origins: &[String]) -> Self {
        Self(origins.to_vec())
    }

    /// The origin of a request, when it may call.
    pub fn origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        self.0.iter().any(|known| known.as_bytes() == origin.as_bytes()).then(|| origin.clone())
    }

    /// Whether a browser asks, before a request of an origin that may call, what it may send.
    pub fn is_preflight(&self, request: &Request) -> bool {
        *request.method() == Method::OPTIONS
            && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
            && self.origin(request.headers()).is_some()
    }

    /// Says in an answer who may read it, and in one to a question what may be sent.
    pub fn tell(&self, response: &mut Response, origin: Option<HeaderValue>, preflight: bool) {
        if self.0.is_empty() {
            return;
        }
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = origin else { return };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let mut say = |name, value| headers.insert(name, HeaderValue::from_static(value));
        say(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        if preflight {
            say(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            say(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        }
    }
}
