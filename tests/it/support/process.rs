//! The real binary as a process: what an operator starts, stops and kills.
//!
//! Only here can a test see start-up and shutdown, a crash in the middle of a job, or two servers on
//! one database. A child is killed with its value, and with the test process (`leash.rs`).

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::capture::{Capture, last_words};
use super::leash;

/// How often a wait looks again.
const TICK: Duration = Duration::from_millis(20);

/// Longest wait for a polite end.
const FAREWELL: Duration = Duration::from_secs(30);

/// What to start, and how.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The program: `env!("CARGO_BIN_EXE_maitrise")`.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Variables added to our own environment, from which every inherited `MAITRISE__…` is removed:
    /// a developer's settings must not change a test.
    pub env: Vec<(String, String)>,
    /// Its working directory; ours when `None`.
    pub dir: Option<PathBuf>,
}

impl Settings {
    fn command(&self) -> Command {
        let mut command = leash::command(&self.program, "KILL");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("MAITRISE__") {
                command.env_remove(name);
            }
        }
        command.args(&self.args).envs(self.env.iter().cloned());
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn spawn(&self, stdin: Stdio) -> Child {
        let mut command = self.command();
        command.stdin(stdin);
        leash::spawn(command)
            .unwrap_or_else(|error| panic!("{} cannot be run: {error}", self.program.display()))
    }
}

/// A server under test.
pub struct Server {
    child: Child,
    output: Capture,
    log: Capture,
    readers: [JoinHandle<()>; 2],
}

impl Server {
    /// Starts it; does not wait until it is ready.
    pub fn start(settings: &Settings) -> Self {
        let mut child = settings.spawn(Stdio::null());
        let (output, log) = (Capture::default(), Capture::default());
        let readers = [
            output.of(child.stdout.take().expect("stdout is piped")),
            output.of_both(&log, child.stderr.take().expect("stderr is piped")),
        ];
        Self { child, output, log, readers }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// All it has written so far, stdout and stderr together as they came.
    pub fn output(&self) -> String {
        self.output.text()
    }

    /// All it has written so far on its standard error, where logs go.
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// Waits until `url` answers 200.
    /// Panics with the whole output if the process ends first, or after `timeout`.
    pub async fn wait_ready(&mut self, url: &str, timeout: Duration) {
        let client = reqwest::Client::builder().no_proxy().timeout(timeout);
        let client = client.build().expect("a plain client can be built");
        let asked = Instant::now();
        loop {
            let answer = client.get(url).send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            self.pause(&format!("200 from {url}"), asked, timeout).await;
        }
    }

    /// Waits for a whole line that contains `text` and answers it.
    /// Panics with the whole output if the process ends first, or after `timeout`.
    pub async fn wait_for_line(&mut self, text: &str, timeout: Duration) -> String {
        let asked = Instant::now();
        loop {
            let ended = self.has_ended().await;
            let output = self.output();
            let mut lines = output.split_inclusive('\n');
            if let Some(line) =
                lines.find(|line| (ended || line.ends_with('\n')) && line.contains(text))
            {
                return line.trim_end().to_owned();
            }
            self.pause(&format!("a line with {text:?}"), asked, timeout).await;
        }
    }

    /// Kills it with SIGKILL: a crash, nothing of its own runs any more.
    pub async fn kill9(mut self) -> ExitStatus {
        self.child.kill().expect("our own child can be killed");
        self.wait_end().await
    }

    /// Asks it to stop with SIGTERM and waits; answers how it ended.
    /// Panics with the whole output if it has not ended after thirty seconds.
    pub async fn terminate(self) -> ExitStatus {
        self.terminate_with_output().await.0
    }

    /// As [`terminate`](Self::terminate), with all it ever wrote.
    pub async fn terminate_with_output(mut self) -> (ExitStatus, String) {
        (self.stop().await, self.output())
    }

    /// Asks it to stop as [`terminate`](Self::terminate) does; what it wrote can still be read.
    pub async fn stop(&mut self) -> ExitStatus {
        if !self.has_ended().await {
            let script = ["-c", "kill -TERM \"$0\"", &self.id().to_string()];
            let sent = Command::new("sh").args(script).status();
            assert!(sent.is_ok_and(|sent| sent.success()), "SIGTERM cannot be sent");
        }
        self.wait_end().await
    }

    async fn wait_end(&mut self) -> ExitStatus {
        let asked = Instant::now();
        loop {
            if self.has_ended().await {
                return self.child.wait().expect("an ended child has a status");
            }
            let waited = asked.elapsed();
            assert!(waited < FAREWELL, "it does not end; its output:\n{}", self.output());
            tokio::time::sleep(TICK).await;
        }
    }

    /// Whether it has ended; its last output has then arrived.
    async fn has_ended(&mut self) -> bool {
        let ended = self.child.try_wait().expect("our own child can be asked");
        if ended.is_some() {
            last_words(&self.readers).await;
        }
        ended.is_some()
    }

    /// One tick of a wait for `what`, unless waiting is over.
    async fn pause(&mut self, what: &str, asked: Instant, timeout: Duration) {
        if self.has_ended().await {
            panic!("it ended before {what}; its output:\n{}", self.output());
        }
        if asked.elapsed() > timeout {
            panic!("no {what} in {timeout:?}; its output:\n{}", self.output());
        }
        tokio::time::sleep(TICK).await;
    }
}

/// Lines of a log that a failed test shows at most, the last ones.
const SHOWN: usize = 40;

impl Drop for Server {
    fn drop(&mut self) {
        // What an answer keeps to itself (an internal error) is told here.
        if std::thread::panicking() {
            let log = self.log();
            let told: Vec<&str> = log.lines().filter(|line| line.contains("ERROR")).collect();
            println!("{}", told[told.len().saturating_sub(SHOWN)..].join("\n"));
        }
        // Either may fail only if it has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a command ended, and what it wrote.
#[derive(Debug)]
pub struct Output {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command to its end with that standard input.
/// Panics after `timeout`, with what it had written; the command is then killed.
pub async fn run(settings: &Settings, stdin: &str, timeout: Duration) -> Output {
    let mut child = settings.spawn(Stdio::piped());
    let mut pipe = child.stdin.take().expect("stdin is piped");
    let input = stdin.to_owned();
    // A command may end without reading it all: its business.
    std::thread::spawn(move || pipe.write_all(input.as_bytes()));
    let (stdout, stderr) = (Capture::default(), Capture::default());
    let readers = [
        stdout.of(child.stdout.take().expect("stdout is piped")),
        stderr.of(child.stderr.take().expect("stderr is piped")),
    ];
    let output = stdout.clone();
    let mut command = Server { child, output, log: stderr.clone(), readers };
    let asked = Instant::now();
    while !command.has_ended().await {
        if asked.elapsed() > timeout {
            let (args, out, err) = (&settings.args, stdout.text(), stderr.text());
            panic!("{args:?} does not end in {timeout:?}\nstdout:\n{out}\nstderr:\n{err}");
        }
        tokio::time::sleep(TICK).await;
    }
    let status = command.child.wait().expect("an ended child has a status");
    let (stdout, stderr) = (stdout.text(), stderr.text());
    Output { status, stdout, stderr }
}
