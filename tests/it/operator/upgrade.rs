//! A database of each released schema (tests/fixtures/schema, made by tests/fixtures/make) is brought
//! up to date by this program, and people go on in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use maitrise::catalogue::model::module_version;
use maitrise::catalogue::{Edition, Shelf};
use maitrise::content::Module;
use maitrise::db::Db;
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DbBackend, EntityTrait as _, Statement,
};
use serde_json::Value;

use super::Machine;
use super::backup::{Begun, ELUE, finish, sign_in, status_of};
use crate::support::{Api, Engine};

/// The folders of the released schemas, which is never none.
fn releases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/schema");
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).expect("fixtures").flatten().map(|entry| entry.path()).collect();
    found.sort();
    assert!(!found.is_empty(), "the schema of every release is kept");
    found
}

/// A machine whose database is the release's, with keys of its own beside the release's public ones.
async fn machine_of(release: &Path) -> Machine {
    let machine = Machine::with_database();
    machine.make_keys().await;
    let known = machine.data().join("keys/keys.toml");
    let mut keys = fs::read_to_string(&known).expect("keys");
    keys.push_str(&fs::read_to_string(release.join("keys.toml")).expect("the release's keys"));
    fs::write(known, keys).expect("written");
    let (file, url) = match Engine::of_this_run() {
        Engine::Sqlite => {
            let path = machine.data().join("maitrise.sqlite3");
            ("sqlite.sql", format!("sqlite://{}?mode=rwc", path.display()))
        }
        Engine::Postgres => {
            let (_, url) =
                machine.env.iter().find(|(n, _)| n.ends_with("DATABASE__URL")).expect("a URL");
            ("postgres.sql", url.clone())
        }
    };
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let raw = Database::connect(options).await.expect("a database");
    let dump = fs::read_to_string(release.join(file)).expect("a dump");
    raw.execute_unprepared(&dump).await.expect("the release's database");
    raw.close().await.expect("closed");
    machine
}

/// Everything that the engine says of a schema: tables, columns, indexes, constraints, triggers.
async fn schema(db: &Db) -> BTreeSet<String> {
    let statement = match db.backend() {
        DbBackend::Postgres => {
            "SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || \
                    is_nullable || ' ' || coalesce(column_default, '') AS t \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() \
             UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) \
             FROM pg_constraint WHERE connamespace = current_schema()::regnamespace \
             UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
             UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc \
             WHERE pronamespace = current_schema()::regnamespace"
        }
        _ => "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS t FROM sqlite_master",
    };
    texts(db, statement).await.into_iter().collect()
}

