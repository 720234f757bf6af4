//! The personal columns of attempts.

use crate::personal::{Column, PROOF, columns};

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "attempt_answer"."choices", "reprendre une tentative interrompue, corriger le quiz", PROOF;
};
