//! The personal columns of jobs.

use crate::personal::{Column, columns};

/// What this room keeps of a person: what an employer sent about its people, for as long as somebody
/// may have to look into it.
pub const PERSONAL: &[Column] = columns! {
    "job_part"."rows", "retrouver les personnes qu'un employeur inscrit en nombre", "trente jours après la fin du traitement";
};
