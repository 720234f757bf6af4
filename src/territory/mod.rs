//! Organisations, their identifiers and their CDG affiliations over time; perimeters.
//!
//! An organisation is a UUID, because its SIREN changes at a merger and its code may arrive later:
//! what the world calls it is a dated identifier. Which CDG looks after it is a dated row with its
//! source, presumed at import and corrected by people since; every question about a perimeter reads
//! those rows at the date of the fact it asks about. Intervals are half-open: `valid_to` is the first
//! day on which the row no longer holds.

pub mod api;
pub mod details;
pub mod find;
pub mod import;
mod loaded;
pub mod local;
pub mod model;
mod new_rows;
pub mod perimeter;
pub mod place;
mod plan;
pub mod referential;
mod rows;
pub mod rules;

#[cfg(test)]
mod tests;

pub use find::{by_id, by_ref, by_ref_ever, ref_of, refs_of, search};
pub use import::{Report, import};
pub use local::{ensure_local, rename_local};
pub use perimeter::{Perimeter, affiliated, cdgs_of, day_of, ever_affiliated, perimeter};
pub use rules::OrgRef;
