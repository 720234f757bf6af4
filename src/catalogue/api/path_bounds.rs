//! The bounds of what a publisher sends of a path: those of `paths.toml`.

use std::collections::BTreeSet;

use crate::content::{LearningPath, ModuleCode};
use crate::error::Faults;

/// Most modules of one step or prerequisite.
const MOST_CHOICES: usize = 8;

/// What a path says in words, within the bounds of `paths.toml`.
pub(super) fn check_words(path: &LearningPath, faults: &mut Faults) {
    faults.check_text(&path.title, "/title", 150);
    let one_line = !path.title.contains('\n');
    faults.check(one_line, "/title", "tient sur une seule ligne", "stands on a single line");
    faults.check_text(&path.summary, "/summary", 600);
    let distinct: BTreeSet<_> = path.audiences.iter().collect();
    let whole = distinct.len() == path.audiences.len() && !distinct.is_empty();
    faults.check(whole, "/audiences", "1 à 3 publics, chacun une fois", "1 to 3, each once");
    let count = (1..=8).contains(&path.outcomes.len());
    faults.check(count, "/outcomes", "de 1 à 8 phrases", "1 to 8 sentences");
    for (rank, outcome) in path.outcomes.iter().take(8).enumerate() {
        faults.check_text(outcome, &format!("/outcomes/{rank}"), 300);
    }
}

/// The codes of one list, those that are codes.
pub(super) fn read_codes(given: &[String], at: &str, faults: &mut Faults) -> Vec<ModuleCode> {
    let count = (1..=MOST_CHOICES).contains(&given.len());
    let (fr, en) = (format!("de 1 à {MOST_CHOICES} modules"), format!("1 to {MOST_CHOICES}"));
    faults.check(count, at, fr, en);
    let mut codes = Vec::new();
    for (rank, text) in given.iter().take(MOST_CHOICES).enumerate() {
        match ModuleCode::parse(text) {
            Ok(code) => codes.push(code),
            Err(_) => faults.check(
                false,
                &format!("{at}/{rank}"),
                "ce n'est pas un code de module",
                "not the code of a module",
            ),
        }
    }
    codes
}
