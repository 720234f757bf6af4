//! Rules as data, and the ledger that makes mail go out once.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `reminders`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "reminder_rule",
            vec![
                id(),
                text("code"),
                text("title"),
                int("offset_days"),
                flag("enabled"),
                int("revision"),
                instant("updated_at"),
            ],
            &[],
        )
        .await?;
        unique(m, "reminder_rule", &["code"]).await?;
        table(
            m,
            "reminder",
            vec![
                id(),
                uuid("obligation_id"),
                uuid("rule_id"),
                int("occurrence"),
                text("channel"),
                uuid("person_id"),
                instant("due_at"),
                instant("planned_at"),
                text("outcome"),
                uuid_null("message_id"),
            ],
            &[
                ("obligation_id", "obligation"),
                ("rule_id", "reminder_rule"),
                ("person_id", "person"),
            ],
        )
        .await?;
        unique(m, "reminder", &["obligation_id", "rule_id", "occurrence", "channel"]).await?;
        index(m, "reminder", &["person_id"]).await?;
        append_only(m, "reminder").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
