//! The synonyms with which the catalogue is searched, where an operator imported their own.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The one row of `synonyms`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "synonyms",
            vec![int("id").primary_key().take(), text("content"), instant("kept_at")],
            &[],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
