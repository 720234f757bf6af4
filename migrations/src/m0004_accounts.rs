//! Sign-in names, grants, rotating refresh tokens and one-use links.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `accounts`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "account",
            vec![
                id(),
                uuid("person_id"),
                text("sign_in_name"),
                text_null("password_hash"),
                int("generation"),
                instant("created_at"),
                instant_null("disabled_at"),
            ],
            &[("person_id", "person")],
        )
        .await?;
        unique(m, "account", &["person_id"]).await?;
        unique(m, "account", &["sign_in_name"]).await?;
        table(
            m,
            "access_grant",
            vec![
                id(),
                uuid("account_id"),
                text("role"),
                text("scope_kind"),
                uuid_null("scope_id"),
                instant("valid_from"),
                instant_null("valid_to"),
                uuid_null("granted_by"),
                instant("granted_at"),
                instant_null("revoked_at"),
                uuid_null("revoked_by"),
            ],
            &[("account_id", "account")],
        )
        .await?;
        index(m, "access_grant", &["account_id"]).await?;
        table(
            m,
            "refresh_token",
            vec![
                id(),
                uuid("account_id"),
                uuid("family_id"),
                text("secret_digest"),
                instant("issued_at"),
                instant("expires_at"),
                instant_null("spent_at"),
                instant_null("revoked_at"),
            ],
            &[("account_id", "account")],
        )
        .await?;
        index(m, "refresh_token", &["account_id"]).await?;
        index(m, "refresh_token", &["family_id"]).await?;
        table(
            m,
            "one_use_link",
            vec![
                id(),
                uuid("account_id"),
                text("kind"),
                instant("created_at"),
                instant("expires_at"),
                instant_null("consumed_at"),
            ],
            &[("account_id", "account")],
        )
        .await?;
        index(m, "one_use_link", &["account_id"]).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
