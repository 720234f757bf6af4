//! Attestations: signed records of completion facts, and their verification by anyone.
//!
//! An attestation adds nothing to the fact it renders. It is issued in the transaction that completes
//! the module, signed under keys that serve nothing else, and named by 128 random bits that lead to no
//! id. It carries no name: a salted digest binds it to the one frozen in `identity`, and erasing
//! that row breaks neither the signature nor any figure.
//!
//! The same proof in two further forms, made when first asked for: a credential that other systems read
//! ([`badge`]) and a compact one for the QR code ([`proof`]). Whether they still stand is read from facts
//! ([`standing`]) and published as signed lists ([`lists`]); [`offline`] checks all of it with public keys
//! alone.
//!
//! This room stands below `learning`, not above as first drawn: completing a module issues.

pub mod api;
pub mod attached;
pub mod badge;
pub mod code;
pub mod credential;
pub mod entry;
pub mod find;
pub mod issue;
pub mod jws;
pub mod lists;
pub mod model;
pub mod offline;
pub mod personal;
pub mod proof;
pub mod revoke;
pub mod signed;
pub mod standing;
pub mod then;
pub mod verify;

#[cfg(test)]
mod tests;

pub use credential::algorithm;
pub use issue::issue;
pub use then::provider_on;
