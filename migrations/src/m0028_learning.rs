//! Attempts that end, what is arranged for one learner, and the time spent on lessons.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The further tables of `learning`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let due_at = Table::alter().table("attempt").add_column(instant_null("due_at")).take();
        m.alter_table(due_at).await?;
        // Attempts that are open and end by themselves are few: the worker looks for no other.
        sql(
            m,
            "CREATE INDEX ix_attempt_due_at ON attempt (due_at) \
             WHERE submitted_at IS NULL AND due_at IS NOT NULL",
        )
        .await?;
        accommodations(m).await?;
        time(m).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn accommodations(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "accommodation",
        vec![
            id(),
            uuid("enrolment_id"),
            int("number"),
            int("extra_time_percent"),
            int("extra_minutes"),
            int("extra_attempts"),
            instant("granted_at"),
            uuid("granted_by"),
        ],
        &[("enrolment_id", "enrolment"), ("granted_by", "account")],
    )
    .await?;
    unique(m, "accommodation", &["enrolment_id", "number"]).await?;
    append_only(m, "accommodation").await
}

async fn time(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table_keyed(
        m,
        "time_spent",
        vec![uuid("enrolment_id"), text("lesson"), date("day"), int("seconds")],
        &[("enrolment_id", "enrolment")],
        &["enrolment_id", "lesson", "day"],
    )
    .await?;
    table_keyed(
        m,
        "presence",
        vec![uuid("person_id"), uuid("enrolment_id"), text("lesson"), instant("at")],
        &[("person_id", "person"), ("enrolment_id", "enrolment")],
        &["person_id"],
    )
    .await
}
