//! Attestations: signed records of completion facts, and their verification by anyone.
//!
//! An attestation adds nothing to the fact it renders. It is issued in the transaction that completes
//! the module, signed under keys that serve nothing else, and named by 128 random bits that lead to no
//! id. It carries no name: a salted digest binds it to the one frozen in `identity`, and erasing
//! that row breaks neither the signature nor any figure.
//!
//! This room stands below `learning`, not above as first drawn: completing a module issues.

pub mod api;
pub mod code;
pub mod find;
pub mod issue;
pub mod model;
pub mod personal;
pub mod signed;
pub mod then;
pub mod verify;

pub use issue::issue;
pub use then::provider_on;
