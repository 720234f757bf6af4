//! The proofs of the support room: what every other test takes for granted. One file per subject.

mod engines;
mod http;
mod leash;
mod mail;
mod processes;

use std::time::Duration;

/// Long enough for a slow machine.
const SOON: Duration = Duration::from_secs(20);

/// Why the future panicked.
async fn panic_of<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> String {
    let Err(error) = tokio::spawn(future).await else {
        panic!("it was expected to panic");
    };
    let reason = error.into_panic();
    reason.downcast_ref::<String>().expect("a formatted message").clone()
}

/// Whether a process of that id works. One that has ended and that nobody has asked about yet is
/// still listed, with an empty command line. (`ps` is not on every machine.)
fn is_running(pid: &str) -> bool {
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}
