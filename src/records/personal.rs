//! The personal columns of facts: pseudonymous, since a fact names a person by id only.

use crate::personal::{Column, columns};

const PROOF: &str = "six ans après la formation (pièces justificatives), puis archives publiques";

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "fact"."payload", "prouver qui a été formé à quoi : résultats, réponses, qualité à cette date", PROOF;
};
