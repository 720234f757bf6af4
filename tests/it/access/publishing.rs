//! Rows of the access table about reviewers, schedules and retirement.

use serde_json::json;

use super::ask::{delete, get, post};
use super::stage::Cast::{Publisher, Reviewer, Trainer};
use super::table::Who::{Anywhere, Here};
use super::table::{READERS, Row, row};

/// While the draft of the place is open.
pub fn before_it_is_published() -> Vec<Row> {
    vec![
        row("list_reviews", Here(READERS), |at| {
            get(format!("/api/v1/modules/{}/draft/reviews", at.module))
        }),
        row("my_reviews", Anywhere(&[Reviewer]), |_| get("/api/v1/me/reviews")),
        row("ask_review", Here(&[Trainer, Publisher]), |at| {
            post(format!("/api/v1/modules/{}/draft/reviewers", at.module))
                .json(json!({ "account_id": at.outsider, "kind": "both" }))
        }),
        row("list_reviewers", Here(READERS), |at| {
            get(format!("/api/v1/modules/{}/draft/reviewers", at.module))
        }),
        row("withdraw_review_request", Here(&[Trainer, Publisher]), |at| {
            delete(format!("/api/v1/modules/{}/draft/reviewers/{}", at.module, at.outsider))
        }),
        row("list_schedules", Here(READERS), |at| {
            get(format!("/api/v1/modules/{}/draft/publish/schedule", at.module))
        }),
        row("cancel_schedule", Here(&[Publisher]), |at| {
            delete(format!("/api/v1/modules/{}/draft/publish/schedule", at.module))
        }),
    ]
}

/// Once nobody needs the module any more.
pub fn once_it_has_been_learnt() -> Vec<Row> {
    vec![row("retire_module", Here(&[Publisher]), |at| {
        post(format!("/api/v1/modules/{}/retire", at.module))
            .json(json!({ "reason": "Remplacé par un autre." }))
    })]
}
