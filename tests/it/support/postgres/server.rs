//! The process of a temporary PostgreSQL: made, started, stopped, started again.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::machine::Owner;
use super::settings::Stop;
use crate::support::leash;

/// Longest wait for a server that starts or stops: far above the usual half second.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a wait looks again.
const TICK: Duration = Duration::from_millis(20);

/// A data directory and, while it runs, the process that serves it.
pub struct Process {
    /// Holds the socket and the log.
    pub dir: PathBuf,
    /// The data directory.
    pub data: PathBuf,
    /// Where `initdb` and `postgres` are.
    pub bin: PathBuf,
    /// The command that enters the place where it runs; none for here.
    pub within: Vec<String>,
    /// The account that runs it.
    pub owner: Owner,
    /// The arguments beside those that name directories.
    pub arguments: Vec<String>,
    /// The process, unless it was stopped.
    pub running: Option<Child>,
}

impl Process {
    /// Creates the data directory. The C locale sorts by code point on every machine.
    pub fn init(&self) -> Result<(), String> {
        let program = self.bin.join("initdb");
        let mut initdb = self.owner.command(&self.within, &program, "KILL", &self.dir);
        initdb
            .args(["--no-sync", "--auth=trust", "--username=postgres"])
            .args(["--encoding=UTF8", "--locale=C.UTF-8", "-D"])
            .arg(&self.data);
        let output = initdb.output().map_err(|error| format!("initdb cannot be run: {error}"))?;
        match output.status.success() {
            true => Ok(()),
            false => Err(format!("initdb failed: {}", String::from_utf8_lossy(&output.stderr))),
        }
    }

    /// Starts it and waits until `answers`.
    pub fn start(&mut self, answers: impl Fn() -> Result<(), String>) -> Result<(), String> {
        self.launch()?;
        let started = Instant::now();
        while let Err(refusal) = answers() {
            let server = self.running.as_mut().expect("it was launched");
            let ended = server.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || started.elapsed() > PATIENCE {
                return Err(format!("it does not start: {ended:?}\n{refusal}\n{}", self.log()));
            }
            std::thread::sleep(TICK);
        }
        Ok(())
    }

    fn launch(&mut self) -> Result<(), String> {
        let mut log = fs::File::options();
        let log = log.create(true).append(true).open(self.dir.join("log"));
        let log = log.map_err(|error| error.to_string())?;
        let errors = log.try_clone().map_err(|error| error.to_string())?;
        let program = self.bin.join("postgres");
        let mut server = self.owner.command(&self.within, &program, "QUIT", &self.dir);
        server.arg("-D").arg(&self.data).arg("-k").arg(&self.dir);
        server.args(&self.arguments).stdout(log).stderr(errors).process_group(0);
        let server = leash::spawn(server);
        self.running = Some(server.map_err(|error| format!("postgres cannot be run: {error}"))?);
        Ok(())
    }

    /// Whether it runs.
    pub fn runs(&mut self) -> bool {
        self.running.as_mut().is_some_and(|server| server.try_wait().is_ok_and(|end| end.is_none()))
    }

    /// Stops it, and waits until it has ended; nothing if it does not run.
    pub fn stop(&mut self, how: Stop) {
        let Some(mut server) = self.running.take() else { return };
        let script = format!("kill -{} {}", how.signal(), server.id());
        // It may have ended by itself: the wait tells.
        let _ = Command::new("sh").args(["-c", &script]).status();
        let asked = Instant::now();
        while server.try_wait().is_ok_and(|ended| ended.is_none()) {
            if asked.elapsed() > PATIENCE {
                let _ = server.kill();
                panic!("PostgreSQL does not stop:\n{}", self.log());
            }
            std::thread::sleep(TICK);
        }
    }

    /// All it has said since it was first started.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }
}

/// The file in which a server of that data directory writes its process id.
pub fn pid_file(data: &Path) -> PathBuf {
    data.join("postmaster.pid")
}
