//! Learning paths: their immutable versions, and who follows which, pinned to the version begun.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of paths.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "path",
            vec![id(), text("code"), uuid("provider_id"), text("origin"), instant("created_at")],
            &[("provider_id", "provider")],
        )
        .await?;
        unique(m, "path", &["code"]).await?;
        table(
            m,
            "path_version",
            vec![
                id(),
                uuid("path_id"),
                int("number"),
                text("digest"),
                text("title"),
                text("change_kind"),
                text_null("change_note"),
                json("manifest"),
                instant("published_at"),
                uuid_null("published_by"),
            ],
            &[("path_id", "path")],
        )
        .await?;
        unique(m, "path_version", &["path_id", "number"]).await?;
        append_only(m, "path_version").await?;
        table(
            m,
            "path_enrolment",
            vec![
                id(),
                uuid("person_id"),
                uuid("path_id"),
                uuid("version_id"),
                uuid("capacity_id"),
                uuid("organisation_id"),
                int("cycle"),
                instant("enrolled_at"),
                uuid("enrolled_by"),
            ],
            &[("person_id", "person"), ("path_id", "path"), ("version_id", "path_version")],
        )
        .await?;
        unique(m, "path_enrolment", &["person_id", "path_id", "cycle"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
