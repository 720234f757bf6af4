//! Signed records of completion facts, each with an unguessable verification code.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `attestations`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "attestation",
            vec![
                id(),
                uuid("person_id"),
                uuid("completion_fact_id"),
                text("code"),
                uuid("identity_id"),
                text("kid"),
                text("signed"),
                instant("issued_at"),
            ],
            &[("person_id", "person"), ("completion_fact_id", "fact")],
        )
        .await?;
        unique(m, "attestation", &["completion_fact_id"]).await?;
        unique(m, "attestation", &["code"]).await?;
        index(m, "attestation", &["person_id"]).await?;
        append_only(m, "attestation").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
