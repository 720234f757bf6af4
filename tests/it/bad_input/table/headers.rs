//! Headers that name another media type, or something else than what is edited.

use super::subject::Subject;
use super::{Case, Expected};

const UNSUPPORTED: Expected = &[(415, "unsupported-media-type")];
const STALE: Expected = &[(412, "stale")];
const REQUIRED: Expected = &[(428, "precondition-required")];

/// Media types that no operation reads, or that say another charset.
const KINDS: [&str; 16] = [
    "",
    "?",
    "json",
    "application",
    "application/",
    "application/jsonx",
    "application/problem+json",
    "application/json, text/plain",
    "application/json; charset=utf-16",
    "application/json; charset=\"iso-8859-1\"",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "text/json",
    "text/plain; charset=iso-8859-1",
    "application/octet-stream; charset=latin1",
];

/// Tags that are not the one asked for.
const TAGS: [&str; 8] = ["\"0\"", "*", "W/\"1\"", "", "1", "\"\"", "\"1", "\"0\", \"x\", W/\"y\""];

/// Every case of an operation.
pub fn cases(subject: &Subject) -> Vec<Case> {
    let mut cases = Vec::new();
    if !subject.reads().is_empty() {
        for kind in KINDS {
            let headers = vec![("Content-Type", kind.to_owned())];
            cases
                .push(Case { headers, ..Case::of(subject, format!("type {kind:?}"), UNSUPPORTED) });
        }
        cases.push(Case { headers: Vec::new(), ..Case::of(subject, "no type", UNSUPPORTED) });
    }
    if subject.parameters("header").iter().any(|header| header["name"] == "If-Match") {
        let with = |what: String, tag: Option<String>, expected| {
            let mut case = Case::of(subject, what, expected);
            case.ready.tag = tag;
            case
        };
        let long = format!("\"{}\"", "0".repeat(5_000));
        for tag in TAGS.iter().copied().chain([long.as_str()]) {
            cases.push(with(format!("If-Match {tag:.20}"), Some(tag.to_owned()), STALE));
        }
        cases.push(with("no If-Match".to_owned(), None, REQUIRED));
    }
    cases
}
