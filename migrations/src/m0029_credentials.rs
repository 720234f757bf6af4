//! The credential of an attestation, its place in the status lists, and why one was revoked.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The further tables of `attestations`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table_keyed(
            m,
            "status_entry",
            vec![uuid("attestation_id"), int("list"), int("position")],
            &[("attestation_id", "attestation")],
            &["attestation_id"],
        )
        .await?;
        unique(m, "status_entry", &["list", "position"]).await?;
        append_only(m, "status_entry").await?;
        table_keyed(
            m,
            "credential",
            vec![
                uuid("attestation_id"),
                text("kid"),
                text("jwt"),
                text("proof"),
                instant("made_at"),
            ],
            &[("attestation_id", "attestation")],
            &["attestation_id"],
        )
        .await?;
        table_keyed(
            m,
            "revocation_note",
            vec![uuid("fact_id"), uuid("person_id"), text("text")],
            &[("fact_id", "fact"), ("person_id", "person")],
            &["fact_id"],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
