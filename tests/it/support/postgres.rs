//! A temporary PostgreSQL: one cluster per test process, one database per test; and clusters of
//! their own for the tests that stop, break or measure the server.
//!
//! It listens on a Unix socket in its own private directory only, so that two runs of the suite on
//! one machine never meet, and a machine's own PostgreSQL is neither needed nor touched. The shared
//! one has durability switched off: it dies with the process, and the suite runs several times
//! faster.

mod machine;
mod server;
mod settings;

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::leash;
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
        match SHARED.get_or_init(|| Self::begin(Durability::Off, &[], None)) {
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
        Self::begin(durability, options, data)
            .unwrap_or_else(|reason| panic!("no private PostgreSQL: {reason}"))
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

    /// Removes a database, with whoever is still connected to it; nothing if there is none.
    pub fn drop_database(&self, name: &str) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name));
        self.psql("postgres", &sql);
    }

    /// What `psql` prints for that SQL, unaligned, columns separated by `|`, without headings.
    /// Panics with PostgreSQL's message on an error.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        self.try_psql(database, sql)
            .unwrap_or_else(|message| panic!("psql {database}: {sql}\n{message}"))
    }

    fn try_psql(&self, database: &str, sql: &str) -> Result<String, String> {
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
            data,
            bin: bin.clone(),
        };
        process.owner.give(&process.data)?;
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
