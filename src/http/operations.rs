//! The table of operations, read from the OpenAPI document that the program itself publishes: which
//! template a path matches (for logs and metrics, which never carry a raw path), what its address and
//! its body must look like, and whether a guard stands before it.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use poem::Request;
use poem::http::{HeaderValue, Method, header};
use poem_openapi::registry::MetaParamIn;
use serde_json::Value;

use super::shape::Shape;
use super::{json, query, upload};
use crate::error::{Fault, Reason, Refusal, Result};

/// The media type of the bodies that are checked here.
const JSON: &str = "application/json";

/// One operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path, as `/api/v1/modules/{code}`.
    pub template: String,
    /// Its `operationId`.
    pub id: String,
    /// Whether its first parameter is a guard.
    pub guarded: bool,
    query: Vec<Parameter>,
    /// The media types that it reads, without their parameters; none if it reads no body.
    media: Vec<String>,
    body: Option<Shape>,
}

/// A parameter of the query string.
#[derive(Clone, Debug)]
struct Parameter {
    name: String,
    shape: Shape,
    required: bool,
}

/// The body of a request, as it was sent.
#[derive(Clone, Debug)]
pub struct Sent(pub Bytes);

/// Every operation, and the pages beside them.
#[derive(Clone, Debug)]
pub struct Operations {
    all: Vec<Arc<Operation>>,
    pages: &'static [(&'static str, &'static [Method])],
}

impl Operations {
    /// Reads the document, as JSON text; `pages` are the paths that it does not describe, with their
    /// methods.
    pub fn of(document: &str, pages: &'static [(&'static str, &'static [Method])]) -> Self {
        let document: &Value = &serde_json::from_str(document).unwrap_or_default();
        let paths = document["paths"].as_object().into_iter().flatten();
        let all = paths.flat_map(|(template, item)| {
            item.as_object().into_iter().flatten().filter_map(|(method, operation)| {
                Operation::of(document, template, method, operation).map(Arc::new)
            })
        });
        Self { all: all.collect(), pages }
    }

    /// The operation that serves a request, if any.
    pub fn of_request(&self, request: &Request) -> Option<&Arc<Operation>> {
        let path = request.uri().path();
        // Whoever answers a GET answers a HEAD.
        let method = match *request.method() {
            Method::HEAD => &Method::GET,
            ref method => method,
        };
        let matches =
            |o: &&Arc<Operation>| o.method == *method && template_matches(&o.template, path);
        // A literal segment wins over a parameter, as in the router.
        self.all.iter().filter(matches).min_by_key(|o| o.template.matches('{').count())
    }

    /// The methods that a path serves, as `Allow` lists them.
    pub fn methods_of(&self, path: &str) -> String {
        let serves = self.all.iter().filter(|o| template_matches(&o.template, path));
        let mut methods: BTreeSet<&str> = serves.map(|o| o.method.as_str()).collect();
        let pages = self.pages.iter().filter(|(template, _)| template_matches(template, path));
        methods.extend(pages.flat_map(|(_, methods)| methods.iter().map(Method::as_str)));
        if methods.contains("GET") {
            methods.insert("HEAD");
        }
        methods.into_iter().collect::<Vec<_>>().join(", ")
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Operation> {
        self.all.iter().map(AsRef::as_ref)
    }
}

impl Operation {
    fn of(document: &Value, template: &str, method: &str, operation: &Value) -> Option<Self> {
        let content = operation["requestBody"]["content"].as_object().into_iter().flatten();
        let content: Vec<_> =
            content.map(|(media, content)| (essence(media), &content["schema"])).collect();
        let json = content.iter().find(|(media, _)| *media == JSON);
        Some(Self {
            method: method.to_uppercase().parse().ok()?,
            template: template.to_owned(),
            id: operation["operationId"].as_str()?.to_owned(),
            guarded: operation["security"].as_array().is_some_and(|s| !s.is_empty()),
            query: query_parameters(document, operation),
            body: json.map(|(_, schema)| Shape::of(document, schema)),
            media: content.into_iter().map(|(media, _)| media).collect(),
        })
    }

    /// Refuses a query string that is not what the document says: a mistyped filter must not answer
    /// an unfiltered figure.
    ///
    /// # Errors
    /// `unreadable-request`; `unknown-parameter` or `invalid-parameter`, naming each.
    pub fn check_query(&self, request: &Request) -> Result<()> {
        let given = query::pairs(request.uri().query().unwrap_or_default())?;
        let unknown = given.iter().filter(|(name, _)| self.query.iter().all(|p| p.name != *name));
        let unknown = unknown.map(|(name, _)| {
            let known = self.query.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
            Fault {
                at: name.chars().filter(|c| !c.is_control()).take(64).collect(),
                fr: format!("paramètre inconnu ; connus ici : {known}"),
                en: format!("unknown parameter; known here: {known}"),
            }
        });
        refuse(Reason::UnknownParameter, unknown.collect())?;
        let misfits = self.query.iter().filter_map(|parameter| parameter.misfit(&given));
        refuse(Reason::InvalidParameter, misfits.collect())
    }

