//! The schema and the program agree: every entity has its table and columns, every personal column
//! that is declared exists, and what happened cannot be rewritten.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{
    ConnectionTrait, DbBackend, EntityName as _, EntityTrait, IdenStatic as _, Iterable as _,
    Statement,
};

use crate::world::World;

macro_rules! columns_of {
    ($($room:ident: $($table:ident),+;)+) => {{
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        $($({
            use maitrise::$room::model::$table::{Column, Entity};
            let columns = Column::iter().map(|c| c.as_str().to_owned()).collect();
            all.insert(Entity.table_name().to_owned(), columns);
        })+)+
        all
    }};
}

fn entities() -> BTreeMap<String, BTreeSet<String>> {
    let mut all = columns_of! {
        territory: organisation, organisation_identifier, organisation_link, affiliation,
            referential_load;
        people: person, identity, contact_address, capacity;
        accounts: account, access_grant, names_grant, refresh_token, one_use_link,
            web_session;
        capacities: capacity_claim, claim_decision, claim_note;
        journal: journal_entry;
        media: media;
        mail: mail_message;
        providers: provider, provider_profile, provider_regime, provider_agrement,
            provider_contact;
        catalogue: blob, module, module_version, module_version_file, draft, draft_author,
            draft_file, draft_review, module_retirement, review_comment, review_request, path,
            path_version, synonyms;
        records: fact, fact_seal;
        obligations: obligation, obligation_event;
        sessions: session, session_event, session_half_day, registration, registration_event,
            attendance, calendar_feed;
        requirements: requirement, requirement_version, requirement_sweep;
        publication: scheduled_publication;
        enrolments: enrolment, path_enrolment;
        jobs: job, job_part, job_row;
        cohorts: enrolment_invitation;
        learning: accommodation, attempt, attempt_answer, key_correction, presence, time_spent;
        regrades: regrade;
        attestations: attestation, status_entry, credential, revocation_note;
        feedback: feedback_thread, feedback_entry, feedback_text, feedback_notice, satisfaction;
        reminders: reminder_rule, reminder;
        references: legal_reference, legal_reference_version, review_item, review_decision;
    };
    for (name, columns) in [
        ("instance", vec!["id", "kind", "created_at"]),
        ("revision", vec!["id", "value"]),
        ("worker_beat", vec!["id", "beaten_at"]),
    ] {
        all.insert(name.to_owned(), columns.into_iter().map(str::to_owned).collect());
    }
    all
}

async fn schema(world: &World) -> BTreeMap<String, BTreeSet<String>> {
    let backend = world.app.db.backend();
    let statement = match backend {
        DbBackend::Postgres => {
            "SELECT table_name AS t, column_name AS c FROM information_schema.columns \
             WHERE table_schema = current_schema()"
        }
        _ => {
            "SELECT m.name AS t, p.name AS c FROM sqlite_master m \
             JOIN pragma_table_info(m.name) p WHERE m.type = 'table'"
        }
    };
    let rows = world.app.db.read().query_all_raw(Statement::from_string(backend, statement));
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows.await.expect("the schema") {
        let table: String = row.try_get("", "t").expect("a table");
        let column: String = row.try_get("", "c").expect("a column");
        all.entry(table).or_default().insert(column);
    }
    all.retain(|table, _| table != "seaql_migrations" && !table.starts_with("sqlite_"));
    all
}

#[tokio::test]
async fn the_entities_are_the_schema_column_for_column() {
    let world = World::new().await;
    assert_eq!(entities(), schema(&world).await);
}

