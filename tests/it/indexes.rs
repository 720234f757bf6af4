//! What is looked up often is found through an index, and no index is paid for that nothing reads.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};

use crate::world::World;

/// Statements that run all day, as the program words them, and the index that must serve each.
const SERVED: [(&str, &str); 6] = [
    (
        "SELECT * FROM organisation_identifier WHERE scheme = 'insee' AND value = '35021'",
        "ix_organisation_identifier_value_scheme",
    ),
    (
        "DELETE FROM refresh_token WHERE expires_at < '2026-01-01T00:00:00+00:00'",
        "ix_refresh_token_expires_at",
    ),
    (
        "DELETE FROM one_use_link WHERE expires_at < '2026-01-01T00:00:00+00:00'",
        "ix_one_use_link_expires_at",
    ),
    (
        "DELETE FROM web_session WHERE expires_at <= '2026-01-01T00:00:00+00:00'",
        "ix_web_session_expires_at",
    ),
    (
        "DELETE FROM web_session WHERE account_id = '0198c0de-7a3b-7c51-9d3e-5b1f0c2a4e6d'",
        "ix_web_session_account_id",
    ),
    (
        "SELECT DISTINCT path FROM module_version_file WHERE blob_digest = 'd' AND path LIKE 'media/%'",
        "ix_module_version_file_blob_digest",
    ),
];

#[tokio::test]
async fn what_is_asked_all_day_goes_through_an_index() {
    let world = World::new().await;
    let tx = world.app.db.begin_write().await.expect("a transaction");
    for (statement, index) in SERVED {
        let plan = plan(&tx, statement).await;
        assert!(plan.contains(index), "{statement}\n{plan}");
    }
}

/// How the engine would run a statement. PostgreSQL is told not to scan: a table of a test is too
/// small for it to prefer an index, however good.
async fn plan(tx: &DatabaseTransaction, statement: &str) -> String {
    let backend = tx.get_database_backend();
    let (explain, column) = match backend {
        DbBackend::Postgres => {
            tx.execute_unprepared("SET LOCAL enable_seqscan = off").await.expect("a setting");
            ("EXPLAIN", "QUERY PLAN")
        }
        _ => ("EXPLAIN QUERY PLAN", "detail"),
    };
    let explained = Statement::from_string(backend, format!("{explain} {statement}"));
    let rows = tx.query_all_raw(explained).await.expect("a plan");
    rows.iter().map(|row| row.try_get::<String>("", column).expect("a line") + "\n").collect()
}

#[tokio::test]
async fn no_index_is_kept_that_no_statement_reads() {
    let world = World::new().await;
    let backend = world.app.db.backend();
    let names = match backend {
        DbBackend::Postgres => {
            "SELECT indexname AS n FROM pg_indexes WHERE schemaname = current_schema()"
        }
        _ => "SELECT name AS n FROM sqlite_master WHERE type = 'index'",
    };
    let rows = world.app.db.read().query_all_raw(Statement::from_string(backend, names));
    let rows = rows.await.expect("the indexes");
    let found: BTreeSet<String> = rows
        .iter()
        .map(|row| row.try_get("", "n").expect("a name"))
        .filter(|name: &String| name.starts_with("ix_"))
        .collect();
    assert_eq!(found, READ.iter().map(|name| format!("ix_{name}")).collect());
}

/// Every plain index; a new one is added here with the query that reads it in the same commit.
const READ: &[&str] = &[
    "access_grant_account_id",
    "affiliation_cdg_id_organisation_id",
    "affiliation_organisation_id",
    "attempt_due_at",
    "attendance_session_id",
    "attestation_person_id",
    "calendar_feed_person_id",
    "capacity_claim_claimed_at",
    "capacity_claim_organisation_id",
    "capacity_claim_person_id",
    "capacity_organisation_id",
    "capacity_person_id",
    "capacity_recorded_at",
    "claim_note_claim_id",
    "contact_address_person_id",
    "draft_review_draft_id",
    "enrolment_invitation_person_id",
    "fact_enrolment_id",
    "fact_module_id_kind",
    "fact_organisation_id_kind",
    "fact_person_id_kind",
    "fact_supersedes_id",
    "feedback_thread_module_id",
    "feedback_thread_person_id",
    "feedback_thread_provider_id",
    "identity_person_id_purpose",
    "job_asked_at",
    "job_finished_at",
    "mail_message_state_not_before",
    "module_version_file_blob_digest",
    "names_grant_organisation_id",
    "obligation_due_at",
    "obligation_event_obligation_id",
    "obligation_event_requirement_id",
    "obligation_module_id_origin",
    "obligation_person_id",
    "obligation_requirement_id_person_id",
    "one_use_link_account_id",
    "one_use_link_expires_at",
    "organisation_identifier_organisation_id",
    "organisation_identifier_value_scheme",
    "organisation_kind",
    "organisation_link_child_id",
    "organisation_name_folded",
    "provider_agrement_provider_id",
    "provider_profile_logo",
    "refresh_token_account_id",
    "regrade_decided_at",
    "refresh_token_expires_at",
    "refresh_token_family_id",
    "registration_event_session_id",
    "registration_person_id",
    "reminder_person_id",
    "review_request_account_id",
    "scheduled_publication_state_at",
    "review_item_module_id",
    "satisfaction_enrolment_id",
    "satisfaction_module_id",
    "session_provider_id",
    "session_starts_at_id",
    "web_session_account_id",
    "web_session_expires_at",
];
