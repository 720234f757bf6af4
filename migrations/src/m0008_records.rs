//! The append-only facts of learning, and the seal that will order them.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `records`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "fact",
            vec![
                id(),
                text("kind"),
                uuid("person_id"),
                uuid_null("enrolment_id"),
                uuid_null("module_id"),
                uuid_null("version_id"),
                uuid_null("organisation_id"),
                instant("occurred_at"),
                instant("recorded_at"),
                uuid_null("recorded_by"),
                text("natural_key"),
                uuid_null("supersedes_id"),
                json("payload"),
            ],
            &[("person_id", "person")],
        )
        .await?;
        unique(m, "fact", &["natural_key"]).await?;
        index(m, "fact", &["person_id", "kind"]).await?;
        index(m, "fact", &["enrolment_id"]).await?;
        index(m, "fact", &["organisation_id", "kind"]).await?;
        index(m, "fact", &["module_id", "kind"]).await?;
        // Corrections are few: finding them must not cost every other fact an entry.
        sql(
            m,
            "CREATE INDEX ix_fact_supersedes_id ON fact (supersedes_id) \
             WHERE supersedes_id IS NOT NULL",
        )
        .await?;
        append_only(m, "fact").await?;
        table(
            m,
            "fact_seal",
            vec![
                big("seq").primary_key().take(),
                uuid("fact_id"),
                text("leaf"),
                instant("sealed_at"),
            ],
            &[("fact_id", "fact")],
        )
        .await?;
        unique(m, "fact_seal", &["fact_id"]).await?;
        append_only(m, "fact_seal").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
