//! An index for what is looked up by reference, one for what is forgotten by date, which reference data
//! were loaded last, and an end to the columns and indexes that no query reads.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// Indexes that every write paid for and no statement used.
const UNREAD: [&str; 7] = [
    "ix_journal_entry_at",
    "ix_journal_entry_subject_kind_subject_id",
    "ix_organisation_link_parent_id",
    "ix_contact_address_address",
    "ix_mail_message_person_id",
    "ix_module_provider_id",
    "ix_enrolment_organisation_id",
];

/// Indexes and columns as the queries want them.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        index(m, "organisation_identifier", &["value", "scheme"]).await?;
        index(m, "refresh_token", &["expires_at"]).await?;
        index(m, "one_use_link", &["expires_at"]).await?;
        for name in UNREAD {
            sql(m, &format!("DROP INDEX {name}")).await?;
        }
        table(
            m,
            "referential_load",
            vec![int("id").primary_key().take(), text("digest"), instant("loaded_at")],
            &[],
        )
        .await?;
        // Neither was ever written with anything.
        sql(m, "ALTER TABLE mail_message DROP COLUMN address_id").await?;
        sql(m, "ALTER TABLE contact_address DROP COLUMN verified_at").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
