//! Dated sessions: on site, by video or both, with seats, a waiting list and attendance.
//!
//! What happens to seats happens under the lock of the session's row, which gives each who asks a
//! number: seats go to the first, and then in the order of the list, whatever the processes. Where a
//! session or a registration stands is what its last event says; rows are appended. Attendance is told
//! as facts, by half-day and in minutes, and completes nothing by itself. Moving a session is another
//! round of half-days: what was planned first stays.

pub mod api;
pub mod attendance;
pub mod attended;
pub mod book;
pub mod feed;
pub mod find;
pub mod model;
pub mod personal;
pub mod plan;
pub mod register;
pub mod rules;
pub mod seats;
pub mod switch;
mod tell;

pub use tell::{hours, still_due};
