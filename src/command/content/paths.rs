//! `maitrise content paths`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::say::say;
use super::{Format, Place, refused};
use crate::content::{
    self, Audience, Finding, LearningPath, Manifest, Minutes, ModuleCode, PathOrder, PathStep,
    Prerequisite, PrerequisiteKind,
};

/// Which paths are listed, and how.
#[derive(Debug, Args)]
pub(in crate::command) struct PathsArgs {
    /// Folder that holds `modules/` and `paths.toml` (default: the content in this binary)
    dir: Option<PathBuf>,
    /// For people, or for a program: one array of paths
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

type Manifests = BTreeMap<ModuleCode, Manifest>;

impl PathsArgs {
    /// Prints every path; refuses, with what is to mend, when one of them cannot be told truly.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let (paths, manifests) = read(&Place(self.dir.as_ref()))?;
        match self.format {
            Format::Json => {
                let paths: Vec<Value> = paths.iter().map(|path| listed(path, &manifests)).collect();
                say(serde_json::to_string_pretty(&paths)?)?;
            }
            Format::Text if paths.is_empty() => say("aucun parcours")?,
            Format::Text => {
                let told: Vec<String> = paths.iter().map(|path| told(path, &manifests)).collect();
                say(told.join("\n").trim_end())?;
            }
        }
        Ok(())
    }
}

/// The paths, and the manifests of the modules that they name; none without `paths.toml`.
fn read(place: &Place<'_>) -> anyhow::Result<(Vec<LearningPath>, Manifests)> {
    let Some(bytes) = place.shared()?.paths else {
        return Ok(Default::default());
    };
    let (folders, unreadable) = place.folders()?;
    let (paths, of_paths) = content::read_paths(&bytes, &folders);
    let mut faults: Vec<Finding> =
        unreadable.into_iter().map(|finding| place.of_module(finding)).collect();
    faults.extend(of_paths.into_iter().map(|finding| place.of_shared(finding)));
    let steps = || paths.iter().flat_map(|path| &path.steps);
    let mut manifests = Manifests::new();
    for (folder, tree) in &folders {
        if !steps().any(|step| step.any_of.iter().any(|code| code.as_str() == folder)) {
            continue;
        }
        match content::recall(tree) {
            Ok(module) => {
                manifests.insert(module.manifest.code.clone(), module.manifest);
            }
            Err(found) => faults
                .extend(found.into_iter().map(|finding| place.of_module(finding.within(folder)))),
        }
    }
    if faults.is_empty() { Ok((paths, manifests)) } else { Err(refused(&faults)) }
}

/// The announced minutes of each module.
fn announced(manifests: &Manifests) -> impl Fn(&ModuleCode) -> u32 {
    |code| manifests.get(code).map_or(0, |manifest| manifest.duration_minutes)
}

/// A path for a program.
fn listed(path: &LearningPath, manifests: &Manifests) -> Value {
    let module = |code: &ModuleCode| {
        let title = manifests.get(code).map(|manifest| &manifest.title);
        json!({ "code": code, "title": title, "minutes": announced(manifests)(code) })
    };
    let step = |step: &PathStep| {
        let any_of: Vec<Value> = step.any_of.iter().map(module).collect();
        json!({
            "any_of": any_of,
            "optional": step.optional,
            "minutes": step.minutes(announced(manifests)),
        })
    };
    json!({
        "code": path.code,
        "title": path.title,
        "summary": path.summary,
        "provider": path.provider,
        "audiences": path.audiences,
        "outcomes": path.outcomes,
        "order": path.order,
        "prerequisites": path.prerequisites,
        "steps": path.steps.iter().map(step).collect::<Vec<_>>(),
        "minutes": path.minutes(announced(manifests)),
    })
}

/// A path for people: who it is for, its modules in a table, what it leads to.
fn told(path: &LearningPath, manifests: &Manifests) -> String {
    let audiences: Vec<&str> = path.audiences.iter().map(|&one| plural(one)).collect();
    let order = match path.order {
        PathOrder::Ordered => "dans cet ordre",
        PathOrder::Free => "dans l’ordre de son choix",
    };
    let mut text = format!("{} : {}\n", path.code, path.title);
    text += &format!("  pour : {} ; {order}\n", audiences.join(", "));
    for asked in &path.prerequisites {
        text += &format!("  {}\n", before(asked));
    }
    text += "\n";
    let minutes = path.minutes(announced(manifests));
    let sums = [
        ("total", minutes.total),
        ("obligatoire", minutes.required),
        ("facultatif", minutes.optional),
    ];
    let codes = path.steps.iter().flat_map(|step| &step.any_of).map(ModuleCode::as_str);
    let names = codes.chain(sums.iter().map(|(name, _)| *name));
    let wide = names.map(str::len).max().unwrap_or(0);
    for step in &path.steps {
        for (nth, code) in step.any_of.iter().enumerate() {
            let title = manifests.get(code).map_or("", |manifest| &manifest.title);
            let or = if nth == 0 { "  " } else { "ou" };
            let optional = if step.optional { " (facultatif)" } else { "" };
            let (code, minutes) = (code.as_str(), announced(manifests)(code));
            text += &format!("  {or} {code:<wide$} {minutes:>7} min  {title}{optional}\n");
        }
    }
    for (name, sum) in sums {
        text += &format!("     {name:<wide$} {:>7} min\n", range(sum));
    }
    text += "\n  à la fin :\n";
    for outcome in &path.outcomes {
        text += &format!("  - {outcome}\n");
    }
    text
}

fn before(asked: &Prerequisite) -> String {
    let codes: Vec<&str> = asked.any_of.iter().map(ModuleCode::as_str).collect();
    let strength = match asked.kind {
        PrerequisiteKind::Required => "à achever avant",
        PrerequisiteKind::Advised => "conseillé avant",
    };
    format!("{strength} : {}", codes.join(" ou "))
}

fn plural(audience: Audience) -> &'static str {
    match audience {
        Audience::Elu => "élus",
        Audience::Agent => "agents",
        Audience::Cadre => "cadres",
    }
}

fn range(Minutes { least, most }: Minutes) -> String {
    if least == most { least.to_string() } else { format!("{least}-{most}") }
}
