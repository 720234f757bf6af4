//! The personal columns of attempts.

use crate::personal::{Column, columns};

const PROOF: &str = "six ans après la formation (pièces justificatives), puis archives publiques";

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "attempt_answer"."choices", "reprendre une tentative interrompue, corriger le quiz", PROOF;
};
