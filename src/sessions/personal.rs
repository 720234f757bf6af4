//! The personal columns of sessions: who was there, and why somebody has no seat.

use crate::personal::{Column, PROOF, columns};

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "attendance"."minutes", "justifier la durée effectivement suivie, par demi-journée (certificat de réalisation)", PROOF;
    "registration_event"."state", "savoir qui a une place, qui attend, qui a renoncé ou n'est pas venu", PROOF;
    "registration_event"."reason", "dire à la personne pourquoi elle n'a pas de place : un mot d'une liste", PROOF;
};
