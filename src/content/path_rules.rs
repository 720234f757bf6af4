//! What can only be seen of a learning path beside the modules: that they exist, that they come in
//! an order that can be followed, that they are for those whom the path addresses.

use std::collections::BTreeMap;

use super::code::ModuleCode;
use super::fields::nearest;
use super::finding::{Finding, Sheet};
use super::manifest::{Audience, Prerequisite, PrerequisiteKind};
use super::module::manifest_of;
use super::path::{LearningPath, PathOrder};
use super::paths::{PATHS_PATH, PathReading, read_path_tables};
use super::tree::Tree;

/// What a path has to know of a module, as far as its manifest could be read.
struct Known {
    audiences: Option<Vec<Audience>>,
    required: Vec<Prerequisite>,
}

type Modules = BTreeMap<ModuleCode, Known>;

/// Reads the bytes of `paths.toml` and checks each path against modules, given as (folder name,
/// tree). Answers the paths that could be read, and every finding, sorted.
#[must_use]
pub fn read_paths(bytes: &[u8], trees: &[(String, Tree)]) -> (Vec<LearningPath>, Vec<Finding>) {
    let mut sheet = Sheet::new(PATHS_PATH);
    let readings = read_path_tables(bytes, &mut sheet);
    let modules: Modules = trees.iter().filter_map(|(folder, tree)| known(folder, tree)).collect();
    for reading in &readings {
        refuse_code_of_module(reading, &modules, &mut sheet);
        refuse_unknown_modules(reading, &modules, &mut sheet);
        if reading.order == Some(PathOrder::Ordered) {
            refuse_wrong_order(reading, &modules, &mut sheet);
        }
        refuse_unmet_audiences(reading, &modules, &mut sheet);
    }
    let mut findings = sheet.into_findings();
    findings.sort();
    (readings.into_iter().filter_map(|reading| reading.path).collect(), findings)
}

/// A module whose code cannot be read goes by the name of its folder: what is wrong with it is told
/// elsewhere, and is no reason to call it unknown here.
fn known(folder: &str, tree: &Tree) -> Option<(ModuleCode, Known)> {
    let reading = manifest_of(tree, &mut Sheet::new(""));
    let code = reading.code.map(|(code, _)| code).or_else(|| ModuleCode::parse(folder).ok())?;
    let prerequisites = reading.prerequisites.into_iter().map(|(prerequisite, _)| prerequisite);
    let required = prerequisites.filter(|p| p.kind == PrerequisiteKind::Required).collect();
    Some((code, Known { audiences: reading.manifest.map(|m| m.audiences), required }))
}

/// One code, one thing: people type them into the same box.
fn refuse_code_of_module(path: &PathReading, modules: &Modules, sheet: &mut Sheet) {
    let Some((code, line)) = &path.code else { return };
    if modules.keys().any(|module| module.as_str() == code) {
        sheet.add(
            *line,
            format!("le code « {code} » est déjà celui d’un module"),
            "donnez un autre code au parcours",
        );
    }
}

fn codes(path: &PathReading) -> impl Iterator<Item = &ModuleCode> {
    path.steps.iter().flat_map(|(step, _)| &step.any_of)
}

fn refuse_unknown_modules(path: &PathReading, modules: &Modules, sheet: &mut Sheet) {
    // A module that the path has already is not what was meant.
    let others = modules.keys().filter(|module| codes(path).all(|code| code != *module));
    let others: Vec<&str> = others.map(ModuleCode::as_str).collect();
    for (step, line) in &path.steps {
        for code in step.any_of.iter().filter(|code| !modules.contains_key(code)) {
            let near = if sheet.is_full() { None } else { nearest(code.as_str(), &others) };
            let remedy = near.map_or_else(
                || "corrigez le code, ou retirez-le du parcours".to_owned(),
                |other| format!("vouliez-vous écrire « {other} » ?"),
            );
            sheet.add(*line, format!("le module « {code} » n’existe pas"), remedy);
        }
    }
}

/// Refuses a module that comes before everything of the path that would meet one of its required
/// prerequisites. A prerequisite of which the path has nothing is left to who enrols.
fn refuse_wrong_order(path: &PathReading, modules: &Modules, sheet: &mut Sheet) {
    let mut places: BTreeMap<&ModuleCode, usize> = BTreeMap::new();
    for (place, (step, _)) in path.steps.iter().enumerate() {
        for code in &step.any_of {
            // Of a module written twice, which is noted, the first.
            places.entry(code).or_insert(place);
        }
    }
    for (place, (step, line)) in path.steps.iter().enumerate() {
        for code in &step.any_of {
            for asked in modules.get(code).into_iter().flat_map(|known| &known.required) {
                let inside = asked.any_of.iter().filter_map(|one| Some((*places.get(one)?, one)));
                let Some((first, one)) = inside.min().filter(|(first, _)| *first >= place) else {
                    continue;
                };
                let remedy = if first == place {
                    format!("donnez à « {one} » une étape à lui, avant celle-ci")
                } else {
                    format!("placez « {one} » avant « {code} »")
                };
                let what = format!("« {code} » demande « {one} », qui ne vient pas avant");
                sheet.add(*line, what, remedy);
            }
        }
    }
}

/// Refuses an audience of the path that none of its modules is written for. Nothing is said while a
/// module cannot be read: it might be the one.
fn refuse_unmet_audiences(path: &PathReading, modules: &Modules, sheet: &mut Sheet) {
    let Some((audiences, line)) = &path.audiences else { return };
    let of_module = |code| modules.get(code).and_then(|known| known.audiences.as_deref());
    let addressed: Option<Vec<&[Audience]>> = codes(path).map(of_module).collect();
    let Some(addressed) = addressed.filter(|all| path.complete && !all.is_empty()) else { return };
    for audience in audiences {
        if !addressed.iter().any(|module| module.contains(audience)) {
            sheet.add(
                *line,
                format!("aucun module du parcours ne s’adresse au public « {audience} »"),
                "retirez ce public, ou ajoutez un module écrit pour lui",
            );
        }
    }
}
