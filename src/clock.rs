//! Time, identifiers and randomness: the only room that asks the system for any of them.
//!
//! Everything else receives `now` as an argument, so that a decision can be replayed and a test can
//! stand at any date.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, DurationRound, Utc};
use uuid::Uuid;

/// The clock of one process. Cheap to clone; clones share the same offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
}

impl Clock {
    /// The present instant, to the microsecond: the finest grain that both engines keep.
    #[expect(clippy::disallowed_methods, reason = "this room is where the system clock is asked")]
    pub fn now(&self) -> DateTime<Utc> {
        let offset = Duration::microseconds(self.offset_micros.load(Ordering::Relaxed));
        let now = Utc::now() + offset;
        now.duration_trunc(Duration::microseconds(1)).unwrap_or(now)
    }

    /// Moves this clock forward (or back); for tests that must stand at another date.
    pub fn advance(&self, by: Duration) {
        let micros = by.num_microseconds().unwrap_or(0);
        self.offset_micros.fetch_add(micros, Ordering::Relaxed);
    }
}

/// A new identifier (UUID version 7). Its order means nothing: it is taken before commit.
#[expect(clippy::disallowed_methods, reason = "this room is where identifiers are made")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// `N` bytes from the operating system's random source.
///
/// # Panics
/// When the system has no randomness to give: nothing secret could be made without it.
#[expect(clippy::disallowed_methods, reason = "this room is where randomness is asked")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system must provide randomness");
    bytes
}
