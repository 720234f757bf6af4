//! From a draft to a published version: reviews by others, a checklist, a preview of whom it reaches,
//! and the act that quotes that preview, at once or at a date.
//!
//! It stands above the catalogue because publishing counts learners, and makes those who completed a
//! module owe its new version when the law has changed; it never changes what anyone has achieved.

pub mod api;
pub mod checklist;
mod differences;
mod due;
mod failed;
pub mod model;
mod persons;
mod prerequisites;
pub mod preview;
pub mod publish;
pub mod regimes;
pub mod retire;
pub mod review;
pub mod reviewers;
pub mod reviews;
pub mod rules;
pub mod schedule;

#[cfg(test)]
mod tests;

pub use differences::{Differences, between};
pub use due::publish_due;
