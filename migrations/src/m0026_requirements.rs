//! What is required of whom, in versions; what a requirement adds to an obligation, the dated events of
//! an obligation, and how far the opening of obligations has come.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::kit::*;

/// The tables of `requirements`, and what they add to `obligations`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        requirements(m).await?;
        obligations(m).await?;
        events(m).await?;
        let sweep = vec![
            int("id").primary_key().take(),
            big("revision"),
            big("quarter"),
            uuid_null("after"),
            flag("done"),
            instant("seen_at"),
        ];
        table(m, "requirement_sweep", sweep, &[]).await?;
        index(m, "capacity", &["recorded_at"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn requirements(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(m, "requirement", vec![id(), text("code"), instant("created_at")], &[]).await?;
    unique(m, "requirement", &["code"]).await?;
    table(
        m,
        "requirement_version",
        vec![
            id(),
            uuid("requirement_id"),
            int("number"),
            text("title_fr"),
            text("title_en"),
            text("force"),
            uuid_null("module_id"),
            uuid_null("path_id"),
            json("audience"),
            json("due"),
            int_null("renewal_months"),
            int_null("renewal_window_days"),
            uuid_null("reference_id"),
            int_null("accepts_months"),
            text("versions"),
            int_null("from_number"),
            flag("agreed_only"),
            text("state"),
            text_null("reason"),
            uuid_null("recorded_by"),
            instant("recorded_at"),
        ],
        &[
            ("requirement_id", "requirement"),
            ("module_id", "module"),
            ("path_id", "path"),
            ("reference_id", "legal_reference"),
        ],
    )
    .await?;
    unique(m, "requirement_version", &["requirement_id", "number"]).await?;
    append_only(m, "requirement_version").await
}

/// Columns that both engines write alike.
const ADDED: [&str; 10] = [
    "requirement_id uuid",
    "requirement_version_id uuid",
    "path_id uuid",
    "path_version integer",
    "capacity_id uuid",
    "organisation_id uuid",
    "basis text",
    "anchor_on date",
    "accepts_from",
    "agreed_only boolean",
];

/// `obligation` with its new columns, where a module need not be named. SQLite forgets no NOT NULL: the
/// table is made again there, its rows kept. Reminders point at them meanwhile, which is checked at the
/// end of the transaction.
async fn obligations(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    if m.get_database_backend() == DbBackend::Postgres {
        sql(m, "ALTER TABLE obligation ALTER COLUMN module_id DROP NOT NULL").await?;
        for column in ADDED {
            let column = column.replace("accepts_from", "accepts_from timestamptz");
            sql(m, &format!("ALTER TABLE obligation ADD COLUMN {column}")).await?;
        }
        sql(m, "UPDATE obligation SET agreed_only = false").await?;
        sql(m, "ALTER TABLE obligation ALTER COLUMN agreed_only SET NOT NULL").await?;
    } else {
        rebuilt(m).await?;
    }
    index(m, "obligation", &["requirement_id", "person_id"]).await
}

const KEPT: &str = "id, person_id, module_id, enrolment_id, origin, cycle, opened_at, due_on, \
                    time_zone, due_at, natural_key, from_version";

async fn rebuilt(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    sql(m, "PRAGMA defer_foreign_keys = ON").await?;
    sql(m, "CREATE TABLE obligation_kept AS SELECT * FROM obligation").await?;
    sql(m, "DROP TABLE obligation").await?;
    table(
        m,
        "obligation",
        vec![
            id(),
            uuid("person_id"),
            uuid_null("module_id"),
            uuid_null("enrolment_id"),
            text("origin"),
            int("cycle"),
            instant("opened_at"),
            date("due_on"),
            text("time_zone"),
            instant("due_at"),
            text("natural_key"),
            int_null("from_version"),
            uuid_null("requirement_id"),
            uuid_null("requirement_version_id"),
            uuid_null("path_id"),
            int_null("path_version"),
            uuid_null("capacity_id"),
            uuid_null("organisation_id"),
            text_null("basis"),
            date_null("anchor_on"),
            instant_null("accepts_from"),
            flag("agreed_only"),
        ],
        &[("person_id", "person"), ("module_id", "module")],
    )
    .await?;
    let back = format!(
        "INSERT INTO obligation ({KEPT}, agreed_only) SELECT {KEPT}, 0 FROM obligation_kept"
    );
    sql(m, &back).await?;
    sql(m, "DROP TABLE obligation_kept").await?;
    unique(m, "obligation", &["natural_key"]).await?;
    index(m, "obligation", &["person_id"]).await?;
    index(m, "obligation", &["due_at"]).await?;
    index(m, "obligation", &["module_id", "origin"]).await
}

async fn events(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "obligation_event",
        vec![
            id(),
            uuid_null("obligation_id"),
            uuid_null("requirement_id"),
            text("kind"),
            text_null("reason"),
            date_null("until"),
            instant_null("until_at"),
            text_null("document_digest"),
            uuid_null("capacity_id"),
            uuid_null("organisation_id"),
            uuid_null("successor_id"),
            uuid_null("recorded_by"),
            instant("at"),
            text("natural_key"),
        ],
        &[("obligation_id", "obligation"), ("requirement_id", "requirement")],
    )
    .await?;
    unique(m, "obligation_event", &["natural_key"]).await?;
    index(m, "obligation_event", &["obligation_id"]).await?;
    index(m, "obligation_event", &["requirement_id"]).await?;
    append_only(m, "obligation_event").await
}
