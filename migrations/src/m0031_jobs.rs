//! Long work, row by row; the names that an organisation lets its CDG read; élus invited to enrol.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `jobs` and `cohorts`, and the names granted.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        jobs(m).await?;
        names(m).await?;
        invitations(m).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn jobs(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "job",
        vec![
            id(),
            text("kind"),
            text("state"),
            uuid("asked_by"),
            uuid("organisation_id"),
            json("terms"),
            int("total"),
            int("cursor"),
            int("done"),
            json("counts"),
            text_null("failure"),
            instant("asked_at"),
            instant_null("started_at"),
            instant_null("finished_at"),
            uuid_null("lease_by"),
            instant_null("lease_until"),
        ],
        &[("asked_by", "account"), ("organisation_id", "organisation")],
    )
    .await?;
    // Jobs that wait are few: the worker looks for no other.
    sql(m, "CREATE INDEX ix_job_asked_at ON job (asked_at) WHERE finished_at IS NULL").await?;
    index(m, "job", &["finished_at"]).await?;
    // What was sent, some hundreds of rows at a time, until it is forgotten.
    table_keyed(
        m,
        "job_part",
        vec![uuid("job_id"), int("first"), json("rows")],
        &[("job_id", "job")],
        &["job_id", "first"],
    )
    .await?;
    table_keyed(
        m,
        "job_row",
        vec![
            uuid("job_id"),
            int("number"),
            text("outcome"),
            text_null("detail"),
            uuid_null("person_id"),
            uuid_null("thing_id"),
        ],
        &[("job_id", "job")],
        &["job_id", "number"],
    )
    .await
}

/// Which CDG may read the names of an organisation's people, from when, until when.
async fn names(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "names_grant",
        vec![
            id(),
            uuid("organisation_id"),
            uuid("cdg_id"),
            instant("valid_from"),
            instant_null("valid_to"),
            uuid("granted_by"),
            instant_null("revoked_at"),
            uuid_null("revoked_by"),
        ],
        &[
            ("organisation_id", "organisation"),
            ("cdg_id", "organisation"),
            ("granted_by", "account"),
        ],
    )
    .await?;
    index(m, "names_grant", &["organisation_id"]).await
}

/// An élu is not enrolled by others: they are invited, and answer once.
async fn invitations(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "enrolment_invitation",
        vec![
            id(),
            uuid("person_id"),
            uuid("organisation_id"),
            uuid_null("module_id"),
            uuid_null("path_id"),
            date_null("due_on"),
            uuid("invited_by"),
            text("invited_for"),
            instant("invited_at"),
            text("natural_key"),
            text_null("answer"),
            instant_null("answered_at"),
            uuid_null("enrolment_id"),
        ],
        &[
            ("person_id", "person"),
            ("organisation_id", "organisation"),
            ("module_id", "module"),
            ("path_id", "path"),
            ("invited_by", "account"),
        ],
    )
    .await?;
    unique(m, "enrolment_invitation", &["natural_key"]).await?;
    index(m, "enrolment_invitation", &["person_id"]).await
}
