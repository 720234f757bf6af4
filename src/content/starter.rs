//! A module to begin with: one of everything, sound but for its blanks.

use chrono::{Months, NaiveDate};

use super::code::ModuleCode;
use super::module::MANIFEST_PATH;
use super::tree::{BadPath, Tree};

/// Months before the sources must be read again, unless the author decides otherwise: what
/// `content/README.md` advises.
const MONTHS_TO_REVIEW: u32 = 3;

/// The blank of a contact.
const NO_CONTACT: &str = "[À COMPLÉTER : adresse électronique de qui répond]";

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

/// The same for an organisation that is known and a module that has a title already; who answers for
/// it is one more blank.
///
/// # Errors
/// None in practice: the paths are those above.
pub fn starter_of(
    code: &ModuleCode,
    provider: &str,
    title: &str,
    today: NaiveDate,
) -> Result<Tree, BadPath> {
    let starter = starter(code, today)?;
    let manifest = String::from_utf8_lossy(starter.get(MANIFEST_PATH).unwrap_or_default());
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let lines = manifest.lines().map(|line| match line.split_once(" = ") {
        Some(("title", _)) => format!("title = {}\n", quoted(title)),
        Some(("provider", _)) => format!("provider = {}\n", quoted(provider)),
        Some(("contact", _)) => format!("contact = {}\n", quoted(NO_CONTACT)),
        _ => format!("{line}\n"),
    });
    let manifest = lines.collect::<String>().into_bytes();
    let mut tree = Tree::new();
    tree.insert(MANIFEST_PATH, manifest)?;
    for (path, bytes) in starter.iter().filter(|(path, _)| *path != MANIFEST_PATH) {
        tree.insert(path, bytes.to_vec())?;
    }
    Ok(tree)
}
