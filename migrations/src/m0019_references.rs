//! Legal references with their versions, and the work that their changes cause.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `references`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        references(m).await?;
        work(m).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn references(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(m, "legal_reference", vec![id(), text("slug"), instant("created_at")], &[]).await?;
    unique(m, "legal_reference", &["slug"]).await?;
    table(
        m,
        "legal_reference_version",
        vec![
            id(),
            uuid("reference_id"),
            int("number"),
            text("text"),
            text_null("article"),
            text_null("url"),
            text_null("eli"),
            text_null("celex"),
            text_null("legifrance"),
            text("grade"),
            date("verified_on"),
            date_null("in_force_from"),
            date_null("in_force_to"),
            text_null("superseded_by"),
            date_null("check_by"),
            text_null("change_note"),
            instant("recorded_at"),
            uuid_null("recorded_by"),
        ],
        &[("reference_id", "legal_reference")],
    )
    .await?;
    unique(m, "legal_reference_version", &["reference_id", "number"]).await?;
    append_only(m, "legal_reference_version").await
}

async fn work(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "review_item",
        vec![
            id(),
            text("natural_key"),
            uuid("module_id"),
            uuid("module_version_id"),
            int("module_number"),
            text("cause"),
            text_null("slug"),
            uuid_null("reference_version_id"),
            date_null("due_on"),
            instant("raised_at"),
        ],
        &[
            ("module_id", "module"),
            ("module_version_id", "module_version"),
            ("reference_version_id", "legal_reference_version"),
        ],
    )
    .await?;
    unique(m, "review_item", &["natural_key"]).await?;
    index(m, "review_item", &["module_id"]).await?;
    append_only(m, "review_item").await?;
    table(
        m,
        "review_decision",
        vec![
            id(),
            uuid("item_id"),
            int("number"),
            text("consequence"),
            text("note"),
            uuid("reviewer_id"),
            int("module_number"),
            instant("at"),
        ],
        &[("item_id", "review_item"), ("reviewer_id", "account")],
    )
    .await?;
    unique(m, "review_decision", &["item_id", "number"]).await?;
    append_only(m, "review_decision").await
}
