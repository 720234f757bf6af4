//! Which modules cite what: the latest published version of each, from the database or from the shelf.

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::Deserialize;
use uuid::Uuid;

use super::rules::Citing;
use crate::catalogue::model::{module, module_version};
use crate::catalogue::{Edition, find};
use crate::content::Reference;
use crate::error::Result;

/// What is read of a manifest: the rest may have been of another shape when it was published.
#[derive(Deserialize)]
struct Cites {
    review_by: NaiveDate,
    references: Vec<Reference>,
}

/// The latest version of every module that is published, as recorded: what a transaction decides on.
///
/// # Errors
/// When the database fails, or a manifest cannot be read any more.
pub async fn published(conn: &impl ConnectionTrait) -> Result<Vec<Citing>> {
    let modules = module::Entity::find().all(conn).await?;
    let modules: HashMap<Uuid, module::Model> =
        modules.into_iter().map(|module| (module.id, module)).collect();
    let mut all = Vec::new();
    for version in find::latest_versions(conn).await? {
        // A module that came between the two statements is the next look's.
        let Some(module) = modules.get(&version.module_id) else { continue };
        all.push(of_row(module, version)?);
    }
    all.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(all)
}

/// The same of one module; none while nothing of it is published.
///
/// # Errors
/// As [`published`].
pub(super) async fn of_module(
    conn: &impl ConnectionTrait,
    module: &module::Model,
) -> Result<Option<Citing>> {
    let latest = find::latest(conn, module.id).await?;
    latest.map(|version| of_row(module, version)).transpose()
}

fn of_row(module: &module::Model, version: module_version::Model) -> Result<Citing> {
    let cites: Cites = serde_json::from_value(version.manifest)
        .with_context(|| format!("the manifest of version {}", version.id))?;
    Ok(Citing {
        module_id: module.id,
        provider_id: module.provider_id,
        code: module.code.clone(),
        title: version.title,
        version_id: version.id,
        number: version.number,
        review_by: cites.review_by,
        copies: cites.references,
    })
}

/// The same from the memory of this process.
pub fn of_edition(edition: &Edition) -> Citing {
    let manifest = &edition.content.manifest;
    Citing {
        module_id: edition.module.id,
        provider_id: edition.module.provider_id,
        code: manifest.code.to_string(),
        title: manifest.title.clone(),
        version_id: edition.version.id,
        number: edition.version.number,
        review_by: manifest.review_by,
        copies: manifest.references.clone(),
    }
}
