//! The personal columns of drafts: what reviewers write, under their account.

use crate::personal::{Column, columns};

const PROOF: &str = "six ans après la formation (pièces justificatives), puis archives publiques";

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "draft_review"."comment", "transmettre la relecture aux auteurs, prouver qu'elle a eu lieu", PROOF;
};
