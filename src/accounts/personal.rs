//! The personal columns of accounts.

use crate::personal::{Column, columns};

const WHILE_OPEN: &str = "durée du compte, puis un an";

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "account"."sign_in_name", "reconnaître la personne à la connexion", WHILE_OPEN;
    "account"."password_hash", "vérifier le mot de passe (argon2id, jamais le mot de passe)", "jusqu'au changement de mot de passe ou à la clôture du compte";
};