/// The first column of every row.
async fn texts(db: &Db, sql: &str) -> Vec<String> {
    let rows = db.read().query_all_raw(Statement::from_string(db.backend(), sql)).await;
    let rows = rows.expect(sql);
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

/// Every table with a trigger still refuses to be rewritten.
async fn nothing_is_rewritten(db: &Db) {
    let tables = match db.backend() {
        DbBackend::Postgres => {
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        }
        _ => "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'",
    };
    let tables = texts(db, tables).await;
    assert!(tables.len() >= 9, "{tables:?}");
    // A trigger of SQLite speaks of rows: these are the tables that surely have some.
    for table in ["fact", "journal_entry", "attestation", "module_version", "blob", "reminder"] {
        assert!(tables.iter().any(|known| known == table), "{table} is append-only");
        let tx = db.begin_write().await.expect("a transaction");
        let refused = tx.execute_unprepared(&format!("DELETE FROM {table}")).await;
        let refused = refused.expect_err(table).to_string();
        assert!(refused.contains("append-only"), "{table}: {refused}");
    }
}

/// Every version ever published reads, byte for byte; answers the first of E1.
async fn every_version_reads(db: &Db) -> Arc<Module> {
    let versions = module_version::Entity::find().all(db.read()).await.expect("versions");
    assert!(versions.len() >= 5, "some, one of them a second version");
    assert!(versions.iter().any(|version| version.number == 2));
    // Reading an edition compares its files with the digest under which they were published.
    let editions = Shelf::default().editions_of(db.read(), versions.iter().map(|v| v.id)).await;
    let editions = editions.expect("their files");
    assert_eq!(editions.len(), versions.len());
    let first = |e: &&Arc<Edition>| e.code().as_str() == "E1" && e.version.number == 1;
    editions.values().find(first).expect("the first version of E1").content.clone()
}

/// The élue whom the release left in the middle of a module.
async fn left_in_the_middle(api: &Api, token: &str, module: &Arc<Module>) -> Begun {
    let mine = api.get("/api/v1/me/enrolments").bearer(token).await.expect(200).json();
    let items = mine["items"].as_array().expect("enrolments");
    let of = |module: &str| items.iter().find(|e| e["module"] == module).expect(module);
    assert_eq!(of("PREMIERS-PAS")["state"], "completed");
    let begun = of("E1");
    assert_eq!(begun["version"], 1, "pinned to the version started: {begun}");
    let current = api.get("/api/v1/modules/E1").await.expect(200).json();
    assert_eq!(current["version"], 2, "while another has been published: {current}");
    let enrolment = format!("/api/v1/enrolments/{}", begun["id"].as_str().expect("an id"));
    let shown = api.get(&enrolment).bearer(token).await.expect(200).json();
    let lessons = shown["lessons"].as_array().expect("lessons").iter();
    let lessons = lessons.map(|lesson| lesson["slug"].as_str().expect("a slug").to_owned());
    let lessons = lessons.collect();
    let attempt = api.post(&format!("{enrolment}/attempts")).bearer(token).await.expect(200);
    Begun { enrolment, attempt: attempt.location(), lessons, module: module.clone() }
}

#[tokio::test]
async fn a_backup_of_every_released_schema_is_restored_and_brought_up_to_date() {
    for release in releases() {
        let machine = machine_of(&release).await;
        let before = machine.database().await.applied_migrations().await.expect("migrations");
        let backup = machine.backup("before").await;
        let after = machine.database().await.applied_migrations().await.expect("migrations");
        assert_eq!(before, after, "a backup migrates nothing");
        machine.lose_database();
        let said = machine.ok(&["restore", &backup.display().to_string()]).await;
        assert!(said.contains("ok    migrations: up to date"), "{said}");
        let db = machine.database().await;
        every_version_reads(&db).await;
        nothing_is_rewritten(&db).await;
        db.close().await.expect("closed");
    }
}

#[tokio::test]
async fn the_database_of_every_release_is_upgraded_and_people_go_on_in_it() {
    let fresh = Machine::with_database();
    fresh.ok(&["migrate"]).await;
    let fresh = fresh.database().await;
    let expected = schema(&fresh).await;
    assert!(expected.len() > 60, "a schema is seen: {expected:?}");
    for release in releases() {
        let machine = machine_of(&release).await;
        let people = fs::read_to_string(release.join("people.txt")).expect("people");
        machine.ok(&["migrate"]).await;
        let checked = machine.ok(&["check"]).await;
        assert!(checked.lines().all(|line| line.starts_with("ok    ")), "{checked}");
        let db = machine.database().await;
        assert_eq!(schema(&db).await, expected, "{}", release.display());
        nothing_is_rewritten(&db).await;
        let started = every_version_reads(&db).await;
        let codes = texts(&db, "SELECT code FROM attestation").await;
        assert!(codes.len() >= 3, "{codes:?}");
        db.close().await.expect("closed");

        let (server, api) = machine.serve().await;
        for code in &codes {
            assert_eq!(status_of(&api, code).await, "genuine", "attested before: {code}");
        }
        for line in people.lines() {
            let (login, password) = line.split_once(' ').expect("a name and a password");
            let session = sign_in(&api, login, password).await;
            if login == ELUE {
                let begun = left_in_the_middle(&api, &session.access, &started).await;
                let code = finish(&api, &session.access, &begun).await;
                let path = format!("/api/v1/verify/{code}");
                let said: Value = api.get(&path).await.expect(200).json();
                assert_eq!(said["status"], "genuine");
                let (module, version) =
                    (&said["statement"]["module"], &said["statement"]["version"]);
                assert!(module == "E1" && version == 1, "{said}");
            }
        }
        assert!(server.terminate().await.success());
    }
    fresh.close().await.expect("closed");
}
