//! The table of operations, read from the OpenAPI document that the program itself publishes: which
//! template a path matches (for logs and metrics, which never carry a raw path), which query
//! parameters it knows, and whether a guard stands before it.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use poem::Request;
use poem::http::Method;
use poem_openapi::registry::MetaParamIn;
use serde_json::Value;

use super::fields::Field;
use crate::error::{Fault, Reason, Refusal, Result};

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
    query: BTreeSet<String>,
    fields: Vec<Field>,
}

/// The body of a request, as it was sent.
#[derive(Clone, Debug)]
pub struct Sent(pub Bytes);

/// Every operation.
#[derive(Clone, Debug)]
pub struct Operations(Vec<Arc<Operation>>);

impl Operations {
    /// Reads the document, as JSON text.
    pub fn of(document: &str) -> Self {
        let document: &Value = &serde_json::from_str(document).unwrap_or_default();
        let paths = document["paths"].as_object().into_iter().flatten();
        let all = paths.flat_map(|(template, item)| {
            item.as_object().into_iter().flatten().filter_map(|(method, operation)| {
                Some(Arc::new(Operation {
                    method: method.to_uppercase().parse().ok()?,
                    template: template.clone(),
                    id: operation["operationId"].as_str()?.to_owned(),
                    guarded: operation["security"].as_array().is_some_and(|s| !s.is_empty()),
                    query: query_names(operation),
                    fields: Field::of_body(document, operation),
                }))
            })
        });
        Self(all.collect())
    }

    /// The operation that serves a request, if any.
    pub fn of_request(&self, request: &Request) -> Option<&Arc<Operation>> {
        let path = request.uri().path();
        let matches = |o: &&Arc<Operation>| {
            o.method == *request.method() && template_matches(&o.template, path)
        };
        // A literal segment wins over a parameter, as in the router.
        self.0.iter().filter(matches).min_by_key(|o| o.template.matches('{').count())
    }

    /// The methods that a path serves, as `Allow` lists them.
    pub fn methods_of(&self, path: &str) -> String {
        let serves = self.0.iter().filter(|o| template_matches(&o.template, path));
        serves.map(|o| o.method.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Operation> {
        self.0.iter().map(AsRef::as_ref)
    }
}

impl Operation {
    /// The fields of a JSON body that are missing or do not fit the document.
    pub fn misfits(&self, body: &[u8]) -> Vec<Fault> {
        let body = serde_json::from_slice(body).unwrap_or_default();
        self.fields.iter().filter_map(|field| field.misfit(&body)).collect()
    }

    /// Refuses a JSON body in which a field is of another type than the document says: the framework
    /// would read some of them all the same.
    ///
    /// # Errors
    /// `invalid-body`, naming each field.
    pub fn refuse_mistyped(&self, request: &Request) -> Result<()> {
        let is_json =
            request.content_type().is_some_and(|kind| kind.starts_with("application/json"));
        let Some(Sent(body)) = request.data().filter(|_| is_json) else { return Ok(()) };
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let mistyped = self.fields.iter().filter_map(|field| field.mistyped(&body));
        refuse(Reason::InvalidBody, mistyped.collect())
    }

    /// Refuses a query parameter that the operation does not know: a mistyped filter must not answer
    /// an unfiltered figure.
    ///
    /// # Errors
    /// `unknown-parameter`, naming each.
    pub fn refuse_unknown_parameters(&self, request: &Request) -> Result<()> {
        let query = request.uri().query().unwrap_or_default();
        let unknown = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split('=').next().unwrap_or_default())
            .filter(|name| !self.query.contains(*name));
        let known = self.query.iter().cloned().collect::<Vec<_>>().join(", ");
        let faults = unknown.map(|name| Fault {
            at: name.chars().filter(|c| !c.is_control()).take(64).collect(),
            fr: format!("paramètre inconnu ; connus ici : {known}"),
            en: format!("unknown parameter; known here: {known}"),
        });
        refuse(Reason::UnknownParameter, faults.collect())
    }
}

fn refuse(reason: Reason, faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    Err(Refusal { faults, ..Refusal::new(reason) }.into())
}

fn query_names(operation: &Value) -> BTreeSet<String> {
    let place = serde_json::to_value(MetaParamIn::Query).unwrap_or_default();
    operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|p| p["in"] == place)
        .filter_map(|p| p["name"].as_str().map(str::to_owned))
        .collect()
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
