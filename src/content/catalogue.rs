//! What can only be seen across modules: names that clash, prerequisites that lead nowhere or
//! round in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::code::ModuleCode;
use super::finding::{Finding, Sheet};
use super::manifest::{Prerequisite, PrerequisiteKind};
use super::module::{MANIFEST_PATH, manifest_of};
use super::tree::Tree;

/// One module of the catalogue, as far as its manifest could be read.
struct Entry {
    path: String,
    code_line: u32,
    prerequisites: Vec<(Prerequisite, u32)>,
}

/// Checks modules against each other, each given as (folder name, tree).
///
/// It answers only what concerns several modules, sorted, with the folder at the head of each
/// path; [`read`](super::read) says the rest. A module whose code cannot be read is left out. An
/// *advised* prerequisite may name a module that does not exist yet; a *required* one may not.
#[must_use]
pub fn check_catalogue(trees: &[(String, Tree)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut entries: BTreeMap<ModuleCode, Entry> = BTreeMap::new();
    for (folder, tree) in trees {
        let path = format!("{folder}/{MANIFEST_PATH}");
        let reading = manifest_of(tree, &mut Sheet::new(&path));
        let Some((code, code_line)) = reading.code else {
            continue;
        };
        let mut sheet = Sheet::new(&path);
        if code.as_str() != folder {
            let what = format!("le dossier s’appelle « {folder} » et le code est « {code} »");
            sheet.add(code_line, what, "donnez au dossier le nom du code");
        }
        if let Some(other) = entries.get(&code) {
            sheet.add(
                code_line,
                format!("le code « {code} » est déjà celui de {}", other.path),
                "donnez à chaque module un code différent",
            );
        } else {
            let prerequisites = reading.prerequisites;
            entries.insert(code, Entry { path, code_line, prerequisites });
        }
        findings.extend(sheet.into_findings());
    }
    findings.extend(unknown_prerequisites(&entries));
    findings.extend(cycles(&entries));
    findings.sort();
    findings
}

fn required(entry: &Entry) -> impl Iterator<Item = (&ModuleCode, u32)> {
    let is_required = |p: &Prerequisite| p.kind == PrerequisiteKind::Required;
    entry
        .prerequisites
        .iter()
        .filter(move |(p, _)| is_required(p))
        .map(|(p, line)| (&p.module, *line))
}

fn unknown_prerequisites(entries: &BTreeMap<ModuleCode, Entry>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in entries.values() {
        let mut sheet = Sheet::new(&entry.path);
        for (module, line) in required(entry).filter(|(module, _)| !entries.contains_key(module)) {
            sheet.add(
                line,
                format!("le prérequis obligatoire « {module} » n’existe pas"),
                "corrigez le code, ou écrivez kind = \"advised\" tant que ce module manque",
            );
        }
        findings.extend(sheet.into_findings());
    }
    findings
}

/// One finding for each circle of required prerequisites, at its first module in code order.
fn cycles(entries: &BTreeMap<ModuleCode, Entry>) -> Vec<Finding> {
    let mut told = BTreeSet::new();
    let mut findings = Vec::new();
    for (code, entry) in entries {
        if told.contains(code) {
            continue;
        }
        let Some(circle) = circle_from(code, entries) else {
            continue;
        };
        let names: Vec<&str> = circle.iter().map(|step| step.as_str()).collect();
        let mut sheet = Sheet::new(&entry.path);
        sheet.add(
            entry.code_line,
            format!("prérequis obligatoires en boucle : {} → {code}", names.join(" → ")),
            "retirez l’un d’eux, ou passez-le à kind = \"advised\"",
        );
        findings.extend(sheet.into_findings());
        told.extend(circle);
    }
    findings
}

/// A shortest circle of required prerequisites that starts and ends at `start`.
fn circle_from<'e>(
    start: &'e ModuleCode,
    entries: &'e BTreeMap<ModuleCode, Entry>,
) -> Option<Vec<&'e ModuleCode>> {
    let mut came_from: BTreeMap<&ModuleCode, &ModuleCode> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(here) = queue.pop_front() {
        let Some(entry) = entries.get(here) else {
            continue;
        };
        for (next, _) in required(entry) {
            if next == start {
                let mut circle = vec![here];
                while let Some(before) = came_from.get(circle[circle.len() - 1]) {
                    circle.push(before);
                }
                circle.reverse();
                return Some(circle);
            }
            if let std::collections::btree_map::Entry::Vacant(slot) = came_from.entry(next) {
                slot.insert(here);
                queue.push_back(next);
            }
        }
    }
    None
}
