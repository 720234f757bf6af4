//! The personal columns of facts: pseudonymous, since a fact names a person by id only.

use crate::personal::{Column, PROOF, columns};

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "fact"."payload", "prouver qui a été formé à quoi : résultats, réponses, qualité à cette date", PROOF;
};
