//! Rows of the access table about keys that were wrong, prior learning, and evidence.

use serde_json::{Value, json};

use super::ask::{Quote, get, post};
use super::stage::Cast::{Auditor, Publisher};
use super::stage::Place;
use super::table::Who::{Audited, Concerned, Here};
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
        row("recognise_learning", Here(&[Publisher]), |at| {
            post(module(at, "/recognitions")).json(json!({
                "enrolment_id": at.superseded.unread, "basis": "training",
                "acquired_on": "2024-06-30", "document_digest": "a".repeat(64),
            }))
        }),
        row("get_evidence", Concerned(&[Publisher, Auditor]), |at| {
            get(format!("/api/v1/attestations/{}/evidence", at.said.attestation))
        }),
        row("get_evidence_bundle", Audited, |at| {
            let days = "from=2026-01-01&to=2026-12-31";
            get(format!("/api/v1/organisations/{}/evidence.zip?{days}", at.organisation))
        }),
    ]
}

/// An address under the first version of the place's module that has two.
pub fn path(at: &Place, rest: &str) -> String {
    module(at, &format!("/versions/1{rest}"))
}

fn module(at: &Place, rest: &str) -> String {
    let code = at.provider.trim_start_matches("local:").to_uppercase();
    format!("/api/v1/modules/MUE-{code}{rest}")
}

/// The correction of the documented example.
pub fn corrections() -> Value {
    json!({ "corrections": [{ "question": "q1", "right_answers": ["b"], "reason": "Relu." }] })
}
