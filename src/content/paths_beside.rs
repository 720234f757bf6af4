//! `paths.toml` read beside the modules that it names.

use std::collections::BTreeSet;

use super::code::ModuleCode;
use super::finding::{Finding, Sheet};
use super::manifest::PrerequisiteKind;
use super::module::manifest_of;
use super::path::LearningPath;
use super::path_rules::{KnownModule, KnownModules, PathPart, PathSketch, path_faults};
use super::paths::{PATHS_PATH, PathReading, read_path_tables};
use super::tree::Tree;

/// Reads the bytes of `paths.toml` and checks each path against modules, given as (folder name,
/// tree). Answers the paths that could be read, and every finding, sorted.
#[must_use]
pub fn read_paths(bytes: &[u8], trees: &[(String, Tree)]) -> (Vec<LearningPath>, Vec<Finding>) {
    let mut sheet = Sheet::new(PATHS_PATH);
    let readings = read_path_tables(bytes, &mut sheet);
    let modules: KnownModules =
        trees.iter().filter_map(|(folder, tree)| known(folder, tree)).collect();
    let mut paths = Vec::new();
    for mut reading in readings {
        for fault in path_faults(&sketch(&reading), &modules) {
            sheet.add(line(&reading, fault.part), fault.what, fault.remedy);
        }
        if reading.provider.is_none() {
            reading.provider = provider_of(&reading, &modules, &mut sheet);
        }
        let provider = reading.provider.unwrap_or_default();
        paths.extend(reading.path.map(|path| LearningPath { provider, ..path }));
    }
    let mut findings = sheet.into_findings();
    findings.sort();
    (paths, findings)
}

/// A module whose code cannot be read goes by the name of its folder: what is wrong with it is told
/// elsewhere, and is no reason to call it unknown here.
fn known(folder: &str, tree: &Tree) -> Option<(ModuleCode, KnownModule)> {
    let reading = manifest_of(tree, &mut Sheet::new(""));
    let code = reading.code.map(|(code, _)| code).or_else(|| ModuleCode::parse(folder).ok())?;
    let prerequisites = reading.prerequisites.into_iter().map(|(prerequisite, _)| prerequisite);
    let required = prerequisites.filter(|p| p.kind == PrerequisiteKind::Required).collect();
    let (audiences, provider) = reading.manifest.map(|m| (m.audiences, m.provider)).unzip();
    Some((code, KnownModule { audiences, provider, required }))
}

fn sketch(reading: &PathReading) -> PathSketch<'_> {
    PathSketch {
        code: reading.code.as_ref().map(|(code, _)| code.as_str()),
        audiences: reading.audiences.as_ref().map(|(audiences, _)| audiences.as_slice()),
        order: reading.order,
        prerequisites: reading.prerequisites.iter().map(|(asked, _)| asked).collect(),
        steps: reading.steps.iter().map(|(step, _)| step).collect(),
        complete: reading.complete,
    }
}

/// Where a part of a path is written.
fn line(reading: &PathReading, part: PathPart) -> Option<u32> {
    match part {
        PathPart::Whole => Some(reading.line),
        PathPart::Code => reading.code.as_ref().map(|(_, line)| *line),
        PathPart::Audiences => reading.audiences.as_ref().map(|(_, line)| *line),
        PathPart::Prerequisite(rank) => reading.prerequisites.get(rank).map(|(_, line)| *line),
        PathPart::Step(rank) => reading.steps.get(rank).map(|(_, line)| *line),
    }
}

/// Who provides a path that does not say so: who provides its modules, when they are one.
fn provider_of(reading: &PathReading, modules: &KnownModules, sheet: &mut Sheet) -> Option<String> {
    let codes = reading.steps.iter().flat_map(|(step, _)| &step.any_of);
    let providers = codes.filter_map(|code| modules.get(code)?.provider.as_deref());
    let providers: BTreeSet<&str> = providers.collect();
    if providers.len() > 1 {
        let names: Vec<&str> = providers.iter().copied().collect();
        sheet.add(
            reading.line,
            format!("les modules du parcours ont plusieurs fournisseurs : {}", names.join(", ")),
            "ajoutez « provider » : la référence de l’organisation qui répond du parcours",
        );
    }
    providers.first().map(|only| (*only).to_owned())
}
