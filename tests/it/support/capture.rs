//! What a child process writes, readable while it runs.

use std::io::Read;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longest wait for the last output of an ended process.
const PATIENCE: Duration = Duration::from_secs(1);

/// Everything a stream has carried so far, read by a thread so that the child never waits for us.
#[derive(Clone, Default)]
pub struct Capture(Arc<Mutex<Vec<u8>>>);

impl Capture {
    /// Starts to read a stream; the thread ends with it.
    pub fn of(&self, mut stream: impl Read + Send + 'static) -> JoinHandle<()> {
        let bytes = Arc::clone(&self.0);
        std::thread::spawn(move || {
            let mut chunk = [0; 8192];
            while let Ok(count @ 1..) = stream.read(&mut chunk) {
                let mut bytes = bytes.lock().expect("no reader panics");
                bytes.extend_from_slice(&chunk[..count]);
            }
        })
    }

    /// The same, into another capture too.
    pub fn of_both(&self, other: &Self, stream: impl Read + Send + 'static) -> JoinHandle<()> {
        self.of(Tee { stream, other: other.clone() })
    }

    /// What has come so far.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().expect("no reader panics");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Waits for the readers of an ended process; not for ever, a grandchild may hold its pipes.
pub async fn last_words(readers: &[JoinHandle<()>]) {
    let asked = Instant::now();
    while !readers.iter().all(JoinHandle::is_finished) && asked.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// A stream whose bytes are kept in another capture as they pass.
struct Tee<R> {
    stream: R,
    other: Capture,
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, chunk: &mut [u8]) -> std::io::Result<usize> {
        let count = self.stream.read(chunk)?;
        self.other.0.lock().expect("no reader panics").extend_from_slice(&chunk[..count]);
        Ok(count)
    }
}
