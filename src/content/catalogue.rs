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
    let mut unread = BTreeSet::new();
    for (folder, tree) in trees {
        let path = format!("{folder}/{MANIFEST_PATH}");
        let reading = manifest_of(tree, &mut Sheet::new(&path));
        let Some((code, code_line)) = reading.code else {
            unread.extend(ModuleCode::parse(folder));
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
    findings.extend(unknown_prerequisites(&entries, &unread));
    findings.extend(cycles(&entries));
    findings.sort();
    findings
}

/// A shortest circle of required prerequisites through one of these modules, which nobody could begin
/// who has completed nothing; none when there is no such circle. A prerequisite that is not among the
/// modules is not in the way. The circle begins with `code`, which is not repeated at its end.
#[must_use]
pub fn circle_through(
    code: &ModuleCode,
    modules: &BTreeMap<ModuleCode, Vec<Prerequisite>>,
) -> Option<Vec<ModuleCode>> {
    let entry = |prerequisites: &Vec<Prerequisite>| Entry {
        path: String::new(),
        code_line: 0,
        prerequisites: prerequisites.iter().map(|one| (one.clone(), 0)).collect(),
    };
    let entries: BTreeMap<ModuleCode, Entry> =
        modules.iter().map(|(code, asked)| (code.clone(), entry(asked))).collect();
    let circle = circle_from(code, &entries, &within_reach(&entries))?;
    Some(circle.into_iter().cloned().collect())
}

fn required(entry: &Entry) -> impl Iterator<Item = &(Prerequisite, u32)> {
    entry.prerequisites.iter().filter(|(p, _)| p.kind == PrerequisiteKind::Required)
}

/// Every alternative must exist: one that does not is a slip of the keyboard more often than a
/// module to come. `unread` are the folders whose code cannot be read: those modules are there.
fn unknown_prerequisites(
    entries: &BTreeMap<ModuleCode, Entry>,
    unread: &BTreeSet<ModuleCode>,
) -> Vec<Finding> {
    let missing = |code: &&ModuleCode| !entries.contains_key(*code) && !unread.contains(*code);
    let mut findings = Vec::new();
    for entry in entries.values() {
        let mut sheet = Sheet::new(&entry.path);
        for (prerequisite, line) in required(entry) {
            for module in prerequisite.any_of.iter().filter(missing) {
                sheet.add(
                    *line,
                    format!("le prérequis obligatoire « {module} » n’existe pas"),
                    "corrigez le code, ou écrivez kind = \"advised\" tant que ce module manque",
                );
            }
        }
        findings.extend(sheet.into_findings());
    }
    findings
}

/// The modules that somebody who has completed nothing can reach one day.
///
/// A module is within reach once each of its required prerequisites has an alternative that is; the
/// set grows until nothing more comes in. A module that does not exist is not in the way here: it is
/// told elsewhere.
fn within_reach(entries: &BTreeMap<ModuleCode, Entry>) -> BTreeSet<&ModuleCode> {
    let mut reached = BTreeSet::new();
    loop {
        let open = |code: &ModuleCode| reached.contains(code) || !entries.contains_key(code);
        let next: Vec<&ModuleCode> = entries
            .iter()
            .filter(|(code, entry)| {
                !reached.contains(code) && required(entry).all(|(p, _)| p.is_met(open))
            })
            .map(|(code, _)| code)
            .collect();
        if next.is_empty() {
            return reached;
        }
        reached.extend(next);
    }
}

/// One finding for each circle of required prerequisites, at its first module in code order.
///
/// With alternatives, there is a circle where every alternative leads back: some modules are then out
/// of everybody's reach. Each of them has a prerequisite none of whose alternatives is within reach;
/// following those leads round.
fn cycles(entries: &BTreeMap<ModuleCode, Entry>) -> Vec<Finding> {
    let reached = within_reach(entries);
    let mut told = BTreeSet::new();
    let mut findings = Vec::new();
    for (code, entry) in entries {
        if told.contains(code) {
            continue;
        }
        let Some(circle) = circle_from(code, entries, &reached) else {
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

/// A shortest circle, out of reach, of required prerequisites that starts and ends at `start`.
fn circle_from<'e>(
    start: &'e ModuleCode,
    entries: &'e BTreeMap<ModuleCode, Entry>,
    reached: &BTreeSet<&ModuleCode>,
) -> Option<Vec<&'e ModuleCode>> {
    let mut came_from: BTreeMap<&ModuleCode, &ModuleCode> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(here) = queue.pop_front() {
        let Some(entry) = entries.get(here) else {
            continue;
        };
        let open = |code: &ModuleCode| reached.contains(code) || !entries.contains_key(code);
        let blocked = required(entry).filter(|(p, _)| !p.is_met(open));
        for next in blocked.flat_map(|(p, _)| &p.any_of) {
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
