//! The personal columns of providers: a contact is a function, which may be one person's.

use crate::personal::{Column, columns};

const WHILE_NAMED: &str = "tant que l'organisme désigne ce contact, puis effacé à son remplacement";

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "provider_contact"."label", "dire à qui s'adresser chez l'organisme de formation", WHILE_NAMED;
    "provider_contact"."email", "écrire au référent (handicap, pédagogie, distance)", WHILE_NAMED;
    "provider_contact"."phone", "appeler le référent (handicap, pédagogie, distance)", WHILE_NAMED;
};
