//! A path edition: one version of a path with all that showing it needs.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::Context as _;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::catalogue::model::{path, path_version};
use crate::catalogue::{Edition, edition};
use crate::content::{LearningPath, ModuleCode};
use crate::error::{Reason, Result};
use crate::territory::model::organisation;

/// One version of a path, immutable.
#[derive(Clone, Debug)]
pub struct PathEdition {
    /// The path.
    pub path: path::Model,
    /// The version.
    pub version: path_version::Model,
    /// The organisation that provides the path.
    pub provider: organisation::Model,
    /// What the version says.
    pub content: LearningPath,
}

impl PathEdition {
    /// Whether each mandatory step has a published module.
    pub(in crate::catalogue) fn can_be_followed(
        &self,
        published: &BTreeMap<ModuleCode, Arc<Edition>>,
    ) -> bool {
        let offered = |code: &ModuleCode| published.contains_key(code);
        self.content.steps.iter().all(|step| step.optional || step.any_of.iter().any(offered))
    }
}

/// The editions of some versions, in no order; three statements, however many there are.
///
/// # Errors
/// An internal error when what is kept cannot be read any more.
pub(super) async fn load(
    conn: &impl ConnectionTrait,
    versions: Vec<path_version::Model>,
) -> Result<Vec<Arc<PathEdition>>> {
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    let paths = path::Entity::find()
        .filter(path::COLUMN.id.is_in(versions.iter().map(|version| version.path_id)))
        .all(conn)
        .await?;
    let providers = edition::organisations(conn, paths.iter().map(|path| path.provider_id)).await?;
    let paths: HashMap<Uuid, path::Model> = paths.into_iter().map(|path| (path.id, path)).collect();
    versions
        .into_iter()
        .map(|mut version| {
            let content = serde_json::from_value(version.manifest.take())
                .with_context(|| format!("path version {} cannot be read", version.id))?;
            let path = paths.get(&version.path_id).ok_or(Reason::Internal)?.clone();
            let provider = providers.get(&path.provider_id).ok_or(Reason::Internal)?.clone();
            Ok(Arc::new(PathEdition { path, version, provider, content }))
        })
        .collect()
}
