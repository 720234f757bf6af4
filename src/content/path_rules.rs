//! What can only be seen of a learning path beside the modules: that they exist, that they come in
//! an order that can be followed, that they are for those whom the path addresses, and that nobody
//! has to follow the path before they may begin it. The same for a file and for the API.

use std::collections::{BTreeMap, BTreeSet};

use super::code::ModuleCode;
use super::fields::nearest;
use super::manifest::{Audience, Prerequisite, PrerequisiteKind};
use super::path::{LearningPath, PathOrder, PathStep};

/// Unknown modules for which a near one is looked for; beyond, the remedy is the plain one.
const MOST_GUESSED: usize = 100;

/// What a path has to know of a module, as far as it could be read.
#[derive(Debug, Clone)]
pub struct KnownModule {
    /// For whom it is written; `None` when that cannot be read.
    pub audiences: Option<Vec<Audience>>,
    /// Who provides it; `None` when that cannot be read.
    pub provider: Option<String>,
    /// What must be completed before it.
    pub required: Vec<Prerequisite>,
}

/// Modules by code.
pub type KnownModules = BTreeMap<ModuleCode, KnownModule>;

/// As much of a path as could be read.
#[derive(Debug, Clone)]
pub struct PathSketch<'p> {
    /// Its code.
    pub code: Option<&'p str>,
    /// For whom it is.
    pub audiences: Option<&'p [Audience]>,
    /// Ordered or free.
    pub order: Option<PathOrder>,
    /// What comes before it.
    pub prerequisites: Vec<&'p Prerequisite>,
    /// Its steps.
    pub steps: Vec<&'p PathStep>,
    /// Whether every step could be read.
    pub complete: bool,
}

impl<'p> From<&'p LearningPath> for PathSketch<'p> {
    fn from(path: &'p LearningPath) -> Self {
        Self {
            code: Some(&path.code),
            audiences: Some(&path.audiences),
            order: Some(path.order),
            prerequisites: path.prerequisites.iter().collect(),
            steps: path.steps.iter().collect(),
            complete: true,
        }
    }
}

/// Where in a path something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathPart {
    /// The path as a whole.
    Whole,
    /// Its code.
    Code,
    /// Its audiences.
    Audiences,
    /// A prerequisite, by rank.
    Prerequisite(usize),
    /// A step, by rank.
    Step(usize),
}

/// Something to mend in a path, in French: its readers are trainers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathFault {
    /// Where.
    pub part: PathPart,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

/// Everything to mend in a path beside `modules`.
#[must_use]
pub fn path_faults(path: &PathSketch<'_>, modules: &KnownModules) -> Vec<PathFault> {
    let mut faults = Faults(Vec::new());
    refuse_code_of_module(path, modules, &mut faults);
    refuse_nothing_mandatory(path, &mut faults);
    refuse_unknown_modules(path, modules, &mut faults);
    refuse_unknown_prerequisites(path, modules, &mut faults);
    refuse_circle(path, modules, &mut faults);
    if path.order == Some(PathOrder::Ordered) {
        refuse_wrong_order(path, modules, &mut faults);
    }
    refuse_unmet_audiences(path, modules, &mut faults);
    faults.0
}

struct Faults(Vec<PathFault>);

impl Faults {
    fn add(&mut self, part: PathPart, what: String, remedy: impl Into<String>) {
        self.0.push(PathFault { part, what, remedy: remedy.into() });
    }
}

/// One code, one thing: people type them into the same box.
fn refuse_code_of_module(path: &PathSketch<'_>, modules: &KnownModules, faults: &mut Faults) {
    if let Some(code) = path.code.filter(|code| modules.keys().any(|m| m.as_str() == *code)) {
        let what = format!("le code « {code} » est déjà celui d’un module");
        faults.add(PathPart::Code, what, "donnez un autre code au parcours");
    }
}

/// A path that asks for nothing would be complete before it is begun.
fn refuse_nothing_mandatory(path: &PathSketch<'_>, faults: &mut Faults) {
    if path.complete && !path.steps.is_empty() && path.steps.iter().all(|step| step.optional) {
        faults.add(
            PathPart::Whole,
            "toutes les étapes du parcours sont facultatives".to_owned(),
            "retirez « optional = true » d’une étape au moins",
        );
    }
}

fn codes<'p>(path: &PathSketch<'p>) -> impl Iterator<Item = &'p ModuleCode> {
    path.steps.iter().flat_map(|step| &step.any_of)
}

