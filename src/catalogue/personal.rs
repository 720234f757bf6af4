//! The personal columns of drafts: what reviewers write, under their account.

use crate::personal::{Column, PROOF, columns};

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "draft_review"."comment", "transmettre la relecture aux auteurs, prouver qu'elle a eu lieu", PROOF;
    "review_comment"."text", "transmettre la relecture aux auteurs, prouver qu'elle a eu lieu", PROOF;
};
