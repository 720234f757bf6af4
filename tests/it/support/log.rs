//! What the application of this thread logs: the server of a test runs on the test's own thread.

use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};

use tracing::Dispatch;
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing_subscriber::fmt::MakeWriter;

/// A second subscriber, who wants nothing. While there is only one, tracing asks the thread at hand
/// whether a place in the program is of interest to anybody, and remembers the answer of a thread
/// that listens to nothing; between two, it asks both.
static NOBODY: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::new()));

/// Lines logged so far.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// The lines.
    pub fn lines(&self) -> Vec<String> {
        let bytes = self.0.lock().expect("no writer panics");
        String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Keeps the warnings and errors of this thread until the guard is dropped.
pub fn capture_log() -> (Log, DefaultGuard) {
    capture(tracing::Level::WARN)
}

/// Keeps all that this thread logs, debugging included, until the guard is dropped.
pub fn capture_whole_log() -> (Log, DefaultGuard) {
    capture(tracing::Level::DEBUG)
}

fn capture(level: tracing::Level) -> (Log, DefaultGuard) {
    LazyLock::force(&NOBODY);
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(level).with_ansi(false).with_writer(log.clone());
    (log, tracing::subscriber::set_default(subscriber.finish()))
}
