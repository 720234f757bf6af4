//! The promise that nothing outlives the tests: each of its two mechanisms alone, then the cluster.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::super::{Cluster, Server, Settings, leash};
use super::{SOON, is_running};

/// Set in a process of this same program that starts something in order to be killed.
const TO_BE_KILLED: &str = "MAITRISE_SELFTEST_TO_BE_KILLED";

fn to_be_killed() -> bool {
    std::env::var_os(TO_BE_KILLED).is_some()
}

/// Tells the other process what to look for, and waits for the end.
fn wait_to_be_killed(pid: &str, dir: &Path) {
    println!("\nstarted {pid} {}", dir.display());
    std::thread::sleep(Duration::from_secs(600));
}

/// Runs that test of this module in a process of its own, kills it with SIGKILL once it has started
/// its server, and waits until the server and its directory are gone.
async fn kill_a_process_that_runs(test: &str) {
    let (_, module) = module_path!().split_once("::").expect("a module");
    let mut process = Server::start(&Settings {
        program: std::env::current_exe().expect("a process knows its program"),
        args: [&format!("{module}::{test}"), "--exact", "--nocapture"].map(String::from).into(),
        env: vec![(TO_BE_KILLED.into(), "1".into())],
        ..Settings::default()
    });
    let line = process.wait_for_line("started ", SOON * 3).await;
    let words: Vec<_> = line.splitn(3, ' ').collect();
    let [_, pid, dir] = words[..] else {
        panic!("an unexpected line: {line}");
    };
    assert!(is_running(pid) && Path::new(dir).exists(), "{line}");
    process.kill9().await;
    let killed = Instant::now();
    while is_running(pid) || (dir != "/" && Path::new(dir).exists()) {
        assert!(killed.elapsed() < SOON, "still there: {line}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_test_process_killed_with_sigkill_leaves_no_server_and_no_directory() {
    if to_be_killed() {
        let dir = Cluster::shared().dir();
        let pid_file = std::fs::read_to_string(dir.join("data/postmaster.pid"));
        let pid_file = pid_file.expect("a running server writes its process id");
        return wait_to_be_killed(pid_file.lines().next().unwrap_or_default(), dir);
    }
    kill_a_process_that_runs(
        "a_test_process_killed_with_sigkill_leaves_no_server_and_no_directory",
    )
    .await;
}

#[tokio::test]
async fn a_child_on_the_leash_outlives_the_thread_that_asked_for_it_but_not_the_process() {
    if to_be_killed() {
        let start = || {
            let mut sleep = leash::command("sleep", "KILL");
            sleep.arg("600").stdout(Stdio::null()).stderr(Stdio::null());
            leash::spawn(sleep).expect("sleep can be run")
        };
        let mut child = std::thread::spawn(start).join().expect("it starts");
        std::thread::sleep(Duration::from_millis(200));
        wait_to_be_killed(&child.id().to_string(), Path::new("/"));
        child.kill().expect("our own child can be killed");
        child.wait().expect("it has ended");
        return;
    }
    let test = "a_child_on_the_leash_outlives_the_thread_that_asked_for_it_but_not_the_process";
    kill_a_process_that_runs(test).await;
}

#[tokio::test]
async fn the_sweeper_stops_the_server_of_its_directory_and_no_other_process() {
    for (is_of_the_directory, survives) in [(true, false), (false, true)] {
        let parent = tempfile::tempdir().expect("a directory can be made");
        let dir = parent.path().canonicalize().expect("it exists").join("swept");
        let data = dir.join("data");
        std::fs::create_dir_all(&data).expect("a directory can be made");
        let place = if is_of_the_directory { &data } else { parent.path() };
        let sleep = leash::spawn({
            let mut sleep = Command::new("sleep");
            sleep.arg("600").current_dir(place);
            sleep
        });
        let mut sleep = sleep.expect("sleep can be run");
        let pid = sleep.id().to_string();
        let pid_file = data.join("postmaster.pid");
        std::fs::write(&pid_file, format!("{pid}\nmore\n")).expect("it can be written");

        let mut sweeper = leash::sweep_after_death(&dir, &pid_file).expect("a shell can be run");
        drop(sweeper.stdin.take());
        assert!(sweeper.wait().expect("it ends").success());
        assert!(!dir.exists(), "the directory is removed");
        assert_eq!(is_running(&pid), survives, "in its directory: {is_of_the_directory}");
        sleep.kill().expect("our own child can be killed");
        sleep.wait().expect("it has ended");
    }
}