#[tokio::test]
async fn every_entity_reads_what_the_schema_holds() {
    let world = World::new().await;
    macro_rules! read {
        ($($room:ident::$table:ident),+ $(,)?) => {$(
            maitrise::$room::model::$table::Entity::find()
                .one(world.app.db.read())
                .await
                .unwrap_or_else(|e| panic!("{}: {e}", stringify!($table)));
        )+};
    }
    read!(
        territory::organisation,
        territory::organisation_identifier,
        territory::organisation_link,
        territory::affiliation,
        territory::referential_load,
        people::person,
        people::identity,
        people::contact_address,
        people::capacity,
        capacities::capacity_claim,
        capacities::claim_decision,
        capacities::claim_note,
        accounts::account,
        accounts::access_grant,
        accounts::names_grant,
        accounts::refresh_token,
        accounts::one_use_link,
        accounts::web_session,
        journal::journal_entry,
        media::media,
        mail::mail_message,
        providers::provider,
        providers::provider_profile,
        providers::provider_regime,
        providers::provider_agrement,
        providers::provider_contact,
        catalogue::blob,
        catalogue::module,
        catalogue::module_version,
        catalogue::module_version_file,
        catalogue::draft,
        catalogue::draft_author,
        catalogue::draft_file,
        catalogue::draft_review,
        catalogue::module_retirement,
        catalogue::review_comment,
        catalogue::review_request,
        publication::scheduled_publication,
        catalogue::path,
        catalogue::path_version,
        catalogue::synonyms,
        records::fact,
        records::fact_seal,
        obligations::obligation,
        obligations::obligation_event,
        requirements::requirement,
        requirements::requirement_version,
        requirements::requirement_sweep,
        enrolments::enrolment,
        enrolments::path_enrolment,
        jobs::job,
        jobs::job_part,
        jobs::job_row,
        cohorts::enrolment_invitation,
        learning::accommodation,
        learning::attempt,
        learning::attempt_answer,
        learning::presence,
        learning::time_spent,
        attestations::attestation,
        sessions::session,
        sessions::session_event,
        sessions::session_half_day,
        sessions::registration,
        sessions::registration_event,
        sessions::attendance,
        sessions::calendar_feed,
        feedback::feedback_thread,
        feedback::feedback_entry,
        feedback::feedback_text,
        feedback::feedback_notice,
        feedback::satisfaction,
        reminders::reminder_rule,
        reminders::reminder,
        references::legal_reference,
        references::legal_reference_version,
        references::review_item,
        references::review_decision,
    );
}

