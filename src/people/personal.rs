//! The personal columns of people.

use crate::personal::{Column, columns};

const ACTIVE: &str =
    "trois ans après la dernière activité, puis archive restreinte jusqu'à six ans";

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "identity"."given_name", "s'adresser à la personne, établir ses attestations", ACTIVE;
    "identity"."family_name", "s'adresser à la personne, établir ses attestations", ACTIVE;
    "identity"."salt", "lier un document à un nom sans que le fait le porte", ACTIVE;
    "contact_address"."address", "inviter, rappeler une échéance, rétablir un accès", "jusqu'au remplacement de l'adresse ou à la clôture du compte";
    "capacity"."mandate", "déterminer les formations dues et le public", ACTIVE;
    "capacity"."function", "déterminer les formations dues et le public", ACTIVE;
    "capacity"."category", "déterminer les formations dues et le public", ACTIVE;
    "capacity"."delegation", "déterminer les formations dues et le public", ACTIVE;
    "capacity"."delegation_on", "déterminer les formations dues et le public", ACTIVE;
    "capacity"."employment", "déterminer les formations dues et le public", ACTIVE;
    "capacity"."filiere", "déterminer les formations dues et le public", ACTIVE;
    "capacity"."cadre_emplois", "déterminer les formations dues et le public", ACTIVE;
    "capacity"."functional_post", "déterminer les formations dues et le public", ACTIVE;
    "capacity"."end_reason", "dire pourquoi une qualité a pris fin", ACTIVE;
};
