//! A client that is told the truth or nothing: what it was told, and how it asks again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::support::{Answer, Api, Call};

/// The longest that an answer may take, a refusal included: the wait for a connection
/// (`database.acquire_timeout_seconds`, 5 by default) and twice as much for a loaded machine.
const PATIENCE: Duration = Duration::from_secs(15);

/// What all clients together lived through.
#[derive(Debug, Default)]
pub struct Tally {
    acknowledged: AtomicU64,
    unknown: AtomicU64,
    refused: AtomicU64,
    slowest: AtomicU64,
    over: AtomicBool,
}

impl Tally {
    /// Writes answered with a success.
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Relaxed)
    }

    /// Requests that got no whole answer.
    pub fn unknown(&self) -> u64 {
        self.unknown.load(Relaxed)
    }

    /// Requests told to come back.
    pub fn refused(&self) -> u64 {
        self.refused.load(Relaxed)
    }

    /// The longest that any answer took.
    pub fn slowest(&self) -> Duration {
        Duration::from_millis(self.slowest.load(Relaxed))
    }

    /// Lets every client end with the request in hand.
    pub fn end(&self) {
        self.over.store(true, Relaxed);
    }

    /// Waits until that many more requests have been acknowledged.
    pub async fn wait_for_more(&self, count: u64) {
        self.wait_for(self.acknowledged() + count).await;
    }

    /// Waits until that many requests have been acknowledged.
    pub async fn wait_for(&self, count: u64) {
        let asked = Instant::now();
        while self.acknowledged() < count {
            let waited = asked.elapsed();
            assert!(waited < Duration::from_secs(60), "nothing goes on: {self:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Somebody who asks.
#[derive(Clone)]
pub struct Client {
    api: Api,
    token: String,
    tally: Arc<Tally>,
}

impl Client {
    /// Somebody with that token.
    pub fn new(api: &Api, token: &str, tally: &Arc<Tally>) -> Self {
        Self { api: api.clone(), token: token.to_owned(), tally: tally.clone() }
    }

    /// Writes, until it is answered; `None` once the load is over. A success is counted; a status in
    /// `settled` is how a request whose first answer was lost may be told that it is done already.
    pub async fn write(&self, call: impl Fn(&Api) -> Call, settled: &[u16]) -> Option<Answer> {
        let answer = self.ask(call, settled).await?;
        let success = u64::from((200..300).contains(&answer.status));
        self.tally.acknowledged.fetch_add(success, Relaxed);
        Some(answer)
    }

    /// Reads, until it is answered; `None` once the load is over.
    pub async fn read(&self, call: impl Fn(&Api) -> Call) -> Option<Answer> {
        self.ask(call, &[]).await
    }

    /// Asks again until it is answered. Anything unforeseen fails the test: a failure must never be
    /// called by another name than 503.
    async fn ask(&self, call: impl Fn(&Api) -> Call, settled: &[u16]) -> Option<Answer> {
        let mut asked_before = false;
        loop {
            if self.tally.over.load(Relaxed) {
                return None;
            }
            let sent = Instant::now();
            let call = call(&self.api).bearer(&self.token);
            let answer = tokio::time::timeout(PATIENCE, call.attempt()).await;
            let Ok(answer) = answer else { panic!("no answer in {PATIENCE:?}") };
            let took = u64::try_from(sent.elapsed().as_millis()).unwrap_or(u64::MAX);
            match answer {
                Ok(answer) if answer.status == 503 => {
                    self.tally.slowest.fetch_max(took, Relaxed);
                    self.tally.refused.fetch_add(1, Relaxed);
                    must_say_when_to_come_back(&answer);
                }
                Ok(answer) if (200..300).contains(&answer.status) => {
                    self.tally.slowest.fetch_max(took, Relaxed);
                    return Some(answer);
                }
                Ok(answer) if asked_before && settled.contains(&answer.status) => {
                    return Some(answer);
                }
                Ok(answer) => {
                    answer.expect(200);
                }
                Err(_) => {
                    self.tally.unknown.fetch_add(1, Relaxed);
                }
            }
            asked_before = true;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// That a refusal is `unavailable`, as problem+json, and says after how many seconds to come back.
pub fn must_say_when_to_come_back(answer: &Answer) {
    assert_eq!(answer.problem_code(), "unavailable", "{}", answer.body);
    let seconds = answer.header("retry-after").and_then(|s| s.parse::<u64>().ok());
    assert!(seconds.is_some_and(|seconds| seconds > 0), "no Retry-After: {:?}", answer.headers);
}
