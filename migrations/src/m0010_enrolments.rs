//! Who learns what, pinned to the version started.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `enrolments`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "enrolment",
            vec![
                id(),
                uuid("person_id"),
                uuid("module_id"),
                uuid("version_id"),
                uuid_null("capacity_id"),
                uuid_null("organisation_id"),
                int("cycle"),
                date_null("due_on"),
                text("time_zone"),
                instant("enrolled_at"),
                uuid("enrolled_by"),
            ],
            &[("person_id", "person"), ("module_id", "module"), ("version_id", "module_version")],
        )
        .await?;
        unique(m, "enrolment", &["person_id", "module_id", "cycle"]).await?;
        index(m, "enrolment", &["organisation_id"]).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
