//! The personal columns of accounts.

use crate::personal::Column;

const WHILE_OPEN: &str = "durée du compte, puis un an";

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = &[
    Column {
        table: "account",
        column: "sign_in_name",
        purpose: "reconnaître la personne à la connexion",
        retention: WHILE_OPEN,
    },
    Column {
        table: "account",
        column: "password_hash",
        purpose: "vérifier le mot de passe (argon2id, jamais le mot de passe)",
        retention: "jusqu'au changement de mot de passe ou à la clôture du compte",
    },
];
