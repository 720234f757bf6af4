//! The personal columns of attestations: pseudonymous, no name is signed.

use crate::personal::{Column, PROOF, columns};

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "attestation"."signed", "permettre à chacun de vérifier l'attestation que la personne présente", PROOF;
};
