//! What a module requires first, held against what is published.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;
use serde::Deserialize as _;

use crate::catalogue::find;
use crate::content::{self, Module, ModuleCode, Prerequisite, PrerequisiteKind};
use crate::error::Result;

/// What stands in the way of somebody who would begin with nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Required {
    /// Modules one of which must be completed first, where none is published.
    pub(super) unknown: Vec<ModuleCode>,
    /// A circle that the module would close.
    pub(super) circle: Option<Vec<ModuleCode>>,
}

/// Looks at what a module requires; asks nothing when it requires nothing.
pub(super) async fn look(conn: &impl ConnectionTrait, module: Option<&Module>) -> Result<Required> {
    let Some(manifest) = module.map(|module| &module.manifest) else {
        return Ok(Required::default());
    };
    let required = || manifest.prerequisites.iter().filter(|p| is_required(p));
    if required().next().is_none() {
        return Ok(Required::default());
    }
    let codes: Vec<ModuleCode> = required().flat_map(|p| &p.any_of).cloned().collect();
    let published = find::published_codes(conn, &codes).await?;
    let unmet = required().filter(|p| !p.is_met(|code| published.contains(code.as_str())));
    let unknown = unmet.flat_map(|p| p.any_of.clone()).collect();
    let mut modules: BTreeMap<ModuleCode, Vec<Prerequisite>> = BTreeMap::new();
    for (code, manifest) in find::latest_manifests(conn).await? {
        // What an older program published and this one does not understand is in nobody's way.
        let Ok(code) = ModuleCode::parse(&code) else { continue };
        let asked = manifest.get("prerequisites").map(Vec::deserialize);
        modules.insert(code, asked.and_then(Result::ok).unwrap_or_default());
    }
    modules.insert(manifest.code.clone(), manifest.prerequisites.clone());
    Ok(Required { unknown, circle: content::circle_through(&manifest.code, &modules) })
}

fn is_required(prerequisite: &&Prerequisite) -> bool {
    prerequisite.kind == PrerequisiteKind::Required
}
