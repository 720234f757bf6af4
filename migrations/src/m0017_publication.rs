//! Reviews of two kinds with their comments, reviewers lent by another provider, publications to come,
//! modules taken out of the catalogue, and what a change of the law makes people owe.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of publishing, and the columns that go with them.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // Reviews made before there were two kinds have none: they were pedagogical.
        sql(m, "ALTER TABLE draft_review ADD COLUMN kind text").await?;
        table(
            m,
            "review_comment",
            vec![
                id(),
                uuid("review_id"),
                int("place"),
                text("path"),
                int("line"),
                text("text"),
                uuid("reviewer_id"),
            ],
            &[("review_id", "draft_review")],
        )
        .await?;
        unique(m, "review_comment", &["review_id", "place"]).await?;
        append_only(m, "review_comment").await?;
        requests(m).await?;
        schedule(m).await?;
        table(
            m,
            "module_retirement",
            vec![
                id(),
                uuid("module_id"),
                int("after_number"),
                text("reason"),
                uuid("retired_by"),
                instant("retired_at"),
            ],
            &[("module_id", "module")],
        )
        .await?;
        unique(m, "module_retirement", &["module_id", "after_number"]).await?;
        append_only(m, "module_retirement").await?;
        sql(m, "ALTER TABLE obligation ADD COLUMN from_version integer").await?;
        index(m, "obligation", &["module_id", "origin"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Whom a provider asked to review one draft.
async fn requests(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "review_request",
        vec![
            id(),
            uuid("draft_id"),
            uuid("account_id"),
            text("kind"),
            uuid("asked_by"),
            instant("asked_at"),
            instant_null("withdrawn_at"),
            uuid_null("withdrawn_by"),
        ],
        &[("draft_id", "draft"), ("account_id", "account")],
    )
    .await?;
    unique_where(m, "review_request", &["draft_id", "account_id"], "withdrawn_at IS NULL").await?;
    index(m, "review_request", &["account_id"]).await
}

/// Publications to come, and what became of them.
async fn schedule(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "scheduled_publication",
        vec![
            id(),
            uuid("draft_id"),
            text("tree_digest"),
            text("change_kind"),
            int_null("due_in_months"),
            text_null("note"),
            instant("at"),
            text("state"),
            uuid("scheduled_by"),
            instant("scheduled_at"),
            instant_null("settled_at"),
            text_null("failed_checks"),
        ],
        &[("draft_id", "draft")],
    )
    .await?;
    unique_where(m, "scheduled_publication", &["draft_id"], "state = 'scheduled'").await?;
    index(m, "scheduled_publication", &["state", "at"]).await
}
