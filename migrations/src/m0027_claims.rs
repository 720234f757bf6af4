//! Why a capacity ended, what replaces it (once), and the capacities that people claim: who decided
//! what of them, and in which words.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `capacities`, and what `capacity` gains.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        sql(m, "ALTER TABLE capacity ADD COLUMN end_reason text").await?;
        unique_where(m, "capacity", &["replaces_id"], "replaces_id IS NOT NULL").await?;
        claims(m).await?;
        decisions(m).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A claim that comes with a request for an account has no capacity until the address is proved.
async fn claims(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "capacity_claim",
        vec![
            id(),
            uuid("person_id"),
            uuid("organisation_id"),
            text("kind"),
            text_null("function"),
            uuid_null("capacity_id"),
            instant("claimed_at"),
        ],
        &[
            ("person_id", "person"),
            ("organisation_id", "organisation"),
            ("capacity_id", "capacity"),
        ],
    )
    .await?;
    unique_where(m, "capacity_claim", &["capacity_id"], "capacity_id IS NOT NULL").await?;
    index(m, "capacity_claim", &["person_id"]).await?;
    index(m, "capacity_claim", &["organisation_id"]).await?;
    index(m, "capacity_claim", &["claimed_at"]).await
}

/// What is decided is never rewritten. The sentence that comes with a refusal stands apart: it may be
/// erased, and nothing that happened moves.
async fn decisions(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        id(),
        uuid("claim_id"),
        text("verdict"),
        text_null("reason"),
        uuid("decided_by"),
        instant("decided_at"),
    ];
    table(m, "claim_decision", columns, &[("claim_id", "capacity_claim")]).await?;
    unique(m, "claim_decision", &["claim_id"]).await?;
    append_only(m, "claim_decision").await?;
    let columns = vec![id(), uuid("claim_id"), uuid("person_id"), text("text")];
    let references = [("claim_id", "capacity_claim"), ("person_id", "person")];
    table(m, "claim_note", columns, &references).await?;
    index(m, "claim_note", &["claim_id"]).await
}
