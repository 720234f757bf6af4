//! The table of operations, read from the OpenAPI document that the program itself publishes: which
//! template a path matches (for logs and metrics, which never carry a raw path), which query
//! parameters it knows, and whether a guard stands before it.

use std::collections::BTreeSet;
use std::sync::Arc;

use poem::Request;
use poem::http::Method;
use poem_openapi::registry::MetaParamIn;
use serde_json::Value;

use super::framework::pointer;
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
    /// The fields of its JSON body: name, JSON type where it is a plain one, whether required.
    fields: Vec<(String, Option<String>, bool)>,
}

/// Every operation.
#[derive(Clone, Debug)]
pub struct Operations(Vec<Arc<Operation>>);

impl Operations {
    /// Reads the document.
    pub fn of(document: &Value) -> Self {
        let paths = document["paths"].as_object().into_iter().flatten();
        let all = paths.flat_map(|(template, item)| {
            item.as_object().into_iter().flatten().filter_map(|(method, operation)| {
                Some(Arc::new(Operation {
                    method: method.to_uppercase().parse().ok()?,
                    template: template.clone(),
                    id: operation["operationId"].as_str()?.to_owned(),
                    guarded: operation["security"].as_array().is_some_and(|s| !s.is_empty()),
                    query: query_names(operation),
                    fields: body_fields(document, operation),
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
    /// The fields of a JSON body that are missing or of another type than the document says.
    pub fn misfits(&self, body: &[u8]) -> Vec<Fault> {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let misfit = |(name, kind, required): &(String, Option<String>, bool)| {
            let (fr, en) = match value.get(name).filter(|v| !v.is_null()) {
                None if *required => ("champ attendu".to_owned(), "expected field".to_owned()),
                None => return None,
                Some(value) => {
                    let kind = kind.as_deref().filter(|kind| !has_type(value, kind))?;
                    (format!("attendu : {kind}"), format!("expected: {kind}"))
                }
            };
            Some(Fault { at: pointer(name), fr, en })
        };
        self.fields.iter().filter_map(misfit).collect()
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

/// The fields of an operation's JSON body, from its schema.
fn body_fields(document: &Value, operation: &Value) -> Vec<(String, Option<String>, bool)> {
    let content = operation["requestBody"]["content"].as_object().into_iter().flatten();
    let json = content.filter(|(media, _)| media.starts_with("application/json"));
    let Some(schema) = json.map(|(_, content)| &content["schema"]).next() else {
        return Vec::new();
    };
    let name = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()).unwrap_or_default();
    let schema = &document["components"]["schemas"][name];
    let required = schema["required"].as_array();
    let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
    let fields = schema["properties"].as_object().into_iter().flatten();
    fields
        .map(|(name, field)| {
            (name.clone(), field["type"].as_str().map(str::to_owned), is_required(name))
        })
        .collect()
}

/// Whether a JSON value has a type of JSON Schema.
fn has_type(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
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
