//! The personal columns of claims.

use crate::personal::{Column, columns};

const ACTIVE: &str =
    "trois ans après la dernière activité, puis archive restreinte jusqu'à six ans";

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "capacity_claim"."function", "faire confirmer par l'employeur la qualité déclarée", "trente jours si l'adresse n'est jamais confirmée, sinon trois ans après la dernière activité";
    "claim_decision"."reason", "dire à la personne pourquoi une qualité n'est pas confirmée", ACTIVE;
    "claim_note"."text", "dire à la personne, dans les mots de l'employeur, pourquoi une qualité n'est pas confirmée", ACTIVE;
};
