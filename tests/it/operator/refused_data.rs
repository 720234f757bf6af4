//! Data that are refused: another's, a newer version's, held by another process, or not writable.

use std::net::TcpListener;

use maitrise::boot::{self, Purpose};
use maitrise::instance::{self, InstanceKind};
use sea_orm::ConnectionTrait as _;

use super::{Machine, PATIENCE};
use crate::support::{Engine, Server};

pub(super) async fn mark(machine: &Machine, kind: InstanceKind) {
    let db = machine.database().await;
    db.migrate().await.expect("a schema");
    let tx = db.begin_write().await.expect("a transaction");
    let now = maitrise::clock::Clock::default().now();
    instance::mark_as(&tx, kind, now).await.expect("a mark");
    tx.commit().await.expect("committed");
    db.close().await.expect("closed");
}

#[tokio::test]
async fn a_demonstration_is_never_served() {
    let machine = Machine::with_database();
    mark(&machine, InstanceKind::Demo).await;
    machine.refused_saying(&["serve"], &["demonstration, for ever", "--data-dir"]).await;
    // Nothing takes the mark away.
    machine.ok(&["migrate"]).await;
    machine.refused_saying(&["serve"], &["demonstration, for ever"]).await;
}

#[tokio::test]
async fn a_demonstration_touches_no_database_but_its_own() {
    for kind in [InstanceKind::Production, InstanceKind::Development] {
        let machine = Machine::with_database();
        mark(&machine, kind).await;
        machine.refused_saying(&["demo"], &["not a demonstration's", "--data-dir"]).await;
        let db = machine.database().await;
        assert_eq!(instance::kind(db.read()).await.expect("a mark"), Some(kind));
    }
}

#[tokio::test]
async fn what_was_begun_for_development_never_becomes_production() {
    let mut machine = Machine::with_database();
    machine.make_keys().await;
    mark(&machine, InstanceKind::Development).await;
    machine.fit_for_production();
    for command in ["serve", "migrate"] {
        let words = ["development mode", "a database of its own", "--data-dir"];
        machine.refused_saying(&[command], &words).await;
    }
}

#[tokio::test]
async fn what_is_production_is_not_opened_with_the_loose_checks_of_development() {
    let mut machine = Machine::with_database();
    machine.make_keys().await;
    mark(&machine, InstanceKind::Production).await;
    for command in [&["serve"][..], &["migrate"], &["content", "import"]] {
        let words = ["production's", "mode = \"production\"", "--data-dir"];
        machine.refused_saying(command, &words).await;
    }
    machine.fit_for_production();
    machine.ok(&["migrate"]).await;
}

#[tokio::test]
async fn a_first_start_that_was_interrupted_before_the_mark_can_be_started_again() {
    let machine = Machine::with_database();
    let db = machine.database().await;
    db.migrate().await.expect("a schema, and no mark");
    let settings = machine.data_settings();
    db.close().await.expect("closed");
    let now = maitrise::clock::Clock::default().now();
    let opened = boot::open(&settings, Purpose::Demonstrate, now).await.expect("begun again");
    let kind = instance::kind(opened.db.read()).await.expect("a mark");
    assert_eq!(kind, Some(InstanceKind::Demo));
    opened.db.close().await.expect("closed");
    drop(opened.lock);
    machine.refused_saying(&["serve"], &["demonstration, for ever"]).await;
}

#[tokio::test]
async fn a_demonstration_listens_on_this_machine_only() {
    let mut machine = Machine::with_database();
    for elsewhere in ["0.0.0.0:0", "192.0.2.1:8080", "[::]:0"] {
        machine.set("HTTP__LISTEN", elsewhere);
        machine.refused_saying(&["demo"], &["this machine only", "127.0.0.1:<port>"]).await;
    }
    assert!(!machine.data().exists(), "nothing was begun");
}

#[tokio::test]
async fn a_port_in_use_is_said_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let mut machine = Machine::with_database();
    machine.set("HTTP__LISTEN", &address);
    let words = ["cannot listen on", &address, "MAITRISE__HTTP__LISTEN"];
    machine.refused_saying(&["serve"], &words).await;
    let demonstration = Machine { env: machine.env.clone(), ..Machine::with_database() };
    if Engine::of_this_run() == Engine::Sqlite {
        demonstration.refused_saying(&["demo"], &words).await;
    }
    machine.set("HTTP__LISTEN", "127.0.0.1:0");
    machine.set("HTTP__METRICS_LISTEN", &address);
    machine.refused_saying(&["serve"], &["cannot listen on", "http.metrics_listen"]).await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_said_with_what_to_do() {
    let mut machine = Machine::with_database();
    machine.make_keys().await;
    let keys = machine.data().join("keys").display().to_string();
    machine.set("KEYS__DIRECTORY", &keys);
    let file = machine.file("file", "");
    let inside = format!("{file}/inside");
    for folder in [file, inside] {
        for command in [&["serve"][..], &["demo"], &["migrate"], &["content", "import"]] {
            let args = [command, &["--data-dir", &folder]].concat();
            machine.refused_saying(&args, &["cannot write to", &folder, "--data-dir"]).await;
        }
    }
}

#[tokio::test]
async fn a_database_from_a_newer_version_is_left_alone() {
    let machine = Machine::with_database();
    mark(&machine, InstanceKind::Development).await;
    let db = machine.database().await;
    let tx = db.begin_write().await.expect("a transaction");
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
    tx.execute_unprepared(newer).await.expect("a row");
    tx.commit().await.expect("committed");
    db.close().await.expect("closed");
    let words = ["newer version", "m9999_future", "run that version"];
    for command in [&["serve"][..], &["migrate"], &["content", "import"]] {
        machine.refused_saying(command, &words).await;
    }
    machine.make_keys().await;
    let checked = machine.run(&["check"]).await;
    assert!(checked.stdout.contains("FAIL  migrations: "), "{checked:?}");
}

#[tokio::test]
async fn a_file_is_served_by_one_process_and_a_postgresql_by_as_many_as_one_likes() {
    let machine = Machine::with_database();
    let (first, api) = machine.serve().await;
    if Engine::of_this_run() == Engine::Sqlite {
        let words = ["served by another process", "--data-dir"];
        machine.refused_saying(&["serve"], &words).await;
    } else {
        let (second, other) = machine.serve().await;
        other.get("/readyz").await.expect(200);
        assert!(second.terminate().await.success());
    }
    api.get("/readyz").await.expect(200);
    assert!(first.terminate().await.success());
    let (again, _) = machine.serve().await;
    assert!(again.kill9().await.code().is_none());
    // A crash leaves no lock behind.
    let (after, _) = machine.serve().await;
    assert!(after.terminate().await.success());
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_said_without_its_password() {
    let mut machine = Machine::new();
    machine.set("MODE", "development");
    machine.set("DATABASE__ACQUIRE_TIMEOUT_SECONDS", "1");
    machine.set("DATABASE__URL", "postgres://maitrise:sesame@127.0.0.1:1/maitrise");
    let said = machine.refused(&["migrate"]).await;
    assert!(said.contains("database.url") && !said.contains("sesame"), "{said}");
    let nonsense = Machine::new();
    std::fs::create_dir_all(nonsense.data()).expect("a folder");
    std::fs::write(nonsense.data().join("maitrise.sqlite3"), "no database\n".repeat(500))
        .expect("a file");
    nonsense.refused_saying(&["migrate"], &["database"]).await;
    // Nothing holds on to what failed.
    let server = Server::start(&nonsense.settings(&["migrate"]));
    assert!(!tokio::time::timeout(PATIENCE, server.terminate()).await.expect("in time").success());
}
