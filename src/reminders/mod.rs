//! Reminders: rules as data, a planner that decides, and a ledger that makes mail go out once.
//!
//! The planner looks for what is due and not done (`due_at <= now`, no ledger row), never for what is
//! due in exactly so many days: an outage delays a reminder or records it as missed, it never loses
//! it. The unique key of the ledger (obligation, rule, occurrence, channel) decides between two
//! planners, so that running two, or one twice, is harmless.

pub mod api;
mod candidates;
mod due;
mod edit;
mod ledger;
pub mod model;
mod plan;
pub mod rules;
#[cfg(test)]
mod tests;

pub use due::still_due;
pub use edit::{list_rules, locked, seed, set_enabled};
pub use ledger::{Line, counts};
pub use plan::{Planned, pass_over, plan};
