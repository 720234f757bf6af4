//! Who provides modules: organisations that were given the part, and what is known of them.
//!
//! An organisation becomes a provider by being given the part; it then says who it is (profile,
//! contacts, logo), while the nation records what others may rely on: the regimes that it declares,
//! which make the publication checklist stricter, and its agréments for the training of élus, which
//! are never rewritten. The catalogue reads all of it at once, with what is published.

pub mod agrement;
pub mod api;
mod find;
pub mod model;
pub mod part;
pub mod personal;
pub mod rules;
pub mod save;

pub use find::{Known, Told, agrement_on, all, by_id, contacts, profile, regimes_on, told};
pub use part::{by_ref, can_be_ensured, ensure};
pub use save::is_logo;