fn refuse_unknown_modules(path: &PathSketch<'_>, modules: &KnownModules, faults: &mut Faults) {
    // A module that the path has already is not what was meant.
    let own: BTreeSet<&ModuleCode> = codes(path).collect();
    let others = modules.keys().filter(|module| !own.contains(module));
    let others: Vec<&str> = others.map(ModuleCode::as_str).collect();
    let mut guesses = 0;
    for (rank, step) in path.steps.iter().enumerate() {
        for code in step.any_of.iter().filter(|code| !modules.contains_key(code)) {
            guesses += 1;
            let near = if guesses > MOST_GUESSED { None } else { nearest(code.as_str(), &others) };
            let remedy = near.map_or_else(
                || "corrigez le code, ou retirez-le du parcours".to_owned(),
                |other| format!("vouliez-vous écrire « {other} » ?"),
            );
            faults.add(PathPart::Step(rank), format!("le module « {code} » n’existe pas"), remedy);
        }
    }
}

fn required<'p>(path: &PathSketch<'p>) -> impl Iterator<Item = (usize, &'p Prerequisite)> {
    let all = path.prerequisites.clone().into_iter().enumerate();
    all.filter(|(_, asked)| asked.kind == PrerequisiteKind::Required)
}

fn refuse_unknown_prerequisites(
    path: &PathSketch<'_>,
    modules: &KnownModules,
    faults: &mut Faults,
) {
    for (rank, asked) in required(path) {
        for module in asked.any_of.iter().filter(|code| !modules.contains_key(code)) {
            faults.add(
                PathPart::Prerequisite(rank),
                format!("le préalable obligatoire « {module} » n’existe pas"),
                "corrigez le code, ou écrivez kind = \"advised\" tant que ce module manque",
            );
        }
    }
}

/// Refuses a required prerequisite that leads back into the path: none of its modules can be
/// completed without one of the path's own. As between modules, what is out of reach is the circle.
fn refuse_circle(path: &PathSketch<'_>, modules: &KnownModules, faults: &mut Faults) {
    if required(path).next().is_none() {
        return;
    }
    let own: BTreeSet<&ModuleCode> = codes(path).collect();
    let reached = within_reach(&own, modules);
    // What does not exist is told elsewhere.
    let open = |code: &ModuleCode| reached.contains(code) || !modules.contains_key(code);
    for (rank, asked) in required(path).filter(|(_, asked)| !asked.is_met(open)) {
        let names: Vec<&str> = asked.any_of.iter().map(ModuleCode::as_str).collect();
        faults.add(
            PathPart::Prerequisite(rank),
            format!(
                "le préalable {} ramène au parcours : personne ne pourrait le commencer",
                names.join(" ou ")
            ),
            "retirez ce préalable, ou passez-le à kind = \"advised\"",
        );
    }
}

/// The modules that can be completed one day without any of `own`: the least fixed point.
fn within_reach<'m>(
    own: &BTreeSet<&ModuleCode>,
    modules: &'m KnownModules,
) -> BTreeSet<&'m ModuleCode> {
    let mut reached = BTreeSet::new();
    loop {
        let open = |code: &ModuleCode| {
            reached.contains(code) || (!modules.contains_key(code) && !own.contains(code))
        };
        let next: Vec<&ModuleCode> = modules
            .iter()
            .filter(|(code, known)| {
                !own.contains(code)
                    && !reached.contains(code)
                    && known.required.iter().all(|asked| asked.is_met(open))
            })
            .map(|(code, _)| code)
            .collect();
        if next.is_empty() {
            return reached;
        }
        reached.extend(next);
    }
}

/// Refuses a module that comes before everything of the path that would meet one of its required
/// prerequisites. A prerequisite of which the path has nothing is left to who enrols.
fn refuse_wrong_order(path: &PathSketch<'_>, modules: &KnownModules, faults: &mut Faults) {
    let mut places: BTreeMap<&ModuleCode, usize> = BTreeMap::new();
    for (place, step) in path.steps.iter().enumerate() {
        for code in &step.any_of {
            // Of a module written twice, which is noted, the first.
            places.entry(code).or_insert(place);
        }
    }
    for (place, step) in path.steps.iter().enumerate() {
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
                faults.add(PathPart::Step(place), what, remedy);
            }
        }
    }
}

/// Refuses an audience of the path that none of its modules is written for. Nothing is said while a
/// module cannot be read: it might be the one.
fn refuse_unmet_audiences(path: &PathSketch<'_>, modules: &KnownModules, faults: &mut Faults) {
    let Some(audiences) = path.audiences else { return };
    let of_module = |code| modules.get(code).and_then(|known| known.audiences.as_deref());
    let addressed: Option<Vec<&[Audience]>> = codes(path).map(of_module).collect();
    let Some(addressed) = addressed.filter(|all| path.complete && !all.is_empty()) else { return };
    for audience in audiences {
        if !addressed.iter().any(|module| module.contains(audience)) {
            faults.add(
                PathPart::Audiences,
                format!("aucun module du parcours ne s’adresse au public « {audience} »"),
                "retirez ce public, ou ajoutez un module écrit pour lui",
            );
        }
    }
}
