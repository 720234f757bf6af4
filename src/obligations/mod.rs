//! What a person owes: one row per person, origin and cycle, never reset.
//!
//! Whether it is satisfied is not a column: it is read from the facts of learning at a date
//! ([`rules::status`]), so that no job has to keep it true and no correction can forget it.

mod again;
pub mod api;
pub mod known;
mod list;
pub mod model;
mod open;
mod overtaken;
mod renewed;
pub mod rules;
pub mod satisfied;
#[cfg(test)]
pub(crate) mod tests;

pub use again::asks_again;
pub use list::{Owed, Standing, Subject, of_person, standings, statuses, subjects};
pub use open::{
    Renewal, open_for_enrolment, open_for_legal_change, open_for_new_enrolments, version_asked,
};
pub use overtaken::{Completion, open_if_overtaken};
pub use renewed::{is_moot, is_renewed};
pub use rules::Status;
