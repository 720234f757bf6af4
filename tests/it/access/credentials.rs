//! The credential of an attestation, its status, its revocation.

use serde_json::json;

use super::ask::{get, post};
use super::stage::Cast;
use super::table::Who::{Anyone, Here, Owner};
use super::table::{Row, row};

/// The rows of an attestation, and of one of the place's provider.
pub fn rows() -> Vec<Row> {
    const ANSWERABLE: &[Cast] = &[Cast::Publisher, Cast::National];
    vec![
        row("get_credential_jwt", Owner, |at| {
            get(format!("/api/v1/attestations/{}/credential.jwt", at.attestation))
        }),
        row("get_status_list", Anyone, |_| get("/credentials/status/revocation-0")),
        row("revoke_attestation", Here(ANSWERABLE), |at| {
            post(format!("/api/v1/attestations/{}/revoke", at.provided))
                .json(json!({ "reason": "error" }))
        }),
        row("reinstate_attestation", Here(ANSWERABLE), |at| {
            post(format!("/api/v1/attestations/{}/reinstate", at.provided))
                .json(json!({ "reason": "error" }))
        }),
    ]
}
