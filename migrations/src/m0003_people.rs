//! Persons by id only, their erasable identities and addresses, their dated capacities.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `people`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(m, "person", vec![id(), instant("recorded_at")], &[]).await?;
        table(
            m,
            "identity",
            vec![
                id(),
                uuid("person_id"),
                text("purpose"),
                text("given_name"),
                text("family_name"),
                text_null("salt"),
                instant("valid_from"),
            ],
            &[("person_id", "person")],
        )
        .await?;
        index(m, "identity", &["person_id", "purpose"]).await?;
        table(
            m,
            "contact_address",
            vec![
                id(),
                uuid("person_id"),
                text("address"),
                flag("shared"),
                instant_null("verified_at"),
                instant("valid_from"),
                instant_null("valid_to"),
            ],
            &[("person_id", "person")],
        )
        .await?;
        index(m, "contact_address", &["person_id"]).await?;
        index(m, "contact_address", &["address"]).await?;
        table(
            m,
            "capacity",
            vec![
                id(),
                uuid("person_id"),
                text("kind"),
                uuid("organisation_id"),
                text_null("mandate"),
                text_null("function"),
                text_null("category"),
                flag("manager"),
                text("standing"),
                text("source"),
                date("valid_from"),
                date_null("valid_to"),
                instant("recorded_at"),
                uuid_null("recorded_by"),
            ],
            &[("person_id", "person"), ("organisation_id", "organisation")],
        )
        .await?;
        index(m, "capacity", &["person_id"]).await?;
        index(m, "capacity", &["organisation_id"]).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
