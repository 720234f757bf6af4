//! What the lint says of a tree on a day, worked out once and off the threads that serve.
//!
//! A draft may hold 20 MiB, and reading them takes a core for a while. One lint runs at a time, on a
//! thread of its own, and what it said is kept for the requests that follow on the same files: those
//! that write ask for it before they hold anything, and find it again once they do.

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anyhow::Context as _;
use chrono::NaiveDate;
use tokio::sync::Semaphore;

use crate::content::{self, Digest, Inspection, Tree};
use crate::error::Result;

/// Answers kept: those of the drafts that are being written now.
const KEPT: usize = 16;

/// The memory of a pure function: nothing in it can be wrong, only missing.
static LINTED: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);
/// One lint at a time leaves the other cores to everyone else.
static TURN: Semaphore = Semaphore::const_new(1);

type Key = (Digest, NaiveDate);
type Kept = VecDeque<(Key, Arc<Inspection>)>;

/// Inspects a tree on that day.
///
/// # Errors
/// When the lint panics, which is a fault of ours.
pub(super) async fn linted(tree: &Tree, today: NaiveDate) -> Result<Arc<Inspection>> {
    let key = (tree.digest(), today);
    if let Some(known) = known(key) {
        return Ok(known);
    }
    let _turn = TURN.acquire().await.context("the lint")?;
    // Whoever had the turn before may have had the same question.
    if let Some(known) = known(key) {
        return Ok(known);
    }
    let tree = tree.clone();
    let inspect = move || Arc::new(content::inspect(&tree, today));
    let inspection = tokio::task::spawn_blocking(inspect).await.context("the lint")?;
    let mut kept = LINTED.lock().unwrap_or_else(PoisonError::into_inner);
    kept.push_front((key, inspection.clone()));
    kept.truncate(KEPT);
    Ok(inspection)
}

fn known(key: Key) -> Option<Arc<Inspection>> {
    let kept = LINTED.lock().unwrap_or_else(PoisonError::into_inner);
    kept.iter().find(|(known, _)| *known == key).map(|(_, inspection)| inspection.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::kit;

    #[tokio::test]
    async fn the_same_files_are_read_once_a_day_and_others_by_themselves() {
        let tree = kit::tree("T1", "Une fois.");
        let day = kit::now().date_naive();
        let (first, again) = tokio::join!(linted(&tree, day), linted(&tree, day));
        let first = first.expect("read");
        assert!(Arc::ptr_eq(&first, &again.expect("read")), "asked twice at once, read once");
        assert!(first.module.is_some());
        let late = day + chrono::Duration::days(3_650);
        let late = linted(&tree, late).await.expect("read");
        assert!(late.findings.len() > first.findings.len(), "another day, another answer");
        let other = linted(&kit::tree("T2", "Une autre."), day).await.expect("read");
        assert!(!Arc::ptr_eq(&first, &other));
    }
}
