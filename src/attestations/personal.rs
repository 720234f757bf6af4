//! The personal columns of attestations: no name is signed in clear. What holds the salt of a name's digest
//! is erased with the name.

use crate::personal::{Column, PROOF, columns};

const NAMED: &str = "trois ans après la dernière activité, puis archive restreinte jusqu'à six ans";

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "attestation"."signed", "permettre à chacun de vérifier l'attestation que la personne présente", PROOF;
    "credential"."jwt", "remettre à la personne son attestation sous une forme que d'autres systèmes vérifient", NAMED;
    "credential"."proof", "permettre de comparer hors ligne le nom porté sur un document", NAMED;
    "revocation_note"."text", "dire à la personne pourquoi son attestation a été révoquée", PROOF;
};
