//! What this database is, its revision counter, and the heartbeats of the workers that serve it.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `instance`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "instance",
            vec![int("id").primary_key().take(), text("kind"), instant("created_at")],
            &[],
        )
        .await?;
        table(m, "revision", vec![int("id").primary_key().take(), big("value")], &[]).await?;
        table(m, "worker_beat", vec![id(), instant("beaten_at")], &[]).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
