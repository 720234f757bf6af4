//! What obligations need to know of a capacity: the delegation of an élu, and of an agent the legal
//! situation, the filière, the cadre d'emplois and the functional post.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The further columns of `capacity`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            "delegation text",
            "delegation_on date",
            "employment text",
            "filiere text",
            "cadre_emplois text",
            "functional_post text",
            "replaces_id uuid",
        ] {
            sql(m, &format!("ALTER TABLE capacity ADD COLUMN {column}")).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
