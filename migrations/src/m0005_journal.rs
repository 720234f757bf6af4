//! Who did what, append-only.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `journal`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "journal_entry",
            vec![
                id(),
                instant("at"),
                uuid_null("actor_id"),
                text("action"),
                text("subject_kind"),
                text("subject_id"),
                json("detail"),
            ],
            &[],
        )
        .await?;
        index(m, "journal_entry", &["at"]).await?;
        index(m, "journal_entry", &["subject_kind", "subject_id"]).await?;
        append_only(m, "journal_entry").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
