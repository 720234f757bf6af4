//! `paths.toml`, beside `modules/`, from text to values: the rules that need no module.

use std::collections::BTreeSet;

use super::blank::note_blanks;
use super::code::ModuleCode;
use super::fields::{Fields, read_toml};
use super::finding::Sheet;
use super::hygiene::text_of;
use super::manifest::{Audience, Prerequisite};
use super::manifest_file::{read_any_of, read_prerequisites};
use super::path::{LearningPath, PathOrder, PathStep};
use super::shapes::is_organisation_ref;

/// Path of the learning paths, beside `modules/`.
pub const PATHS_PATH: &str = "paths.toml";

/// Fewest and most steps of a path.
pub const STEPS: std::ops::RangeInclusive<usize> = 2..=20;
/// Most prerequisites of a path.
pub const MOST_PREREQUISITES: usize = 8;

/// What could be read of a path. The parts that modules are checked against are apart, because they
/// may be sound when the whole is not.
#[derive(Debug)]
pub(super) struct PathReading {
    pub(super) path: Option<LearningPath>,
    /// Where its table begins.
    pub(super) line: u32,
    /// With the line of each part.
    pub(super) code: Option<(String, u32)>,
    pub(super) audiences: Option<(Vec<Audience>, u32)>,
    pub(super) order: Option<PathOrder>,
    /// Who provides it, where the file says so.
    pub(super) provider: Option<String>,
    pub(super) prerequisites: Vec<(Prerequisite, u32)>,
    pub(super) steps: Vec<(PathStep, u32)>,
    /// Whether every step could be read.
    pub(super) complete: bool,
}

/// Reads every path of the file, noting every problem.
pub(super) fn read_path_tables(bytes: &[u8], sheet: &mut Sheet) -> Vec<PathReading> {
    note_blanks(bytes, sheet);
    let Some(text) = text_of(bytes, sheet) else {
        return Vec::new();
    };
    let read = read_toml(&text, 0, sheet, |fields| {
        let mut taken = BTreeSet::new();
        let tables = fields.tables("path");
        if tables.is_empty() {
            let remedy = "ajoutez une table [[path]], ou supprimez le fichier";
            fields.complain("le fichier n’a aucun parcours", remedy);
        }
        Some(tables.into_iter().map(|mut table| read_path(&mut table, &mut taken)).collect())
    });
    read.unwrap_or_default()
}

fn read_path(table: &mut Fields<'_>, taken: &mut BTreeSet<String>) -> PathReading {
    let shape =
        "1 à 24 caractères : une majuscule, puis des majuscules, des chiffres ou des tirets";
    let code = table.required("code").and_then(|value| {
        let code = value.shaped(24, |text| ModuleCode::parse(text).is_ok(), shape)?;
        Some((code, value.line()))
    });
    if let Some((code, _)) = code.as_ref().filter(|(code, _)| !taken.insert(code.clone())) {
        table.complain(
            format!("le parcours « {code} » est écrit deux fois"),
            "donnez à chaque parcours un « code » différent",
        );
    }
    let title = table.required("title").and_then(|value| value.line_of_text(150));
    let summary = table.required("summary").and_then(|value| value.prose(600));
    let audiences = table.required("audiences").and_then(|list| {
        let read = list.distinct(1..=3, |item| item.word(Audience::WORDS))?;
        Some((read, list.line()))
    });
    let outcomes =
        table.required("outcomes").and_then(|list| list.distinct(1..=8, |item| item.prose(300)));
    let order = table.required("order").and_then(|value| value.word(PathOrder::WORDS));
    let reference = "une référence comme « local:maitrise »";
    let provider =
        table.optional("provider").and_then(|v| v.shaped(120, is_organisation_ref, reference));
    let prerequisites = read_asked(table);
    let (steps, complete) = read_steps(table);
    table.refuse_unknown();
    let mut reading = PathReading {
        path: None,
        line: table.line(),
        code,
        audiences,
        order,
        provider,
        prerequisites,
        steps,
        complete,
    };
    reading.path = whole(&reading, title, summary, outcomes);
    reading
}

fn whole(
    reading: &PathReading,
    title: Option<String>,
    summary: Option<String>,
    outcomes: Option<Vec<String>>,
) -> Option<LearningPath> {
    Some(LearningPath {
        code: reading.code.clone()?.0,
        // What the file leaves out is said by the modules: `read_paths` asks them.
        provider: reading.provider.clone().unwrap_or_default(),
        title: title?,
        summary: summary?,
        audiences: reading.audiences.clone()?.0,
        outcomes: outcomes?,
        order: reading.order?,
        prerequisites: reading.prerequisites.iter().map(|(asked, _)| asked.clone()).collect(),
        steps: reading.steps.iter().map(|(step, _)| step.clone()).collect(),
    })
}

/// What comes before the path, each with the line of its modules.
fn read_asked(path: &mut Fields<'_>) -> Vec<(Prerequisite, u32)> {
    let asked = read_prerequisites("path.prerequisite", path, None);
    if asked.len() > MOST_PREREQUISITES {
        path.complain(
            format!("le parcours compte {} préalables", asked.len()),
            format!("gardez-en {MOST_PREREQUISITES} au plus"),
        );
    }
    asked
}

/// The steps that could be read, each with the line of its modules, and whether all could.
fn read_steps(path: &mut Fields<'_>) -> (Vec<(PathStep, u32)>, bool) {
    let tables = path.tables("module");
    let count = tables.len();
    if !STEPS.contains(&count) {
        path.complain(
            format!("le parcours compte {count} étape(s)"),
            format!("donnez-en de {} à {}, en [[path.module]]", STEPS.start(), STEPS.end()),
        );
    }
    let mut taken = BTreeSet::new();
    let steps: Vec<_> =
        tables.into_iter().filter_map(|mut table| read_step(&mut table, &mut taken)).collect();
    let complete = steps.len() == count;
    (steps, complete)
}

fn read_step(table: &mut Fields<'_>, taken: &mut BTreeSet<ModuleCode>) -> Option<(PathStep, u32)> {
    let modules = read_any_of("path.module", table);
    let optional = table.optional("optional").map_or(Some(false), |value| value.flag());
    table.refuse_unknown();
    let (any_of, line) = modules?;
    for twice in any_of.iter().filter(|&code| !taken.insert(code.clone())) {
        table.complain(
            format!("le module « {twice} » est deux fois dans le parcours"),
            "retirez-le d’une des deux étapes",
        );
    }
    Some((PathStep { any_of, optional: optional? }, line))
}
