//! Quiz attempts while they are open; what was submitted is a fact.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `learning`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        table(
            m,
            "attempt",
            vec![
                id(),
                uuid("enrolment_id"),
                int("number"),
                big("seed"),
                instant("started_at"),
                instant_null("submitted_at"),
            ],
            &[("enrolment_id", "enrolment")],
        )
        .await?;
        unique(m, "attempt", &["enrolment_id", "number"]).await?;
        table_keyed(
            m,
            "attempt_answer",
            vec![uuid("attempt_id"), text("question_id"), json("choices"), instant("answered_at")],
            &[("attempt_id", "attempt")],
            &["attempt_id", "question_id"],
        )
        .await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
