//! The choice of an engine, and the temporary PostgreSQL (its end is in `leash.rs`).

use std::os::unix::fs::PermissionsExt;

use super::super::{Cluster, Database, Durability, Engine, Stop};
use super::panic_of;

#[test]
fn the_engine_of_a_run_is_one_of_two_names() {
    assert_eq!(Engine::named("sqlite"), Engine::Sqlite);
    assert_eq!(Engine::named("postgres"), Engine::Postgres);
    let chosen = std::env::var_os("MAITRISE_TEST_ENGINE").is_some_and(|name| name == "postgres");
    assert_eq!(Engine::of_this_run() == Engine::Postgres, chosen);
}

#[tokio::test]
async fn a_misspelt_engine_is_refused_with_the_names_that_may_be_used() {
    let refusal = panic_of(async { Engine::named("postgre") }).await;
    assert!(refusal.contains("`sqlite` or `postgres`"), "{refusal}");
}

#[tokio::test]
async fn a_database_made_from_a_template_has_its_rows_and_opens_by_its_url() {
    let cluster = Cluster::shared();
    cluster.create_database("selftest_template");
    cluster.psql("selftest_template", "CREATE TABLE t AS SELECT 'Élu' AS word");
    let url = cluster.create_from_template("selftest_template", "selftest_copy");
    cluster.psql("selftest_template", "DELETE FROM t");
    assert_eq!(cluster.psql("selftest_copy", "SELECT word, 1 FROM t"), "Élu|1");

    let open = sea_orm::Database::connect(&url).await.expect("the program can connect");
    open.ping().await.expect("the server answers it");
    cluster.drop_database("selftest_copy");
    let left = "SELECT count(*) FROM pg_database WHERE datname = 'selftest_copy'";
    assert_eq!(cluster.psql("postgres", left), "0", "it is removed although one is connected");
}

#[tokio::test]
async fn the_database_of_a_test_goes_with_it_even_when_the_test_fails() {
    let count = "SELECT count(*) FROM pg_database WHERE datname LIKE 'selftest_passing%'";
    let panicked = panic_of(async {
        let database = Database::empty("selftest_passing");
        let open = sea_orm::Database::connect(database.url()).await.expect("it can be opened");
        open.ping().await.expect("the server answers");
        assert_eq!(Cluster::shared().psql("postgres", count), "1");
        panic!("{} is open", database.url())
    });
    assert!(panicked.await.contains("is open"));
    assert_eq!(Cluster::shared().psql("postgres", count), "0");
}

#[tokio::test]
async fn an_error_of_psql_shows_the_statement_and_the_reason() {
    let error = panic_of(async { Cluster::shared().psql("postgres", "SELECT no_such") }).await;
    assert!(error.contains("SELECT no_such") && error.contains("does not exist"), "{error}");
}

#[test]
fn a_private_cluster_keeps_its_rows_through_a_crash_and_is_gone_when_dropped() {
    let elsewhere = tempfile::tempdir_in("/tmp").expect("a directory can be made");
    let anyone = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(elsewhere.path(), anyone).expect("ours to open");
    let data = elsewhere.path().canonicalize().expect("it exists").join("data");
    let cluster = Cluster::private(Durability::On, &["max_connections=17"], Some(&data));
    let show = |name| cluster.psql("postgres", &format!("SHOW {name}"));
    for (name, value) in [("fsync", "on"), ("synchronous_commit", "on"), ("max_connections", "17")]
    {
        assert_eq!(show(name), value, "{name}");
    }
    assert_eq!(Cluster::shared().psql("postgres", "SHOW fsync"), "off");
    assert_eq!(show("data_directory"), data.display().to_string());

    cluster.create_database("kept");
    cluster.psql("kept", "CREATE TABLE t AS SELECT 'Élu' AS word");
    for how in [Stop::Fast, Stop::Immediate] {
        cluster.restart(how);
        assert_eq!(cluster.psql("kept", "SELECT word FROM t"), "Élu", "{how:?}");
    }
    let replayed = cluster.log().matches("was not properly shut down").count();
    assert_eq!(replayed, 1, "one stop of the two is a crash:\n{}", cluster.log());

    cluster.stop(Stop::Fast);
    let dir = cluster.dir().to_owned();
    assert!(!dir.join(".s.PGSQL.5432").exists(), "nothing listens");
    cluster.start();
    drop(cluster);
    assert!(!dir.exists() && !data.exists(), "nothing is left");
}
