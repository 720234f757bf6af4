//! Who may say what the law is, and who sees and decides what is to be reviewed because of it.

use maitrise::clock;
use serde_json::json;

use super::ask::{Quote, get, post};
use super::stage::Cast::{Auditor, National, Publisher, Reviewer, Trainer};
use super::table::Who::{self, Anywhere, Here};
use super::table::{READERS, Row, row};

/// A text of the register, cited by modules of the binary.
pub const TEXT: &str = "ria-5";

/// The rows of the room.
pub fn rows() -> Vec<Row> {
    const KNOWING: Who = Anywhere(&[Trainer, Reviewer, Publisher, Auditor, National]);
    const TELLING: Who = Anywhere(&[Reviewer, National]);
    vec![
        row("list_references", KNOWING, |_| get("/api/v1/references?q=r%C3%A8glement")),
        row("get_reference", KNOWING, |_| get(format!("/api/v1/references/{TEXT}"))),
        row("create_reference", TELLING, |_| {
            let id = format!("essai-{}", clock::new_id().simple());
            post("/api/v1/references").json(json!({ "id": id, "version": version() }))
        }),
        row("revise_reference", TELLING, |_| {
            post(format!("/api/v1/references/{TEXT}/versions"))
                .json(version())
                .quoting(Quote::ReferenceTag)
        }),
        row("to_review", Anywhere(READERS), |_| get("/api/v1/to-review")),
        row("module_to_review", Here(READERS), |at| {
            get(format!("/api/v1/modules/{}/to-review", at.module))
        }),
        row("decide_review", Here(&[Reviewer]), |at| {
            post(format!("/api/v1/to-review/{}/decision", at.review_item))
                .json(json!({ "consequence": "editorial", "note": "Une date." }))
        }),
    ]
}

/// What a text says.
fn version() -> serde_json::Value {
    json!({ "text": "Un texte", "grade": "V", "verified_on": "2026-11-01" })
}
