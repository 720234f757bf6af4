//! A module to begin with: one of everything, sound but for its blanks.

use chrono::{Months, NaiveDate};

use super::code::ModuleCode;
use super::tree::{BadPath, Tree};

/// Months before the sources must be read again, unless the author decides otherwise: what
/// `content/README.md` advises.
const MONTHS_TO_REVIEW: u32 = 3;

const FILES: &[(&str, &str)] = &[
    ("module.toml", include_str!("starter/module.toml")),
    ("lessons/01-premiere-lecon.md", include_str!("starter/01-premiere-lecon.md")),
    ("lessons/02-en-pratique.md", include_str!("starter/02-en-pratique.md")),
    ("quiz/01-quiz.toml", include_str!("starter/01-quiz.toml")),
];

/// The files of a new module, its dates counted from `today`. Its only findings are its blanks, each
/// written `[À COMPLÉTER : what goes there]`.
///
/// # Errors
/// None in practice: the paths are those above.
pub fn starter(code: &ModuleCode, today: NaiveDate) -> Result<Tree, BadPath> {
    let review_by = today.checked_add_months(Months::new(MONTHS_TO_REVIEW)).unwrap_or(today);
    let mut tree = Tree::new();
    for (path, text) in FILES {
        let text = text
            .replace("{code}", code.as_str())
            .replace("{today}", &today.to_string())
            .replace("{review_by}", &review_by.to_string());
        tree.insert(path, text.into_bytes())?;
    }
    Ok(tree)
}
