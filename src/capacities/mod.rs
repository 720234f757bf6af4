//! What people are, in which organisation, and who says so.
//!
//! A capacity is told by an employer, who knows (confirmed), or by the person (declared): the person
//! then learns at once, is counted apart, and the employer has a claim to decide on. Rows of capacities
//! are never rewritten: a change ends one and opens another that replaces it, a correction ends the
//! wrong one on its first day, so that it never held. The tables of capacities are those of `people`;
//! the verbs stand here, above the accounts that ask and the mail that tells.

pub mod api;
pub mod ask;
pub mod change;
pub mod claim;
pub mod decide;
pub mod find;
pub mod model;
pub mod personal;
pub mod record;
pub mod tidy;
