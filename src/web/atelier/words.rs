//! What the values of the workbench are called on its pages.

use crate::catalogue::model::{ChangeKind, DraftState, ReviewKind, Verdict};
use crate::feedback::model::{ThreadKind, ThreadState};
use crate::publication::preview::Persons;
use crate::references::model::{Cause, Consequence};

/// Where a draft stands, and who acts next.
pub const fn state(state: DraftState) -> (&'static str, &'static str) {
    match state {
        DraftState::Writing => (
            "en cours d’écriture",
            "Qui forme écrit et corrige, puis soumet le brouillon à la relecture.",
        ),
        DraftState::Submitted => (
            "soumis, figé",
            "Qui relit, et n’a rien écrit dans ce brouillon, l’accepte ou demande des changements.",
        ),
        DraftState::Reviewed => (
            "relu, figé",
            "Qui publie, et n’a rien écrit dans ce brouillon, regarde l’aperçu et publie.",
        ),
    }
}

/// What a review is about.
pub const fn review_kind(kind: ReviewKind) -> &'static str {
    match kind {
        ReviewKind::Pedagogical => "relecture pédagogique",
        ReviewKind::Legal => "relecture juridique",
        ReviewKind::Both => "relecture pédagogique et juridique",
    }
}

/// What a reviewer concludes.
pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "accepté tel quel",
        Verdict::ChangesRequested => "changements demandés",
    }
}

/// What a version changes, with what it does to people.
pub const CHANGES: [(ChangeKind, &str, &str); 3] = [
    (
        ChangeKind::Editorial,
        "editorial",
        "La forme : fautes, tournures, présentation. Personne n’a rien à refaire.",
    ),
    (
        ChangeKind::Substantive,
        "substantive",
        "Le contenu : ce qui est enseigné change. Qui a commencé garde sa version.",
    ),
    (
        ChangeKind::Legal,
        "legal",
        "Le droit : le texte a changé. Qui avait achevé le module devra suivre cette version.",
    ),
];

/// A number of persons, as far as it may be told.
pub fn persons(persons: Persons, min_persons: u64) -> String {
    match persons {
        Persons::TooFew => format!("moins de\u{a0}{min_persons}"),
        Persons::Count(count) => count.to_string(),
    }
}

/// Why a module is to be reviewed.
pub const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Amended => "un texte cité a été modifié",
        Cause::Repealed => "un texte cité est abrogé ou remplacé",
        Cause::Ended => "un texte cité n’est plus en vigueur",
        Cause::CheckDue => "un texte cité est à relire",
        Cause::ReviewDue => "le module est à relire",
    }
}

/// What a reviewer may decide of what is to be reviewed.
pub const CONSEQUENCES: [(Consequence, &str, &str); 4] = [
    (Consequence::None, "none", "Rien à changer : le module reste juste"),
    (Consequence::Editorial, "editorial", "La forme est à corriger"),
    (Consequence::Substantive, "substantive", "Le contenu est à changer"),
    (
        Consequence::Legal,
        "legal",
        "Le droit a changé : qui l’avait achevé devra le suivre à nouveau",
    ),
];

/// What a reviewer decided.
pub fn consequence(decided: Consequence) -> &'static str {
    CONSEQUENCES.iter().find(|(known, ..)| *known == decided).map_or("", |(.., word)| word)
}

/// What a thread is.
pub const fn thread_kind(kind: ThreadKind) -> &'static str {
    match kind {
        ThreadKind::Error => "Erreur signalée",
        ThreadKind::Question => "Question",
        ThreadKind::Complaint => "Réclamation",
    }
}

/// Where a thread may stand, with its word in forms.
pub const THREAD_STATES: [(ThreadState, &str, &str); 7] = [
    (ThreadState::Open, "open", "en attente"),
    (ThreadState::Received, "received", "reçue"),
    (ThreadState::InProgress, "in_progress", "prise en charge"),
    (ThreadState::Answered, "answered", "répondu"),
    (ThreadState::Resolved, "resolved", "résolu"),
    (ThreadState::Rejected, "rejected", "sans suite"),
    (ThreadState::Closed, "closed", "close"),
];

/// Where a thread stands.
pub fn thread_state(state: ThreadState) -> &'static str {
    THREAD_STATES.iter().find(|(known, ..)| *known == state).map_or("", |(.., word)| word)
}

/// The field of a form that a fault is about; nothing where the sentence says it.
pub fn field(at: &str) -> &'static str {
    match at.trim_start_matches('/') {
        "title" => "Titre",
        "path" => "Chemin",
        "note" => "Note",
        "comment" => "Avis",
        "reason" => "Motif",
        "text" => "Réponse",
        "at" => "Date de publication",
        "due_in_months" => "Délai",
        at if at.starts_with("comments/") && at.ends_with("/line") => "Commentaire, ligne",
        at if at.starts_with("comments/") => "Commentaire",
        _ => "",
    }
}

/// A field of the sheet of a module: its name, and what is asked.
pub fn sheet_field(key: &str) -> (&'static str, &'static str) {
    match key {
        "title" => ("Titre", "150 caractères au plus, sur une ligne."),
        "summary" => ("Résumé", "Ce que l’on lit dans le catalogue : 600 caractères au plus."),
        "objectives" => ("Objectifs", "Un par ligne : ce que la personne saura faire à la fin."),
        "level" => ("Niveau", "Une sensibilisation fait connaître ; une formation fait apprendre."),
        "audiences" => ("Publics", "Un au moins."),
        "themes" => ("Thèmes", "Un par ligne, en minuscules et sans accent : ia, rgpd, nis-2."),
        "duration_minutes" => {
            ("Durée annoncée", "En minutes ; elle est comparée à la longueur des textes.")
        }
        "language" => ("Langue", "Deux minuscules : fr."),
        "licence" => ("Licence", "Un code comme etalab-2.0."),
        "contact" => ("Contact", "L’adresse électronique de qui répond du module."),
        _ => ("", ""),
    }
}

/// A size: « 812 octets », « 12 Kio », « 3 Mio ».
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} octets"),
        1_024..1_048_576 => format!("{} Kio", bytes.div_ceil(1_024)),
        _ => format!("{} Mio", bytes.div_ceil(1_048_576)),
    }
}

/// What a file of a module is, in the order of a page.
pub const KINDS: [&str; 7] = [
    "Fiche du module",
    "Leçons",
    "Questions",
    "Glossaire",
    "Figures",
    "Médias et leurs textes",
    "Autres fichiers",
];

/// The place in [`KINDS`] of what a path holds.
pub fn kind(path: &str) -> usize {
    match path.split_once('/').map_or(path, |(folder, _)| folder) {
        "module.toml" => 0,
        "lessons" => 1,
        "quiz" => 2,
        "glossary.toml" => 3,
        "figures" => 4,
        "media" => 5,
        _ => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_french() {
        assert_eq!([size(3), size(1_025), size(64 << 20)], ["3 octets", "2 Kio", "64 Mio"]);
        assert_eq!(
            [persons(Persons::TooFew, 5), persons(Persons::Count(12), 5)],
            ["moins de\u{a0}5", "12"]
        );
        assert_eq!(
            [field("/note"), field("/comments/3/line"), field("module.toml:3")],
            ["Note", "Commentaire, ligne", ""]
        );
        let kinds =
            ["module.toml", "lessons/01-a.md", "quiz/01-quiz.toml", "glossary.toml", "x.md"];
        assert_eq!(kinds.map(kind), [0, 1, 2, 3, 6]);
    }
}