    /// Whether the body of a request is left to the handler to read.
    pub fn streams(&self, request: &Request) -> bool {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.map(essence).unwrap_or_default();
        upload::STREAMED.contains(&kind.as_str()) && self.media.contains(&kind)
    }

    /// Refuses a body that is not what the document says: another media type, no JSON, another
    /// shape; one that is left to the handler, if it says that it is too large. Everything at fault
    /// is named.
    ///
    /// # Errors
    /// `unsupported-media-type`, `unreadable-body`, `invalid-body`, `too-large`.
    pub fn check_body(&self, request: &Request) -> Result<()> {
        if self.media.is_empty() {
            return Ok(());
        }
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.ok_or(Reason::UnsupportedMediaType)?;
        if !self.media.contains(&essence(kind)) || !is_utf8(kind) {
            return Err(Reason::UnsupportedMediaType.into());
        }
        let length = request.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or(0);
        if self.streams(request) && length > upload::MAX_UPLOAD_BYTES {
            return Err(Reason::TooLarge.into());
        }
        if essence(kind) != JSON {
            return Ok(());
        }
        let (Some(shape), Some(Sent(body))) = (&self.body, request.data()) else { return Ok(()) };
        refuse(Reason::InvalidBody, shape.faults(&json::read(body)?))
    }
}

impl Parameter {
    /// What is wrong with this parameter in a query string.
    fn misfit(&self, given: &[(String, String)]) -> Option<Fault> {
        let mut values =
            given.iter().filter(|(name, _)| *name == self.name).map(|(_, value)| value);
        if let Shape::List(item) = &self.shape {
            // Given several times, it is a list.
            let item = Self { shape: (**item).clone(), ..self.clone() };
            return values.find_map(|value| item.misfit(&[(self.name.clone(), value.clone())]));
        }
        let fault = |fr: &str, en: &str| {
            Some(Fault { at: self.name.clone(), fr: fr.to_owned(), en: en.to_owned() })
        };
        match (values.next(), values.next()) {
            (_, Some(_)) => fault("donné deux fois", "given twice"),
            (None, _) if self.required => fault("paramètre attendu", "expected parameter"),
            (None, _) => None,
            (Some(value), None) => match self.shape.read(value) {
                Some(value) => self
                    .shape
                    .faults(&value)
                    .pop()
                    .map(|found| Fault { at: self.name.clone(), ..found }),
                None => fault("valeur d'un autre type ; voir /docs", "of another type; see /docs"),
            },
        }
    }
}

fn refuse(reason: Reason, faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    Err(Refusal::naming(reason, faults).into())
}

fn query_parameters(document: &Value, operation: &Value) -> Vec<Parameter> {
    let place = serde_json::to_value(MetaParamIn::Query).unwrap_or_default();
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters = parameters.filter(|p| p["in"] == place).filter_map(|p| {
        Some(Parameter {
            name: p["name"].as_str()?.to_owned(),
            shape: Shape::of(document, &p["schema"]),
            required: p["required"] == true,
        })
    });
    parameters.collect()
}

/// A media type without its parameters.
fn essence(kind: &str) -> String {
    kind.split(';').next().unwrap_or_default().trim().to_lowercase()
}

/// Takes off the media type of a text what says that it is in UTF-8, which is no news here: the framework compares
/// those of a choice of bodies to the letter.
pub fn bare_media_type(request: &mut Request) {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let text = |kind: &&str| essence(kind).starts_with("text/") && is_utf8(kind);
    if let Some(kind) = kind.filter(text)
        && let Ok(bare) = HeaderValue::from_str(&essence(kind))
    {
        request.headers_mut().insert(header::CONTENT_TYPE, bare);
    }
}

/// Whether a media type names no other charset than the one that is read here.
fn is_utf8(kind: &str) -> bool {
    let parameters = kind.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let mut charsets = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    charsets.all(|(_, charset)| charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
}

fn template_matches(template: &str, path: &str) -> bool {
    let (mut expected, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), given.next()) {
            (None, None) => return true,
            (Some(e), Some(g)) if e == g || (e.starts_with('{') && !g.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_matches_whole_segments() {
        assert!(template_matches("/a/{id}/b", "/a/1/b"));
        assert!(!template_matches("/a/{id}", "/a/1/b"));
        assert!(!template_matches("/a/{id}", "/a/"));
    }
}
