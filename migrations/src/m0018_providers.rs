//! What is known of providers: their profile, the regimes that they declare, their agréments for the
//! training of élus, and whom to ask.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `providers`, beside `provider`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let provider = [("provider_id", "provider")];
        table(
            m,
            "provider_profile",
            vec![
                uuid("provider_id").primary_key().take(),
                text("name"),
                text("legal_name"),
                text("kind"),
                text_null("siret"),
                text_null("activity_number"),
                text_null("address"),
                text_null("postcode"),
                text_null("city"),
                text_null("insee"),
                text_null("email"),
                text_null("phone"),
                text_null("website"),
                text_null("logo"),
                int("revision"),
                instant("updated_at"),
            ],
            &provider,
        )
        .await?;
        index(m, "provider_profile", &["logo"]).await?;
        table(
            m,
            "provider_regime",
            vec![
                id(),
                uuid("provider_id"),
                text("regime"),
                date("declared_from"),
                date_null("declared_until"),
            ],
            &provider,
        )
        .await?;
        unique(m, "provider_regime", &["provider_id", "regime", "declared_from"]).await?;
        agrements(m, &provider).await?;
        table(
            m,
            "provider_contact",
            vec![
                id(),
                uuid("provider_id"),
                int("position"),
                text("kind"),
                text("label"),
                text_null("email"),
                text_null("phone"),
            ],
            &provider,
        )
        .await?;
        unique(m, "provider_contact", &["provider_id", "position"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A withdrawal is a further row that names the one it ends.
async fn agrements(
    m: &SchemaManager<'_>,
    provider: &[(&'static str, &'static str)],
) -> Result<(), DbErr> {
    table(
        m,
        "provider_agrement",
        vec![
            id(),
            uuid("provider_id"),
            text("number"),
            date("granted_on"),
            date("valid_from"),
            date("valid_to"),
            uuid_null("withdraws"),
            text_null("reason"),
            instant("recorded_at"),
        ],
        &[provider[0], ("withdraws", "provider_agrement")],
    )
    .await?;
    index(m, "provider_agrement", &["provider_id"]).await?;
    unique(m, "provider_agrement", &["withdraws"]).await?;
    append_only(m, "provider_agrement").await
}