#[tokio::test]
async fn what_happened_cannot_be_rewritten_by_any_statement() {
    let world = World::new().await;
    let kept = "INSERT INTO media VALUES ('d', 1, 'png', '2026-11-22T12:00:00+00:00')";
    let tx = world.app.db.begin_write().await.expect("a transaction");
    tx.execute_unprepared(kept).await.expect("a medium");
    tx.commit().await.expect("a commit");
    let tables = [
        ("fact", "recorded_at"),
        ("journal_entry", "action"),
        ("attestation", "signed"),
        ("module_version", "title"),
        ("module_version_file", "path"),
        ("blob", "bytes"),
        ("media", "kind"),
        ("path_version", "title"),
    ];
    for (table, column) in tables {
        for sql in
            [format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")]
        {
            let tx = world.app.db.begin_write().await.expect("a transaction");
            let refused = tx.execute_unprepared(&sql).await.expect_err(&sql).to_string();
            assert!(refused.contains("append-only"), "{sql}: {refused}");
        }
    }
}

/// The tables whose rows are never rewritten.
const APPEND_ONLY: &[&str] = &[
    "accommodation",
    "attendance",
    "attestation",
    "blob",
    "claim_decision",
    "draft_review",
    "fact",
    "fact_seal",
    "feedback_entry",
    "feedback_notice",
    "feedback_thread",
    "journal_entry",
    "key_correction",
    "legal_reference_version",
    "media",
    "module_retirement",
    "module_version",
    "module_version_file",
    "obligation_event",
    "provider_agrement",
    "path_version",
    "registration",
    "registration_event",
    "reminder",
    "requirement_version",
    "review_comment",
    "review_decision",
    "review_item",
    "satisfaction",
    "status_entry",
    "session_event",
    "session_half_day",
];

#[tokio::test]
async fn every_append_only_table_has_its_triggers() {
    let world = World::new().await;
    let backend = world.app.db.backend();
    let (statement, suffixes) = match backend {
        DbBackend::Postgres => {
            ("SELECT tgname AS n FROM pg_trigger WHERE NOT tgisinternal", vec!["append_only"])
        }
        _ => (
            "SELECT name AS n FROM sqlite_master WHERE type = 'trigger'",
            vec!["no_delete", "no_update"],
        ),
    };
    let rows = world.app.db.read().query_all_raw(Statement::from_string(backend, statement));
    let rows = rows.await.expect("the triggers");
    let found: BTreeSet<String> =
        rows.iter().map(|row| row.try_get("", "n").expect("a name")).collect();
    let expected =
        APPEND_ONLY.iter().flat_map(|t| suffixes.iter().map(move |s| format!("{t}_{s}")));
    assert_eq!(found, expected.collect());
}

/// Every declaration of personal data.
fn declared() -> BTreeSet<(&'static str, &'static str)> {
    let rooms = [
        maitrise::accounts::personal::PERSONAL,
        maitrise::attestations::personal::PERSONAL,
        maitrise::capacities::personal::PERSONAL,
        maitrise::catalogue::personal::PERSONAL,
        maitrise::feedback::personal::PERSONAL,
        maitrise::jobs::personal::PERSONAL,
        maitrise::learning::personal::PERSONAL,
        maitrise::mail::personal::PERSONAL,
        maitrise::people::personal::PERSONAL,
        maitrise::providers::personal::PERSONAL,
        maitrise::records::personal::PERSONAL,
        maitrise::references::personal::PERSONAL,
        maitrise::requirements::personal::PERSONAL,
        maitrise::sessions::personal::PERSONAL,
    ];
    rooms.into_iter().flatten().map(|c| (c.table, c.column)).collect()
}

/// Texts beside a person's id that say nothing of the person: states, codes, dates, digests.
const SAYS_NOTHING: &[(&str, &str)] = &[
    ("access_grant", "role"),
    ("access_grant", "scope_kind"),
    ("attestation", "code"),
    ("attestation", "kid"),
    ("capacity", "kind"),
    ("capacity_claim", "kind"),
    ("capacity", "source"),
    ("capacity", "standing"),
    ("draft", "state"),
    ("draft", "submitted_digest"),
    ("draft_review", "tree_digest"),
    ("draft_review", "kind"),
    ("draft_review", "verdict"),
    ("review_comment", "path"),
    ("review_request", "kind"),
    ("attempt_answer", "question_id"),
    ("calendar_feed", "secret_digest"),
    ("enrolment", "time_zone"),
    ("enrolment_invitation", "answer"),
    ("enrolment_invitation", "invited_for"),
    ("enrolment_invitation", "natural_key"),
    ("job_row", "detail"),
    ("job_row", "outcome"),
    ("fact", "kind"),
    ("fact", "natural_key"),
    ("feedback_entry", "side"),
    ("feedback_entry", "state"),
    ("feedback_notice", "natural_key"),
    ("feedback_thread", "kind"),
    ("identity", "purpose"),
    ("journal_entry", "action"),
    ("journal_entry", "detail"),
    ("journal_entry", "subject_id"),
    ("journal_entry", "subject_kind"),
    ("mail_message", "last_error"),
    ("mail_message", "state"),
    ("mail_message", "template"),
    ("module_version", "change_kind"),
    ("obligation", "basis"),
    ("obligation", "natural_key"),
    ("obligation", "origin"),
    ("obligation", "time_zone"),
    ("one_use_link", "kind"),
    ("refresh_token", "secret_digest"),
    ("reminder", "channel"),
    ("reminder", "outcome"),
    ("review_decision", "consequence"),
    ("web_session", "secret_digest"),
];

#[tokio::test]
async fn every_personal_column_that_is_declared_exists() {
    let world = World::new().await;
    let schema = schema(&world).await;
    for (table, column) in declared() {
        let known = schema.get(table).is_some_and(|t| t.contains(column));
        assert!(known, "{table}.{column} is declared and does not exist");
    }
}

#[tokio::test]
async fn no_text_beside_a_persons_id_is_kept_without_being_declared() {
    let world = World::new().await;
    let texts = texts(&world).await;
    let someone = ["person_id", "account_id", "actor_id", "reviewer_id", "author_id", "attempt_id"];
    let declared = declared();
    for (table, columns) in schema(&world).await {
        if !columns.iter().any(|c| someone.contains(&c.as_str())) {
            continue;
        }
        for column in columns.iter().filter(|c| texts.contains(&(table.clone(), (*c).clone()))) {
            let pair = (table.as_str(), column.as_str());
            assert!(
                declared.contains(&pair) || SAYS_NOTHING.contains(&pair),
                "{table}.{column}: declare it in the room's personal.rs, or say in this test that it says nothing of the person"
            );
        }
    }
}

/// Columns that hold text or JSON: `(table, column)`.
async fn texts(world: &World) -> BTreeSet<(String, String)> {
    let backend = world.app.db.backend();
    let statement = match backend {
        DbBackend::Postgres => {
            "SELECT table_name AS t, column_name AS c FROM information_schema.columns \
             WHERE table_schema = current_schema() AND data_type IN ('text', 'jsonb')"
        }
        _ => {
            "SELECT m.name AS t, p.name AS c FROM sqlite_master m \
             JOIN pragma_table_info(m.name) p WHERE m.type = 'table' \
             AND p.type IN ('text', 'jsonb_text', 'json_text')"
        }
    };
    let rows = world.app.db.read().query_all_raw(Statement::from_string(backend, statement));
    let rows = rows.await.expect("the schema");
    let text = |row: &sea_orm::QueryResult, name| row.try_get::<String>("", name).expect("a name");
    rows.iter().map(|row| (text(row, "t"), text(row, "c"))).collect()
}
