//! Sessions of the web: who is signed in with a browser.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The table `web_session` of `accounts`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "web_session",
            vec![
                text("secret_digest").primary_key().take(),
                uuid("account_id"),
                int("generation"),
                instant("created_at"),
                instant("seen_at"),
                instant("expires_at"),
            ],
            &[("account_id", "account")],
        )
        .await?;
        index(m, "web_session", &["account_id"]).await?;
        index(m, "web_session", &["expires_at"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
