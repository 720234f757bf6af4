//! The personal columns of attempts and of the time spent.

use crate::personal::{Column, PROOF, columns};

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "attempt_answer"."choices", "reprendre une tentative interrompue, corriger le quiz", PROOF;
    "accommodation"."extra_time_percent", "aménager les tentatives d'une personne, sans en garder le motif", PROOF;
    "accommodation"."extra_minutes", "aménager les tentatives d'une personne, sans en garder le motif", PROOF;
    "accommodation"."extra_attempts", "aménager les tentatives d'une personne, sans en garder le motif", PROOF;
    "time_spent"."seconds", "justifier la durée effectivement suivie (certificat de réalisation)", PROOF;
    "presence"."lesson", "mesurer la durée suivie sans la compter deux fois", "un jour";
};
