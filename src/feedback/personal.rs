//! The personal columns of feedback: what people write, apart from everything else, and what they
//! thought of a training.

use crate::personal::{Column, columns};

/// How long what was written is of use: a complaint must be told of at the next audit.
const WRITTEN: &str = "trois ans après le dernier message du fil, puis effacement du texte ; le fil \
                       reste, sans texte";

/// How long what a person thought is tied to them.
const THOUGHT: &str = "trois ans après la formation, puis sans lien avec la personne";

/// What this room keeps of a person.
pub const PERSONAL: &[Column] = columns! {
    "feedback_text"."text", "assister la personne en formation (D6313-3-1), traiter sa réclamation (Qualiopi 31), recueillir son appréciation (Qualiopi 30)", WRITTEN;
    "feedback_thread"."lesson", "situer ce qui est signalé ou demandé", WRITTEN;
    "feedback_thread"."question", "situer ce qui est signalé ou demandé", WRITTEN;
    "satisfaction"."useful", "recueillir l'appréciation des bénéficiaires (Qualiopi 30)", THOUGHT;
    "satisfaction"."clear", "recueillir l'appréciation des bénéficiaires (Qualiopi 30)", THOUGHT;
    "satisfaction"."applicable", "recueillir l'appréciation des bénéficiaires (Qualiopi 30)", THOUGHT;
};
