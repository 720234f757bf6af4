//! Which media are kept, and what names a file by its digest.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The table of `media`, and an index for who asks which version shows a file.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "media",
            vec![
                text("digest").primary_key().take(),
                big("bytes"),
                text("kind"),
                instant("kept_at"),
            ],
            &[],
        )
        .await?;
        append_only(m, "media").await?;
        index(m, "module_version_file", &["blob_digest"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
