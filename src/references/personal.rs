//! The personal column of `references`: what a reviewer writes of a change, under their account.

use crate::personal::{Column, PROOF, columns};

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "review_decision"."note", "dire aux auteurs ce qu'une évolution du droit change, prouver qu'elle a été examinée", PROOF;
};
