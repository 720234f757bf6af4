//! What is required of whom, and what they owe because of it.
//!
//! A requirement says which module or path, for whom, due when, renewed how often, on what legal
//! basis. It is written in versions; one that is enabled is in force until the next one is, or until
//! it is disabled. Opening obligations is a walk over people, a few hundred at a time, that anything
//! may start again: a requirement that is enabled, a capacity that changes, a day that begins where
//! somebody is. What is decided about one person is pure ([`decide`]); what is written is found again
//! by its natural key, so that a walk may be killed, and two may walk at once.

pub mod api;
pub mod audience;
pub mod decide;
pub mod due;
pub mod enter;
pub mod exempt;
pub mod explain;
pub mod force;
mod load;
pub mod model;
pub mod personal;
pub mod preview;
mod resolve;
mod rows;
pub mod rules;
mod sentence;
pub mod shipped;
mod sweep;
pub mod switch;
#[cfg(test)]
pub(crate) mod tests;
pub mod write;

pub use enter::{Entered, enter, enter_everyone, enter_person};
pub use sweep::hold;
