//! Rows of the access table about keys that were wrong.

use serde_json::{Value, json};

use super::ask::{Quote, get, post};
use super::stage::Cast::Publisher;
use super::stage::Place;
use super::table::Who::Here;
use super::table::{READERS, Row, row};

/// The rows of a published version of each place's provider.
pub fn rows() -> Vec<Row> {
    vec![
        row("preview_regrade", Here(&[Publisher]), |at| {
            post(path(at, "/regrade/preview")).json(corrections())
        }),
        row("regrade_version", Here(&[Publisher]), |at| {
            post(path(at, "/regrade")).json(corrections()).quoting(Quote::RegradeDigest)
        }),
        row("list_regrades", Here(READERS), |at| get(path(at, "/regrades"))),
    ]
}

/// An address under the first version of the place's module that has two.
pub fn path(at: &Place, rest: &str) -> String {
    let code = at.provider.trim_start_matches("local:").to_uppercase();
    format!("/api/v1/modules/MUE-{code}/versions/1{rest}")
}

/// The correction of the documented example.
pub fn corrections() -> Value {
    json!({ "corrections": [{ "question": "q1", "right_answers": ["b"], "reason": "Relu." }] })
}
