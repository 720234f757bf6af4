//! The mail queue: who is to be told what, never a secret, never a rendered body.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `mail`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "mail_message",
            vec![
                id(),
                text("template"),
                uuid("person_id"),
                uuid_null("address_id"),
                uuid_null("subject_id"),
                json("context"),
                text("state"),
                instant("not_before"),
                instant("expires_at"),
                int("attempts"),
                instant_null("lease_until"),
                instant_null("handed_at"),
                instant("created_at"),
                instant_null("finished_at"),
                text_null("last_error"),
            ],
            &[("person_id", "person")],
        )
        .await?;
        index(m, "mail_message", &["state", "not_before"]).await?;
        index(m, "mail_message", &["person_id"]).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
