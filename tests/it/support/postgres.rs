//! A temporary PostgreSQL: one cluster per test process, one database per test; and clusters of
//! their own for the tests that stop, break or measure the server.
//!
//! It listens on a Unix socket in its own private directory only, so that two runs of the suite on
//! one machine never meet, and a machine's own PostgreSQL is neither needed nor touched. The shared
//! one has durability switched off: it dies with the process, and the suite runs several times
//! faster.

mod database;
mod machine;
mod server;
mod settings;

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::{SmallDisk, leash};
pub use database::Database;
use machine::Owner;
use server::Process;
use settings::PORT;
pub use settings::{Durability, Stop};

/// A server that belongs to this process, and what was started for it.
pub struct Cluster {
    /// Holds the socket, the log and, unless it was put elsewhere, the data; removed after our death.
    dir: PathBuf,
    /// Where `psql` is.
    bin: PathBuf,
    process: Mutex<Process>,
    /// Kept for its stdin: when it closes, the directory goes.
    sweeper: Child,
}

impl Cluster {
    /// The cluster of this process, started by the first test that asks.
    pub fn shared() -> &'static Self {
        // The failure is kept too, or each test would wait for it again.
        static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();
        match SHARED.get_or_init(|| Self::begin(Durability::Off, &[], None, None)) {
            Ok(cluster) => cluster,
            Err(reason) => panic!("no PostgreSQL for the tests: {reason}"),
        }
    }

    /// A cluster that nobody else uses, with more settings (`name=value`), and its data in `data`,
    /// which must not exist yet, instead of beside its socket. It is gone when it is dropped, and
    /// its data with it.
    ///
    /// Starting and stopping block the thread: a test that serves meanwhile needs several.
    pub fn private(durability: Durability, options: &[&str], data: Option<&Path>) -> Self {
        Self::begin(durability, options, data, None)
            .unwrap_or_else(|reason| panic!("no private PostgreSQL: {reason}"))
    }

    /// The same, its data on a small disk.
    pub fn private_on(disk: &SmallDisk, durability: Durability, options: &[&str]) -> Self {
        let data = disk.dir().join("data");
        Self::begin(durability, options, Some(&data), Some(disk))
            .unwrap_or_else(|reason| panic!("no private PostgreSQL on a small disk: {reason}"))
    }

    /// Whether the server still runs: one that cannot recover gives up.
    pub fn runs(&self) -> bool {
        self.process().runs()
    }

    /// Stops the server and waits for its end; nothing if it does not run.
    pub fn stop(&self, how: Stop) {
        self.process().stop(how);
    }

    /// Starts a stopped server again, and waits until it answers.
    pub fn start(&self) {
        let started = self.process().start(|| self.answers());
        started.unwrap_or_else(|reason| panic!("PostgreSQL does not come back: {reason}"));
    }

    /// Stops the server and starts it again.
    pub fn restart(&self, how: Stop) {
        self.stop(how);
        self.start();
    }

    /// All that the server has said.
    pub fn log(&self) -> String {
        self.process().log()
    }

    /// Where its socket and log are; its data too, unless they were put elsewhere.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The search path of programs, with those of this version of PostgreSQL first.
    pub fn search_path(&self) -> String {
        let path = std::env::var("PATH").unwrap_or_default();
        format!("{}:{path}", self.bin.display())
    }

    /// A new empty database; answers its URL.
    pub fn create_database(&self, name: &str) -> String {
        self.psql("postgres", &format!("CREATE DATABASE {}", quoted(name)));
        self.url(name)
    }

    /// A new database with the tables and rows of `template`, which nobody may be connected to
    /// (PostgreSQL waits five seconds for them to leave, then refuses); answers its URL.
    pub fn create_from_template(&self, template: &str, name: &str) -> String {
        let (template, quoted) = (quoted(template), quoted(name));
        let sql = format!("CREATE DATABASE {quoted} TEMPLATE {template}");
        self.psql("postgres", &sql);
        self.url(name)
    }

    /// A new database with the tables and rows of that of `url`, which may be in another cluster.
    /// Whoever is connected there may stay; answers its URL.
    pub fn create_copy(&self, url: &str, name: &str) -> String {
        let copy = self.create_database(name);
        let script = "set -o pipefail; \"$0/pg_dump\" -d \"$1\" | \"$0/psql\" -Xq -v ON_ERROR_STOP=1 -1 -d \"$2\"";
        let mut shell = Command::new("bash");
        shell.args(["-c", script]).arg(&self.bin).args([url, &copy]);
        let output = shell.output().expect("a shell can be run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{url} cannot be copied: {said}");
        copy
    }

    /// Removes a database, with whoever is still connected to it; nothing if there is none.
    pub fn drop_database(&self, name: &str) {
        self.try_drop_database(name).unwrap_or_else(|message| panic!("{name}: {message}"));
    }

    /// The same, or the message of an error.
    pub fn try_drop_database(&self, name: &str) -> Result<(), String> {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name));
        self.try_psql("postgres", &sql).map(drop)
    }

    /// What `psql` prints for that SQL, unaligned, columns separated by `|`, without headings.
    /// Panics with PostgreSQL's message on an error.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        self.try_psql(database, sql)
            .unwrap_or_else(|message| panic!("psql {database}: {sql}\n{message}"))
    }

    /// The same, or the message of an error.
    pub fn try_psql(&self, database: &str, sql: &str) -> Result<String, String> {
        let output = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1"])
            .args(["-U", "postgres", "-p", PORT, "-h"])
            .arg(&self.dir)
            .args(["-d", database, "-c", sql])
            .output()
            .map_err(|error| format!("psql cannot be run: {error}"))?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).trim_end().into()),
            false => Err(String::from_utf8_lossy(&output.stderr).into()),
        }
    }

    fn url(&self, database: &str) -> String {
        let dir = self.dir.display();
        format!("postgres://postgres@localhost:{PORT}/{database}?host={dir}&sslmode=disable")
    }

    fn begin(
        durability: Durability,
        options: &[&str],
        data: Option<&Path>,
        disk: Option<&SmallDisk>,
    ) -> Result<Self, String> {
        let bin = machine::binaries()?;
        let dir = machine::private_dir().map_err(|e| format!("no private directory: {e}"))?;
        let data = data.map_or_else(|| dir.join("data"), Path::to_owned);
        let sweeper = leash::sweep_after_death(&dir, &server::pid_file(&data))
            .map_err(|error| format!("no process to clean up after the tests: {error}"))?;
        let process = Process {
            owner: Owner::of(&dir)?,
            arguments: durability.arguments(options),
            running: None,
            dir: dir.clone(),
            within: disk.map(SmallDisk::enter).unwrap_or_default(),
            data,
            bin: bin.clone(),
        };
        process.owner.give(&disk.map_or_else(|| process.data.clone(), |d| d.outside("data")))?;
        process.init()?;
        let cluster = Self { dir, bin, process: Mutex::new(process), sweeper };
        cluster.process().start(|| cluster.answers())?;
        Ok(cluster)
    }

    fn answers(&self) -> Result<(), String> {
        self.try_psql("postgres", "SELECT 1").map(drop)
    }

    fn process(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop(Stop::Immediate);
        // The end of its input is its order; what is dropped is gone when it has done so.
        drop(self.sweeper.stdin.take());
        let _ = self.sweeper.wait();
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
