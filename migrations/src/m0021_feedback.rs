//! What learners say back: reports, questions and complaints as threads, and satisfaction.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `feedback`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        texts(m).await?;
        threads(m).await?;
        notices(m).await?;
        satisfaction(m).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Texts stand apart: a row may be erased and nothing that happened moves. So nothing refers to it by
/// a foreign key.
async fn texts(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![id(), uuid("person_id"), text("text"), instant("written_at")];
    table(m, "feedback_text", columns, &[("person_id", "person")]).await
}

async fn threads(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "feedback_thread",
        vec![
            id(),
            text("kind"),
            uuid("person_id"),
            uuid_null("provider_id"),
            uuid_null("module_id"),
            uuid_null("version_id"),
            uuid_null("enrolment_id"),
            text_null("lesson"),
            uuid_null("attempt_id"),
            text_null("question"),
            flag("show_name"),
            instant("opened_at"),
        ],
        &[
            ("person_id", "person"),
            ("provider_id", "provider"),
            ("module_id", "module"),
            ("version_id", "module_version"),
            ("enrolment_id", "enrolment"),
            ("attempt_id", "attempt"),
        ],
    )
    .await?;
    index(m, "feedback_thread", &["person_id"]).await?;
    index(m, "feedback_thread", &["provider_id"]).await?;
    index(m, "feedback_thread", &["module_id"]).await?;
    append_only(m, "feedback_thread").await?;
    table(
        m,
        "feedback_entry",
        vec![
            id(),
            uuid("thread_id"),
            int("number"),
            text("side"),
            uuid("account_id"),
            uuid_null("text_id"),
            text("state"),
            instant("at"),
        ],
        &[("thread_id", "feedback_thread"), ("account_id", "account")],
    )
    .await?;
    unique(m, "feedback_entry", &["thread_id", "number"]).await?;
    append_only(m, "feedback_entry").await
}

/// Which mail was queued for which hour: the unique key keeps a burst down to one an hour.
async fn notices(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![id(), text("natural_key"), uuid("person_id"), instant("at")];
    table(m, "feedback_notice", columns, &[("person_id", "person")]).await?;
    unique(m, "feedback_notice", &["natural_key"]).await?;
    append_only(m, "feedback_notice").await
}

async fn satisfaction(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "satisfaction",
        vec![
            id(),
            uuid("enrolment_id"),
            uuid("person_id"),
            uuid("module_id"),
            uuid("version_id"),
            int("number"),
            int_null("useful"),
            int_null("clear"),
            int_null("applicable"),
            uuid_null("text_id"),
            instant("at"),
        ],
        &[
            ("enrolment_id", "enrolment"),
            ("person_id", "person"),
            ("module_id", "module"),
            ("version_id", "module_version"),
        ],
    )
    .await?;
    unique(m, "satisfaction", &["person_id", "module_id", "number"]).await?;
    index(m, "satisfaction", &["module_id"]).await?;
    index(m, "satisfaction", &["enrolment_id"]).await?;
    append_only(m, "satisfaction").await
}
