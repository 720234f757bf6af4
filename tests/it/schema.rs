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
        territory: organisation, organisation_identifier, organisation_link, affiliation;
        people: person, identity, contact_address, capacity;
        accounts: account, access_grant, refresh_token, one_use_link;
        journal: journal_entry;
        mail: mail_message;
        catalogue: provider, blob, module, module_version, module_version_file, draft, draft_author,
            draft_file, draft_review;
        records: fact, fact_seal;
        obligations: obligation;
        enrolments: enrolment;
        learning: attempt, attempt_answer;
        attestations: attestation;
        reminders: reminder_rule, reminder;
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
        people::person,
        people::identity,
        people::contact_address,
        people::capacity,
        accounts::account,
        accounts::access_grant,
        accounts::refresh_token,
        accounts::one_use_link,
        journal::journal_entry,
        mail::mail_message,
        catalogue::provider,
        catalogue::blob,
        catalogue::module,
        catalogue::module_version,
        catalogue::module_version_file,
        catalogue::draft,
        catalogue::draft_file,
        catalogue::draft_review,
        records::fact,
        records::fact_seal,
        obligations::obligation,
        enrolments::enrolment,
        learning::attempt,
        learning::attempt_answer,
        attestations::attestation,
        reminders::reminder_rule,
        reminders::reminder,
    );
}

#[tokio::test]
async fn what_happened_cannot_be_rewritten_by_any_statement() {
    let world = World::new().await;
    let tables = [
        ("fact", "recorded_at"),
        ("journal_entry", "action"),
        ("attestation", "signed"),
        ("module_version", "title"),
        ("module_version_file", "path"),
        ("blob", "bytes"),
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

#[tokio::test]
async fn every_personal_column_that_is_declared_exists() {
    let world = World::new().await;
    let schema = schema(&world).await;
    let declared = [
        maitrise::accounts::personal::PERSONAL,
        maitrise::people::personal::PERSONAL,
        maitrise::mail::personal::PERSONAL,
    ];
    for column in declared.into_iter().flatten() {
        let known = schema.get(column.table).is_some_and(|t| t.contains(column.column));
        assert!(known, "{}.{} is declared and does not exist", column.table, column.column);
    }
}
