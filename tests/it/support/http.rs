//! The API as a client on another machine sees it: a socket, a status, headers, a body.
//!
//! Nothing is hidden and nothing is followed: a redirect is an answer like another. What is checked
//! most often has a word, and a wrong status shows the request and the whole body.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::header::{ETAG, HeaderMap, LOCATION};
use reqwest::{Client, Method, RequestBuilder, redirect};
use serde::Serialize;
use serde_json::Value;

/// A server to speak to; or several that are one service, spoken to in turn.
#[derive(Clone)]
pub struct Api {
    bases: Vec<String>,
    /// Calls made so far, by all clones.
    calls: Arc<AtomicUsize>,
    client: Client,
}

impl Api {
    /// A client of `base`, such as `http://127.0.0.1:8080`, without a slash at the end.
    pub fn new(base: &str) -> Self {
        Self::alternating(&[base])
    }

    /// A client whose every call goes to the next of `bases`.
    pub fn alternating(bases: &[&str]) -> Self {
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .build()
            .expect("a plain client can be built");
        let bases = bases.iter().map(|base| base.trim_end_matches('/').to_owned()).collect();
        Self { bases, calls: Arc::default(), client }
    }

    /// The address of the server, or of the first.
    pub fn base(&self) -> String {
        self.bases[0].clone()
    }

    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    pub fn put(&self, path: &str) -> Call {
        self.call(Method::PUT, path)
    }

    pub fn patch(&self, path: &str) -> Call {
        self.call(Method::PATCH, path)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    pub fn head(&self, path: &str) -> Call {
        self.call(Method::HEAD, path)
    }

    pub fn options(&self, path: &str) -> Call {
        self.call(Method::OPTIONS, path)
    }

    /// A request of any method.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let turn = self.calls.fetch_add(1, Ordering::Relaxed) % self.bases.len();
        Call {
            what: format!("{method} {path}"),
            request: self.client.request(method, format!("{}{path}", self.bases[turn])),
        }
    }
}

/// A request being prepared; awaiting it sends it.
#[must_use = "a call is sent when it is awaited"]
pub struct Call {
    what: String,
    request: RequestBuilder,
}

impl Call {
    /// With `Authorization: Bearer …`.
    pub fn bearer(self, token: &str) -> Self {
        self.with(|request| request.bearer_auth(token))
    }

    /// With one more header.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.with(|request| request.header(name, value))
    }

    /// With a JSON body.
    pub fn json(self, body: &impl Serialize) -> Self {
        self.with(|request| request.json(body))
    }

    /// With any other body; its type is given by [`header`](Self::header).
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        self.with(|request| request.body(body.into()))
    }

    fn with(self, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Self {
        Self { what: self.what, request: change(self.request) }
    }

    async fn send(self) -> Answer {
        let what = self.what.clone();
        self.attempt().await.unwrap_or_else(|error| panic!("{what}: no answer: {error:?}"))
    }

    /// Sends it to a server that may be lost on the way: there is no whole answer then.
    pub async fn attempt(self) -> reqwest::Result<Answer> {
        let response = self.request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await?.to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Answer { what: self.what, status, headers, body, bytes })
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    what: String,
    pub status: u16,
    pub headers: HeaderMap,
    /// The body as text; bytes that are not UTF-8 are replaced.
    pub body: String,
    /// The body as it came (a PDF, a spreadsheet).
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Itself, if its status is that one; otherwise panics with the request, the status and the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        let Self { what, status: got, body, .. } = &self;
        assert!(*got == status, "{what}: expected {status}, got {got}\n{body}");
        self
    }

    /// The body as JSON; panics with it otherwise.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{}: not JSON: {error}\n{}", self.what, self.body))
    }

    /// The stable `code` of a problem; panics unless this is an `application/problem+json` with one.
    #[track_caller]
    pub fn problem_code(&self) -> String {
        let kind = self.header("content-type").unwrap_or_default();
        let is_problem = kind.starts_with("application/problem+json");
        assert!(is_problem, "{}: {kind:?} is no problem\n{}", self.what, self.body);
        let code = self.json()["code"].as_str().map(str::to_owned);
        code.unwrap_or_else(|| panic!("{}: no code\n{}", self.what, self.body))
    }

    /// The `Location` header; panics without one.
    #[track_caller]
    pub fn location(&self) -> String {
        self.required(LOCATION.as_str())
    }

    /// The `ETag` header, quotes included, ready for `If-Match`; panics without one.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.required(ETAG.as_str())
    }

    /// A header's value, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    #[track_caller]
    fn required(&self, name: &str) -> String {
        let value = self.header(name).map(str::to_owned);
        value.unwrap_or_else(|| panic!("{}: no {name} in {:?}", self.what, self.headers))
    }
}
