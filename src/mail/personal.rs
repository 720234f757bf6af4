//! The personal columns of the mail queue: none holds a name, an address or a body.

use crate::personal::Column;

/// What this room keeps of a person, named by id only.
pub const PERSONAL: &[Column] = &[Column {
    table: "mail_message",
    column: "context",
    purpose: "composer le message au moment de l'envoi (titre et endroit du module, échéance)",
    retention: "durée de vie de l'installation ; sans identité une fois celle-ci effacée",
}];
