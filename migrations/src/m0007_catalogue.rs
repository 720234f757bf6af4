//! Providers, modules, immutable versions as content-addressed trees, drafts and their reviews.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `catalogue`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "provider",
            vec![id(), uuid("organisation_id"), instant("created_at")],
            &[("organisation_id", "organisation")],
        )
        .await?;
        unique(m, "provider", &["organisation_id"]).await?;
        table(m, "blob", vec![text("digest").primary_key().take(), bytes("bytes")], &[]).await?;
        append_only(m, "blob").await?;
        table(
            m,
            "module",
            vec![id(), text("code"), uuid("provider_id"), text("origin"), instant("created_at")],
            &[("provider_id", "provider")],
        )
        .await?;
        unique(m, "module", &["code"]).await?;
        index(m, "module", &["provider_id"]).await?;
        table(
            m,
            "module_version",
            vec![
                id(),
                uuid("module_id"),
                int("number"),
                text("tree_digest"),
                text("status"),
                text("level"),
                text("language"),
                text("title"),
                int("duration_minutes"),
                int("pass_mark_percent"),
                int_null("attempt_limit"),
                text("change_kind"),
                text_null("change_note"),
                json("manifest"),
                instant("published_at"),
                uuid_null("published_by"),
                uuid_null("reviewed_by"),
            ],
            &[("module_id", "module")],
        )
        .await?;
        unique(m, "module_version", &["module_id", "number"]).await?;
        append_only(m, "module_version").await?;
        table_keyed(
            m,
            "module_version_file",
            vec![uuid("version_id"), text("path"), text("blob_digest")],
            &[("version_id", "module_version")],
            &["version_id", "path"],
        )
        .await?;
        append_only(m, "module_version_file").await?;
        table(
            m,
            "draft",
            vec![
                id(),
                uuid("module_id"),
                uuid("author_id"),
                text("state"),
                int("revision"),
                text_null("submitted_digest"),
                instant("created_at"),
                instant("updated_at"),
                instant_null("closed_at"),
            ],
            &[("module_id", "module"), ("author_id", "account")],
        )
        .await?;
        unique_where(m, "draft", &["module_id"], "closed_at IS NULL").await?;
        table_keyed(
            m,
            "draft_file",
            vec![uuid("draft_id"), text("path"), text("blob_digest")],
            &[("draft_id", "draft")],
            &["draft_id", "path"],
        )
        .await?;
        table_keyed(
            m,
            "draft_author",
            vec![uuid("draft_id"), uuid("account_id")],
            &[("draft_id", "draft"), ("account_id", "account")],
            &["draft_id", "account_id"],
        )
        .await?;
        table(
            m,
            "draft_review",
            vec![
                id(),
                uuid("draft_id"),
                text("tree_digest"),
                uuid("reviewer_id"),
                text("verdict"),
                text("comment"),
                instant("at"),
            ],
            &[("draft_id", "draft")],
        )
        .await?;
        index(m, "draft_review", &["draft_id"]).await?;
        append_only(m, "draft_review").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
