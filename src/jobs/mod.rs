//! Long work: what takes longer than a request may, row by row, with what became of each row.
//!
//! A job is asked for in one transaction, with everything that was sent, and answered at once. A worker
//! claims it with a lease and applies its rows some hundreds at a time, each time in one short
//! transaction that also says what became of them and how far the job is: a worker that is killed
//! loses nothing and repeats nothing, and two of them do no harm. What is done for a row is for the room
//! above that knows its kind.

pub mod api;
pub mod find;
pub mod model;
pub mod personal;
pub mod queue;
pub mod tidy;

pub use queue::{NewJob, RowDone};
