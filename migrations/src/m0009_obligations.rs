//! What a person owes: one row per person, origin and cycle.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `obligations`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "obligation",
            vec![
                id(),
                uuid("person_id"),
                uuid("module_id"),
                uuid_null("enrolment_id"),
                text("origin"),
                int("cycle"),
                instant("opened_at"),
                date("due_on"),
                text("time_zone"),
                instant("due_at"),
                text("natural_key"),
            ],
            &[("person_id", "person"), ("module_id", "module")],
        )
        .await?;
        unique(m, "obligation", &["natural_key"]).await?;
        index(m, "obligation", &["person_id"]).await?;
        index(m, "obligation", &["due_at"]).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
