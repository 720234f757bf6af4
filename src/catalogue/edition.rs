//! An edition: one published version with all that serving it needs, read once.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use anyhow::anyhow;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::model::{module, module_version};
use super::store;
use crate::content::{self, ModuleCode};
use crate::error::{Reason, Result};
use crate::providers::model::provider;
use crate::territory::model::organisation;
use crate::text;

/// One published version of a module, immutable.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The module.
    pub module: module::Model,
    /// The version.
    pub version: module_version::Model,
    /// The organisation that provides the module.
    pub provider: organisation::Model,
    /// What the version's files say.
    pub content: Arc<content::Module>,
    searched: OnceLock<String>,
}

impl Edition {
    /// The module's code.
    pub fn code(&self) -> &ModuleCode {
        &self.content.manifest.code
    }

    /// Code, title, summary and objectives, folded: what a search looks into.
    pub(super) fn searched(&self) -> &str {
        let manifest = &self.content.manifest;
        self.searched.get_or_init(|| {
            let objectives = manifest.objectives.iter().map(String::as_str);
            let texts = [manifest.code.as_str(), &manifest.title, &manifest.summary];
            text::folded(&texts.into_iter().chain(objectives).collect::<Vec<_>>().join("\n"))
        })
    }

    pub(super) fn new(
        module: module::Model,
        version: module_version::Model,
        provider: organisation::Model,
        content: content::Module,
    ) -> Self {
        let content = Arc::new(content);
        Self { module, version, provider, content, searched: OnceLock::new() }
    }
}

/// Reads the editions of some versions, in their order; the number of statements does not depend on
/// how many there are.
///
/// # Errors
/// An internal error when what is kept is not what was published, or cannot be read any more; a rule
/// that came after the publication is not enough for that.
pub(super) async fn load(
    conn: &impl ConnectionTrait,
    versions: Vec<module_version::Model>,
) -> Result<Vec<Arc<Edition>>> {
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    let mut trees = store::version_trees(conn, &versions).await?;
    let modules = modules(conn, versions.iter().map(|v| v.module_id)).await?;
    let organisations = organisations(conn, modules.values().map(|m| m.provider_id)).await?;
    versions
        .into_iter()
        .map(|mut version| {
            // The files say it all, and are what is believed: twice in memory would be once too many.
            version.manifest = serde_json::Value::Null;
            let tree = trees.remove(&version.id).ok_or(Reason::Internal)?;
            let content = content::recall(&tree).map_err(|findings| {
                let first = findings.first().map(ToString::to_string).unwrap_or_default();
                anyhow!("version {} cannot be read any more: {first}", version.id)
            })?;
            let module = modules.get(&version.module_id).ok_or(Reason::Internal)?.clone();
            let provider = organisations.get(&module.provider_id).ok_or(Reason::Internal)?.clone();
            Ok(Arc::new(Edition::new(module, version, provider, content)))
        })
        .collect()
}

async fn modules(
    conn: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, module::Model>> {
    let rows = module::Entity::find().filter(module::COLUMN.id.is_in(ids)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The organisation behind each provider, by provider id.
pub(super) async fn organisations(
    conn: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, organisation::Model>> {
    let providers =
        provider::Entity::find().filter(provider::COLUMN.id.is_in(ids)).all(conn).await?;
    let rows = organisation::Entity::find()
        .filter(organisation::COLUMN.id.is_in(providers.iter().map(|p| p.organisation_id)))
        .all(conn)
        .await?;
    let by_id: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let named = providers.into_iter().filter_map(|p| Some((p.id, by_id.get(&p.organisation_id)?)));
    Ok(named.map(|(id, organisation)| (id, organisation.clone())).collect())
}
