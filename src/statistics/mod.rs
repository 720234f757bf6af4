//! As-of completion statistics, and the secrecy without which none may leave.
//!
//! One statement counts unique persons per module, per audience, per both and in all; [`rules`] then
//! hides what would say something about somebody; a question only ever reads lines of that one
//! protected table. So every filter of a same perimeter and date is answered from the same cells:
//! asking by module, then for one module, then for one audience reveals nothing that the whole table
//! does not.
//!
//! Known limits. Two questions about *two dates*, or about a CDG and the nation, may be subtracted
//! from one another. What protects today: nothing is shown under `statistics.min_persons` (at least
//! 5) persons, so that a difference is always between two groups of that size; outcomes of small
//! groups (under 11) are shown only with two persons on each side; readers are signed in, hold a
//! grant on the perimeter and are few. Open data would need more (a published calendar of dates,
//! k = 11), and is not offered.

pub mod api;
pub mod completions;
pub mod cube;
pub mod rules;

#[cfg(test)]
mod tests;

pub use completions::{completions, end_of_day};
pub use cube::{By, Cube, Line};
