//! The table of operations, read from the OpenAPI document that the program itself publishes: which
//! template a path matches (for logs and metrics, which never carry a raw path), which query
//! parameters it knows, and whether a guard stands before it.

use std::collections::BTreeSet;

use poem::Request;
use poem::http::Method;
use poem_openapi::registry::MetaParamIn;
use serde_json::Value;

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
}

/// Every operation.
#[derive(Clone, Debug)]
pub struct Operations(Vec<Operation>);

impl Operations {
    /// Reads the document.
    pub fn of(document: &Value) -> Self {
        let paths = document["paths"].as_object().into_iter().flatten();
        let all = paths.flat_map(|(template, item)| {
            item.as_object().into_iter().flatten().filter_map(|(method, operation)| {
                Some(Operation {
                    method: method.to_uppercase().parse().ok()?,
                    template: template.clone(),
                    id: operation["operationId"].as_str()?.to_owned(),
                    guarded: operation["security"].as_array().is_some_and(|s| !s.is_empty()),
                    query: query_names(operation),
                })
            })
        });
        Self(all.collect())
    }

    /// The operation that serves a request, if any.
    pub fn of_request(&self, request: &Request) -> Option<&Operation> {
        let path = request.uri().path();
        let matches =
            |o: &&Operation| o.method == *request.method() && template_matches(&o.template, path);
        // A literal segment wins over a parameter, as in the router.
        self.0.iter().filter(matches).min_by_key(|o| o.template.matches('{').count())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Operation> {
        self.0.iter()
    }
}

impl Operation {
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
        let faults: Vec<Fault> = unknown
            .map(|name| Fault {
                at: name.chars().filter(|c| !c.is_control()).take(64).collect(),
                fr: format!("paramètre inconnu ; connus ici : {known}"),
                en: format!("unknown parameter; known here: {known}"),
            })
            .collect();
        if faults.is_empty() {
            return Ok(());
        }
        Err(Refusal { faults, ..Refusal::new(Reason::UnknownParameter) }.into())
    }
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
