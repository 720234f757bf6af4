//! What stands behind an attestation: the exact content, what was done and when, what it satisfied and
//! by which text, the facts that say so. Years later, before a court of accounts or the person themselves.
//!
//! Nothing is kept here: it is read from the facts, the versions and the registers, which are append-only,
//! as of the moment of the completion. It holds no key and no answer, right or given, and names nobody.

pub mod api;
pub mod bundle;
pub mod gather;
pub mod owed;

pub use gather::{Evidence, gather};
