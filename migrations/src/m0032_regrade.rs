//! Keys that were wrong in published versions, and the regrades that mend results.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `regrades`, and what marking reads of them.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "regrade",
            vec![
                id(),
                uuid("version_id"),
                int("number"),
                flag("lower"),
                text_null("lower_reason"),
                uuid("decided_by"),
                instant("decided_at"),
                uuid_null("cursor"),
                instant_null("finished_at"),
            ],
            &[("version_id", "module_version"), ("decided_by", "account")],
        )
        .await?;
        unique(m, "regrade", &["version_id", "number"]).await?;
        // Regrades under way are few: the worker looks for no other.
        sql(
            m,
            "CREATE INDEX ix_regrade_decided_at ON regrade (decided_at) WHERE finished_at IS NULL",
        )
        .await?;
        table_keyed(
            m,
            "key_correction",
            vec![
                uuid("version_id"),
                int("number"),
                text("question_id"),
                json("right_answers"),
                text("reason"),
                uuid("recorded_by"),
                instant("recorded_at"),
            ],
            &[("version_id", "module_version"), ("recorded_by", "account")],
            &["version_id", "number", "question_id"],
        )
        .await?;
        append_only(m, "key_correction").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
