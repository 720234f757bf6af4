//! From a draft to a published version: review by someone else, a checklist, a preview of whom it
//! reaches, and the act that quotes that preview.
//!
//! It stands above the catalogue because publishing counts learners; it never changes what anyone
//! has achieved.

pub mod api;
pub mod checklist;
pub mod preview;
pub mod publish;
pub mod review;

#[cfg(test)]
mod tests;
