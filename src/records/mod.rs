//! The append-only facts of learning, and what they mean: `status(facts, at)`.
//!
//! This room is the spine. Progress, prerequisites, evidence and statistics read facts; nothing else
//! says that somebody completed anything. A fact is never edited: a correction is a new fact that
//! supersedes the old one, and both stay.

pub mod append;
pub mod graded;
pub mod model;
pub mod path_status;
pub mod personal;
pub mod read;
pub mod status;
pub mod told;

pub use append::{NewFact, append, append_new};
pub use status::{State, Status, recorded, status};
pub use told::Told;
