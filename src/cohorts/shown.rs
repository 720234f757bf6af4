//! What invitations are about, in the words of whoever reads them.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::model::enrolment_invitation::Model;
use crate::catalogue::model::{module, module_version, path, path_version};
use crate::error::Result;
use crate::territory::model::organisation;

/// What an invitation is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Name of the organisation that invites.
    pub organisation: String,
    /// Code of the module.
    pub module: Option<String>,
    /// Code of the path.
    pub path: Option<String>,
    /// Title of either, in its latest version.
    pub title: String,
}

/// What each of these invitations is about, by its id: as many statements, however many there are.
///
/// # Errors
/// When the database fails.
pub async fn named(conn: &impl ConnectionTrait, rows: &[Model]) -> Result<HashMap<Uuid, Named>> {
    let organisations = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(rows.iter().map(|row| row.organisation_id)))
        .all(conn)
        .await?;
    let organisations: HashMap<Uuid, String> =
        organisations.into_iter().map(|o| (o.id, o.name)).collect();
    let modules = modules(conn, rows).await?;
    let paths = paths(conn, rows).await?;
    let named = |row: &Model| {
        let module = row.module_id.and_then(|id| modules.get(&id));
        let path = row.path_id.and_then(|id| paths.get(&id));
        let title = module.or(path).map(|(_, title)| title.clone()).unwrap_or_default();
        let code = |found: Option<&(String, String)>| found.map(|(code, _)| code.clone());
        let organisation = organisations.get(&row.organisation_id).cloned().unwrap_or_default();
        (row.id, Named { organisation, module: code(module), path: code(path), title })
    };
    Ok(rows.iter().map(named).collect())
}

type Titles = HashMap<Uuid, (String, String)>;

async fn modules(conn: &impl ConnectionTrait, rows: &[Model]) -> Result<Titles> {
    let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.module_id).collect();
    if ids.is_empty() {
        return Ok(Titles::new());
    }
    let codes = module::Entity::find().filter(module::Column::Id.is_in(ids.clone())).all(conn);
    let codes: HashMap<Uuid, String> = codes.await?.into_iter().map(|m| (m.id, m.code)).collect();
    let versions = module_version::Entity::find()
        .filter(module_version::Column::ModuleId.is_in(ids))
        .order_by_asc(module_version::Column::Number)
        .all(conn)
        .await?;
    let titled = versions.into_iter();
    Ok(titled
        .filter_map(|v| Some((v.module_id, (codes.get(&v.module_id)?.clone(), v.title))))
        .collect())
}

async fn paths(conn: &impl ConnectionTrait, rows: &[Model]) -> Result<Titles> {
    let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.path_id).collect();
    if ids.is_empty() {
        return Ok(Titles::new());
    }
    let codes = path::Entity::find().filter(path::Column::Id.is_in(ids.clone())).all(conn);
    let codes: HashMap<Uuid, String> = codes.await?.into_iter().map(|p| (p.id, p.code)).collect();
    let versions = path_version::Entity::find()
        .filter(path_version::Column::PathId.is_in(ids))
        .order_by_asc(path_version::Column::Number)
        .all(conn)
        .await?;
    let titled = versions.into_iter();
    Ok(titled
        .filter_map(|v| Some((v.path_id, (codes.get(&v.path_id)?.clone(), v.title))))
        .collect())
}
