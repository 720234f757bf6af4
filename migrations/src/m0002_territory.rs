//! Organisations as UUIDs with dated identifiers, the links between them, and their dated CDG affiliations.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `territory`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "organisation",
            vec![
                id(),
                text("kind"),
                text("name"),
                text("name_folded"),
                int_null("population"),
                text_null("zone"),
                text("time_zone"),
                text("source"),
                instant("recorded_at"),
            ],
            &[],
        )
        .await?;
        index(m, "organisation", &["kind"]).await?;
        index(m, "organisation", &["name_folded"]).await?;
        table(
            m,
            "organisation_identifier",
            vec![
                id(),
                uuid("organisation_id"),
                text("scheme"),
                text("value"),
                date("valid_from"),
                date_null("valid_to"),
                text("source"),
            ],
            &[("organisation_id", "organisation")],
        )
        .await?;
        index(m, "organisation_identifier", &["organisation_id"]).await?;
        unique_where(m, "organisation_identifier", &["scheme", "value"], "valid_to IS NULL")
            .await?;
        table(
            m,
            "organisation_link",
            vec![
                id(),
                uuid("child_id"),
                uuid("parent_id"),
                text("kind"),
                date("valid_from"),
                date_null("valid_to"),
                text("source"),
            ],
            &[("child_id", "organisation"), ("parent_id", "organisation")],
        )
        .await?;
        index(m, "organisation_link", &["child_id"]).await?;
        index(m, "organisation_link", &["parent_id"]).await?;
        table(
            m,
            "affiliation",
            vec![
                id(),
                uuid("organisation_id"),
                uuid_null("cdg_id"),
                text("kind"),
                date("valid_from"),
                date_null("valid_to"),
                text("source"),
                instant("recorded_at"),
            ],
            &[("organisation_id", "organisation"), ("cdg_id", "organisation")],
        )
        .await?;
        index(m, "affiliation", &["organisation_id"]).await?;
        index(m, "affiliation", &["cdg_id", "organisation_id"]).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
