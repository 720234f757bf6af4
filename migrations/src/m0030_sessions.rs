//! Dated sessions: when and where, who has a seat and who waits, who was there; calendar feeds.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The tables of `sessions`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        sessions(m).await?;
        half_days(m).await?;
        registrations(m).await?;
        attendance(m).await?;
        feeds(m).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn sessions(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "session",
        vec![
            id(),
            uuid("provider_id"),
            uuid_null("module_id"),
            uuid_null("path_id"),
            text("title"),
            text("modality"),
            text_null("place"),
            text_null("link"),
            text("time_zone"),
            int("capacity"),
            instant_null("opens_at"),
            instant("closes_at"),
            flag("elus_on_public_funds"),
            instant("starts_at"),
            instant("ends_at"),
            int("round"),
            int("revision"),
            int("sequence"),
            int("registered"),
            instant("created_at"),
            uuid("created_by"),
        ],
        &[
            ("provider_id", "provider"),
            ("module_id", "module"),
            ("path_id", "path"),
            ("created_by", "account"),
        ],
    )
    .await?;
    index(m, "session", &["starts_at", "id"]).await?;
    index(m, "session", &["provider_id"]).await?;
    table(
        m,
        "session_event",
        vec![
            id(),
            uuid("session_id"),
            int("number"),
            text("state"),
            text_null("reason"),
            instant("at"),
            uuid("recorded_by"),
        ],
        &[("session_id", "session"), ("recorded_by", "account")],
    )
    .await?;
    unique(m, "session_event", &["session_id", "number"]).await?;
    append_only(m, "session_event").await
}

/// What was planned first stays: dates that move are another round.
async fn half_days(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "session_half_day",
        vec![
            id(),
            uuid("session_id"),
            int("round"),
            date("on_day"),
            text("half"),
            int("starts_minute"),
            int("ends_minute"),
            int("minutes"),
            instant("starts_at"),
            instant("ends_at"),
        ],
        &[("session_id", "session")],
    )
    .await?;
    unique(m, "session_half_day", &["session_id", "round", "on_day", "half"]).await?;
    append_only(m, "session_half_day").await
}

async fn registrations(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "registration",
        vec![
            id(),
            uuid("session_id"),
            int("number"),
            uuid("person_id"),
            uuid("capacity_id"),
            uuid("organisation_id"),
            uuid_null("enrolment_id"),
            instant("asked_at"),
            uuid("asked_by"),
        ],
        &[
            ("session_id", "session"),
            ("person_id", "person"),
            ("capacity_id", "capacity"),
            ("organisation_id", "organisation"),
            ("enrolment_id", "enrolment"),
            ("asked_by", "account"),
        ],
    )
    .await?;
    unique(m, "registration", &["session_id", "number"]).await?;
    index(m, "registration", &["person_id"]).await?;
    append_only(m, "registration").await?;
    table(
        m,
        "registration_event",
        vec![
            id(),
            uuid("session_id"),
            uuid("registration_id"),
            int("number"),
            text("state"),
            text_null("reason"),
            instant("at"),
            uuid("recorded_by"),
        ],
        &[
            ("session_id", "session"),
            ("registration_id", "registration"),
            ("recorded_by", "account"),
        ],
    )
    .await?;
    unique(m, "registration_event", &["registration_id", "number"]).await?;
    index(m, "registration_event", &["session_id"]).await?;
    append_only(m, "registration_event").await
}

async fn attendance(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "attendance",
        vec![
            id(),
            uuid("session_id"),
            uuid("registration_id"),
            uuid("half_day_id"),
            int("number"),
            int("minutes"),
            uuid_null("fact_id"),
            uuid_null("supersedes_id"),
            instant("recorded_at"),
            uuid("recorded_by"),
        ],
        &[
            ("session_id", "session"),
            ("registration_id", "registration"),
            ("half_day_id", "session_half_day"),
            ("fact_id", "fact"),
            ("supersedes_id", "attendance"),
            ("recorded_by", "account"),
        ],
    )
    .await?;
    unique(m, "attendance", &["registration_id", "half_day_id", "number"]).await?;
    index(m, "attendance", &["session_id"]).await?;
    append_only(m, "attendance").await
}

/// The address of a person's calendar holds a secret, of which only the digest is kept.
async fn feeds(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "calendar_feed",
        vec![
            id(),
            uuid("person_id"),
            text("secret_digest"),
            instant("created_at"),
            instant_null("revoked_at"),
        ],
        &[("person_id", "person")],
    )
    .await?;
    unique(m, "calendar_feed", &["secret_digest"]).await?;
    index(m, "calendar_feed", &["person_id"]).await
}
