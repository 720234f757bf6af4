//! Personal data of `requirements`.

use crate::personal::{Column, PROOF, columns};

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "obligation_event"."reason", "dire pourquoi une personne est dispensée d'une formation, ou pourquoi une autre obligation a pris la place de la sienne : un mot d'une liste, sans rien de médical", PROOF;
    "obligation_event"."document_digest", "prouver, par son empreinte, la décision qui dispense une personne", PROOF;
};
