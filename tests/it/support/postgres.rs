//! A temporary PostgreSQL: one cluster per test process, one database per test.
//!
//! It listens on a Unix socket in its own private directory only, so that two runs of the suite on
//! one machine never meet, and a machine's own PostgreSQL is neither needed nor touched. Durability
//! is switched off: the cluster dies with the process, and the suite runs several times faster.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::leash;

/// Names the socket only; nothing listens on this port.
const PORT: &str = "5432";

/// Longest wait for a server that starts: far above the usual half second.
const PATIENCE: Duration = Duration::from_secs(60);

/// Speed instead of durability; as many connections as two hundred tests at once may want.
#[rustfmt::skip]
const OPTIONS: &[&str] = &[
    "-c", "listen_addresses=", "-p", PORT,
    "-c", "max_connections=200",
    "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
    "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "autovacuum=off",
];

/// A running server that belongs to this process.
pub struct Cluster {
    /// Holds the socket, the data and the log; removed after our death.
    dir: PathBuf,
    /// Where `psql` is.
    bin: PathBuf,
    /// Kept for its stdin: when it closes, the directory goes.
    _sweeper: Child,
}

impl Cluster {
    /// The cluster of this process, started by the first test that asks.
    pub fn shared() -> &'static Self {
        // The failure is kept too, or each test would wait for it again.
        static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();
        match SHARED.get_or_init(Self::start) {
            Ok(cluster) => cluster,
            Err(reason) => panic!("no PostgreSQL for the tests: {reason}"),
        }
    }

    /// Where its socket, data and log are.
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

    fn start() -> Result<Self, String> {
        let bin = binaries()?;
        let dir = private_dir().map_err(|error| format!("no private directory: {error}"))?;
        let data = dir.join("data");
        let sweeper = leash::sweep_after_death(&dir, &data.join("postmaster.pid"))
            .map_err(|error| format!("no process to clean up after the tests: {error}"))?;
        let cluster = Self { dir, bin, _sweeper: sweeper };
        let owner = Owner::of(&cluster.dir)?;
        cluster.init(&owner, &data)?;
        let server = cluster.launch(&owner, &data)?;
        cluster.wait_ready(server)?;
        Ok(cluster)
    }

    /// Creates the data directory. The C locale sorts by code point on every machine.
    fn init(&self, owner: &Owner, data: &Path) -> Result<(), String> {
        let mut initdb = Command::new(self.bin.join("initdb"));
        initdb
            .args(["--no-sync", "--auth=trust", "--username=postgres"])
            .args(["--encoding=UTF8", "--locale=C.UTF-8", "-D"])
            .arg(data);
        let output = owner
            .run_as(&mut initdb, &self.dir)
            .output()
            .map_err(|error| format!("initdb cannot be run: {error}"))?;
        match output.status.success() {
            true => Ok(()),
            false => Err(format!("initdb failed: {}", String::from_utf8_lossy(&output.stderr))),
        }
    }

    fn launch(&self, owner: &Owner, data: &Path) -> Result<Child, String> {
        let log = fs::File::create(self.dir.join("log")).map_err(|error| error.to_string())?;
        let errors = log.try_clone().map_err(|error| error.to_string())?;
        let mut server = leash::command(self.bin.join("postgres"), "QUIT");
        server.arg("-D").arg(data).arg("-k").arg(&self.dir);
        server.args(OPTIONS).stdout(log).stderr(errors);
        owner.run_as(&mut server, &self.dir).process_group(0);
        leash::spawn(server).map_err(|error| format!("postgres cannot be run: {error}"))
    }

    fn wait_ready(&self, mut server: Child) -> Result<(), String> {
        let started = Instant::now();
        while let Err(refusal) = self.try_psql("postgres", "SELECT 1") {
            let ended = server.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || started.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.dir.join("log")).unwrap_or_default();
                return Err(format!("it does not start: {ended:?}\n{refusal}\n{log}"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

/// The account that runs the server: PostgreSQL refuses to run as root.
struct Owner(Option<(u32, u32)>);

impl Owner {
    /// Ourselves; or, when we are root, the `postgres` account, which is given the directory.
    fn of(dir: &Path) -> Result<Self, String> {
        let made_by = fs::metadata(dir).map_err(|error| error.to_string())?.uid();
        if made_by != 0 {
            return Ok(Self(None));
        }
        let (uid, gid) = (id_of("-u")?, id_of("-g")?);
        chown(dir, Some(uid), Some(gid)).map_err(|error| format!("chown: {error}"))?;
        Ok(Self(Some((uid, gid))))
    }

    /// `command` as that account, in a directory that it may enter.
    fn run_as<'a>(&self, command: &'a mut Command, dir: &Path) -> &'a mut Command {
        if let Some((uid, gid)) = self.0 {
            command.uid(uid).gid(gid);
        }
        command.current_dir(dir).stdin(Stdio::null())
    }
}

fn id_of(which: &str) -> Result<u32, String> {
    let output = Command::new("id").args([which, "postgres"]).output();
    output
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok()?.trim().parse().ok())
        .ok_or_else(|| "PostgreSQL refuses to run as root; there is no `postgres` account".into())
}

/// A new directory, ours alone, with a path short enough for a socket (107 bytes).
fn private_dir() -> io::Result<PathBuf> {
    let mut parent = std::env::temp_dir();
    if parent.as_os_str().len() > 60 {
        parent = "/tmp".into();
    }
    let dir = tempfile::Builder::new()
        .prefix("maitrise-pg-")
        .permissions(fs::Permissions::from_mode(0o700))
        .tempdir_in(parent)?;
    dir.keep().canonicalize()
}

/// The directory of `initdb`, `postgres` and `psql`: named by `MAITRISE_TEST_PG_BIN`, or the one on
/// the PATH, or the newest of Debian's.
fn binaries() -> Result<PathBuf, String> {
    let complete = |dir: &PathBuf| {
        let programs = ["initdb", "postgres", "psql"];
        programs.iter().all(|name| dir.join(name).is_file())
    };
    if let Some(dir) = std::env::var_os("MAITRISE_TEST_PG_BIN").map(PathBuf::from) {
        let problem = format!("MAITRISE_TEST_PG_BIN={} lacks a program", dir.display());
        return Some(dir).filter(complete).ok_or(problem);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut installed: Vec<_> = fs::read_dir("/usr/lib/postgresql").map_or_else(
        |_| Vec::new(),
        |versions| versions.flatten().map(|version| version.path()).collect(),
    );
    let number = |dir: &PathBuf| dir.file_name()?.to_str()?.parse::<u32>().ok();
    installed.sort_by_key(|dir| std::cmp::Reverse(number(dir)));
    let debian = installed.into_iter().map(|version| version.join("bin"));
    let missing = "install Debian's package `postgresql`, or call tests/run, which does";
    let mut found = std::env::split_paths(&path).chain(debian);
    found.find(complete).ok_or_else(|| missing.into())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
