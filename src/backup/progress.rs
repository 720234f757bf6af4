//! Word of long work, on the standard error: what was asked goes on, and how far it is.

use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long work may be silent.
const SILENCE: Duration = Duration::from_secs(5);

/// Runs `work`, telling every few seconds how large the file grows that it writes.
pub(super) async fn growing<T>(what: &str, file: &Path, work: impl Future<Output = T>) -> T {
    told(what, || file.metadata().map(|m| size(m.len())).unwrap_or_default(), work).await
}

/// Runs `work`, telling every few seconds that it goes on.
pub(super) async fn told<T>(
    what: &str,
    measure: impl Fn() -> String,
    work: impl Future<Output = T>,
) -> T {
    let (began, mut pause) = (Instant::now(), tokio::time::interval(SILENCE));
    pause.tick().await;
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = pause.tick() => {
                eprintln!("{what} … {} s {}", began.elapsed().as_secs(), measure());
            }
        }
    }
}

/// A number of bytes, for people.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
